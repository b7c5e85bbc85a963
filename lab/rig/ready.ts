/** Whether a component of the rig is ready: its own word, by HTTP. */
import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';

/** Paths of PEM files. */
export interface ProbeTrust {
  authority: string;
  certificate: string;
  key: string;
}

const ANSWER_WITHIN_MS = 2000;

/** True when `url` answers 200. */
export function asked(url: string, trust?: ProbeTrust): (signal: AbortSignal) => Promise<boolean> {
  return async (signal) => {
    const dispatcher = trust && agentOf(trust);
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      const answer = await fetch(url, { signal: within, ...(dispatcher && { dispatcher }) });
      await answer.arrayBuffer();
      return answer.ok;
    } finally {
      await dispatcher?.destroy();
    }
  };
}

function agentOf({ authority, certificate, key }: ProbeTrust): Agent {
  const [ca, cert, privateKey] = [authority, certificate, key].map((file) => readFileSync(file, 'utf8'));
  return new Agent({ connect: { ca: ca!, cert: cert!, key: privateKey! } });
}
