/** A health probe as Front Door sends it: only a 200 passes. */
import { Agent, request } from 'undici';
import type { Delivery, Origin } from './delivery.ts';
import type { Probe } from './pop.ts';

/** Source: Azure Front Door, "Health probes"; origins tell probes from users by this header. */
export const PROBE_HEADER = 'x-fd-healthprobe';

export interface ProbeSender {
  probe: Probe;
  close(): Promise<void>;
}

export function createProbe(timeoutMs: number): ProbeSender {
  const agent = new Agent({ pipelining: 0, connect: { timeout: timeoutMs } });
  async function probe(origin: Origin, delivery: Delivery) {
    const startedMs = performance.now();
    const passed = await passes(origin, delivery).catch(() => false);
    return { passed, tookMs: performance.now() - startedMs };
  }
  async function passes(origin: Origin, { probe: { method, path } }: Delivery): Promise<boolean> {
    const answer = await request(`http://${origin.host}:${origin.port}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        host: origin.hostHeader || origin.host,
        'user-agent': 'Edge Health Probe',
        [PROBE_HEADER]: '1',
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump();
    return answer.statusCode === 200;
  }
  return { probe, close: () => agent.destroy() };
}
