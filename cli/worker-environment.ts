/** Where a worker in the foreground finds its server: the given one, or the embedded one, started for it. */
import { openSession } from './temporal/session.ts';

export async function workerEnvironment(say: (text: string) => void): Promise<Record<string, string>> {
  const session = await openSession({ processes: 'server', say });
  await session.close();
  return session.embedded ? { TEMPORAL_ADDRESS: session.address } : {};
}
