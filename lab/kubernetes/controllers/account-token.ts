/** serviceaccount-token: fills the Secrets that ask for a service account's token. */
import type { Tokens } from '../tokens.ts';
import { type Cluster, type Controller, keyOf, keysOf, parseKey } from './controller.ts';

const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

export function accountTokenController({ store }: Cluster, tokens: Tokens): Controller {
  return {
    name: 'serviceaccount-token',
    all: () => keysOf(store, 'core/secrets'),
    *wakes({ resource, object }) {
      if (resource === 'core/secrets') yield keyOf(object);
      if (resource === 'core/serviceaccounts') yield* keysOf(store, 'core/secrets');
    },
    reconcile(key) {
      const secret = store.get('core/secrets', ...parseKey(key));
      if (secret?.type !== TYPE) return undefined;
      const { namespace, name, annotations } = secret.metadata;
      const account = store.get('core/serviceaccounts', namespace, annotations?.[ACCOUNT] ?? '');
      if (account === undefined) {
        if (annotations?.[UID]) store.remove('core/secrets', namespace, name);
        return undefined;
      }
      if (secret.data?.token) return undefined;
      const encode = (text: string) => Buffer.from(text).toString('base64');
      store.update('core/secrets', namespace, name, (draft) => {
        draft.metadata.annotations = { ...annotations, [UID]: account.metadata.uid as string };
        draft.data = {
          ...draft.data,
          token: encode(tokens.issue(account, { secret: name })),
          namespace: encode(namespace as string),
          'ca.crt': encode(''),
        };
      });
      return undefined;
    },
  };
}
