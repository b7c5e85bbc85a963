/**
 * Scenario B with shorter waits: the files of `runbooks/` with a few of their numbers changed, so that what is
 * attacked stays the real thing and a run takes half a minute.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

type Path = (string | number)[];
type Change = [path: Path, was: string, now: string];

/** Probes every second: the load balancer notices in a fifth of the time, and everything after it follows. */
const shorter: Change[] = [
  [['objective', 'rto'], '60s', '20s'],
  [['objective', 'settle'], '10s', '3s'],
];
const PROBE = { interval: '1s' };

/** @returns Path of the shortened scenario-b in `folder`. */
export function shortScenario(folder: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync('runbooks/manifests', join(folder, 'manifests'), { recursive: true });
  const loss = document('scenario-b');
  for (const [path, was, now] of shorter) {
    if (loss.getIn(path) !== was) throw new Error(`scenario-b: ${path.join('.')} is no longer ${was}`);
    loss.setIn(path, now);
  }
  const base = document('scenario-a');
  const setup = base.toJS().setup as { uses: string }[];
  const balanced = setup.findIndex((step) => step.uses === 'glb/ensure');
  base.setIn(['setup', balanced, 'with'], { probe: PROBE });
  writeFileSync(join(folder, 'scenario-a.yaml'), String(base));
  const path = join(folder, 'scenario-b.yaml');
  writeFileSync(path, String(loss));
  return path;
}

function document(name: string) {
  return parseDocument(readFileSync(join('runbooks', `${name}.yaml`), 'utf8'));
}

/** Pods that start in 0.3 s instead of the measured 2 s. */
export const shortSettings = { podStartMs: 300 };
