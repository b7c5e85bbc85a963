/** A fleet file and the kubeconfigs that it names, on disk, one for each member. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../../activities/ports/ports.ts';
import { registry } from '../../activities/registry.ts';
import { openPorts } from '../../adapters/open.ts';
import { livePreflight } from '../../cli/plan/live.ts';
import { compile } from '../../dsl/compile.ts';
import { parseFleet } from '../../dsl/fleet-file.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';

/** As they stand in a kubeconfig; `context` is what the fleet file says. */
export interface Access {
  cluster: { server: string } & Record<string, unknown>;
  user?: Record<string, unknown>;
  context?: string;
  /** Instead of all: the text of the kubeconfig, or nothing for a file that is not there. */
  text?: string | undefined;
}

export interface BadFleet {
  folder: string;
  /** What `plan --live` finds. */
  preflight(): Promise<PreflightFinding[]>;
  ports(): Ports;
  /** As somebody who renews a credential would. */
  write(member: string, access: Access): void;
  close(): void;
}

export function writeFleet(members: Record<string, Access>): BadFleet {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-access-'));
  const fileOf = (member: string) => join(folder, member, 'config');
  const write = (member: string, access: Access) => {
    mkdirSync(join(folder, member), { recursive: true });
    const text = 'text' in access ? access.text : kubeconfig(access);
    if (text !== undefined) writeFileSync(fileOf(member), text);
  };
  for (const [member, access] of Object.entries(members)) write(member, access);
  const fleetFile = {
    name: 'bad',
    tier: 'fleet',
    production: false,
    members: Object.fromEntries(
      Object.entries(members).map(([name, { context = 'drill' }]) => [
        name,
        {
          kubeconfig: fileOf(name),
          context,
          entry: { url: 'http://127.0.0.1:1', host: 'hello.example.com' },
        },
      ]),
    ),
  };
  const plan = planOf(join(folder, 'fleet.yaml'), JSON.stringify(fleetFile));
  return {
    folder,
    write,
    preflight: () => livePreflight(plan),
    ports: () => openPorts(plan.fleet),
    close: () => rmSync(folder, { recursive: true }),
  };
}

function kubeconfig({ cluster, user = {} }: Access): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'drill',
    clusters: [{ name: 'there', cluster }],
    users: [{ name: 'someone', user }],
    contexts: [{ name: 'drill', context: { cluster: 'there', user: 'someone' } }],
  });
}

/** A step that looks for itself in preflight is in it, for every member. */
function planOf(file: string, text: string) {
  const { fleet, problems } = parseFleet(file, text);
  if (fleet === undefined) throw new Error(JSON.stringify(problems));
  const steps = Object.keys(fleet.members).map((cluster) => ({
    uses: 'kubernetes/drain',
    with: { cluster },
  }));
  const { plan, problems: wrong } = compile({
    file: 'bad.yaml',
    text: JSON.stringify({ name: 'bad', steps }),
    fleet,
    inputs: {},
    catalogue: new Map(registry.map((kind) => [kind.name, kind])),
    read: () => '',
  });
  if (plan === undefined) throw new Error(JSON.stringify(wrong));
  return plan;
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A JWT nobody signed. */
export function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.nobody`;
}
