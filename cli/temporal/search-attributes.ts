/** Our search attributes on a server that is not ours: registered when missing and when we may. */
import proto from '@temporalio/proto';
import { searchAttributes } from './dev-server.ts';
import type { Session } from './session.ts';

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** Whether a run may set them. The embedded server is started with them. */
export async function haveSearchAttributes(session: Session, say: (text: string) => void): Promise<boolean> {
  if (session.embedded) return true;
  const { operatorService } = session.connection;
  const { namespace } = session;
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = searchAttributes.filter((name) => customAttributes[name] === undefined);
    if (missing.length > 0)
      await operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
      });
    return true;
  } catch (error) {
    say(
      `the search attributes ${searchAttributes.join(', ')} cannot be registered on ${session.address} ` +
        `(${(error as Error).message}): going on without them`,
    );
    return false;
  }
}
