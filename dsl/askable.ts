/** Whose API a drill can ask. Apart from the fleet's schema, because expressions in a workflow need it, too. */
import type { Fleet, Member } from './fleet.ts';

/** Nothing but its own agent reaches its API: what it does is known by the federation's report only. */
export const isByReport = ({ mode, kubeconfig, context, inCluster, server }: Member): boolean =>
  mode === 'pull' && [kubeconfig, context, inCluster, server].every((way) => way === undefined);

/** Members whose own API can be asked. */
export const askableMembers = ({ members }: Pick<Fleet, 'members'>): string[] =>
  Object.keys(members).filter((name) => !isByReport(members[name]!));
