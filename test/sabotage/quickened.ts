/** The drills of `runbooks/` with shorter patience, so that the matrix takes minutes and not hours; and two more. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Failover waits four seconds, still twice as long as a pod starts. */
const shorter: [was: RegExp, now: string][] = [
  [/\brto: 60s/, 'rto: 30s'],
  [/timeout: (45|60)s/g, 'timeout: 25s'],
  [/timeout: 2m/g, 'timeout: 45s'],
  [/timeout: 3m/g, 'timeout: 60s'],
  [/tolerationSeconds: 10/g, 'tolerationSeconds: 4'],
];

export function writeQuickened(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync('runbooks', folder, { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.yaml'),
  )) {
    const path = join(folder, name);
    writeFileSync(
      path,
      shorter.reduce((text, [was, now]) => text.replace(was, now), readFileSync(path, 'utf8')),
    );
  }
  writeVariants(folder);
}

/** A fleet file whose identity header no entry point sets. */
export const NAMELESS_FLEET = 'nameless.yaml';
/** Scenario B, allowed to hit one namespace; there are more on the victim. */
export const GUARDED = 'scenario-b-guarded';

function writeVariants(folder: string): void {
  const fleet = readFileSync('fleets/lab.yaml', 'utf8');
  writeFileSync(join(folder, NAMELESS_FLEET), fleet.replace('x-routed-cluster', 'x-nobody'));
  const loss = readFileSync(join(folder, 'scenario-b.yaml'), 'utf8');
  writeFileSync(
    join(folder, `${GUARDED}.yaml`),
    loss
      .replace('name: scenario-b', `name: ${GUARDED}`)
      .replace('guard:\n', 'guard:\n  blast: { namespaces: 1 }\n'),
  );
}
