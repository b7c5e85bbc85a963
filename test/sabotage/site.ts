/** A lab to sabotage, and what a person, an autoscaler or bad luck can do to it. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { RESOURCE_GROUP, SUBSCRIPTION } from '../../lab/front-door/start.ts';
import type { Conclusion } from '../../workflows/protocol.ts';
import { type Checkout, checkoutIn } from '../outside/checkout.ts';
import { NAMELESS_FLEET, writeQuickened } from './quickened.ts';

/** The longest drill takes a third of this. */
const ENDS_WITHIN_MS = 300_000;
const STARTS_WITHIN_MS = 60_000;

/** What a drill answered, and how it exited. */
export interface Ended extends Conclusion {
  run: string;
  exitCode: number | undefined;
}

export type Moment = [line: RegExp, act: (site: Site) => Promise<unknown>];

export interface Site {
  checkout: Checkout;
  /** Sets a fault of the lab. Returns how to take it away. */
  fault(kind: string, target: string, options?: object): Promise<() => Promise<unknown>>;
  /** A request to a cluster's API as its administrator; PATCH is a merge patch. */
  kube<T>(cluster: string, method: string, path: string, body?: object): Promise<T>;
  /** An operator's PATCH of a resource under the Front Door profile. */
  frontDoor(path: string, properties: object): Promise<void>;
  /** Lets the traffic worker stand for `standMs` and run for `runMs`, so many times. */
  starveTraffic(standMs: number, runMs: number, times: number): Promise<void>;
  /** Keeps the lab's memory; `recall` starts a lab that has it. */
  remember(): Promise<void>;
  recall(): Promise<void>;
  /** Runs a drill to its end, and each act when the live view says its line, one after the other. */
  drill(runbook: string, flags: string[], moments?: Moment[]): Promise<Ended>;
  close(): Promise<void>;
}

export async function openSite(folder: string): Promise<Site> {
  rmSync(folder, { recursive: true, force: true });
  const checkout = checkoutIn(folder);
  const home = join(folder, 'home');
  const read = (file: string) => readFileSync(join(home, file), 'utf8').trim();
  const lab = (verb: string) => checkout.ask(STARTS_WITHIN_MS, 'lab', verb);
  writeQuickened(join(folder, 'runbooks'));
  await lab('up');

  const site: Site = {
    checkout,
    async fault(kind, target, options = {}) {
      const { id } = await checkout.lab<{ id: string }>('POST', '/faults', { kind, target, options });
      return () => checkout.lab('DELETE', `/faults/${id}`);
    },
    kube(cluster, method, path, body) {
      const { server, token } = credentials(read('lab/kubeconfig'), cluster);
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      return asked(`${server}${path}`, method, token, type, body);
    },
    async frontDoor(path, properties) {
      const profile = `subscriptions/${SUBSCRIPTION}/resourceGroups/${RESOURCE_GROUP}/providers/Microsoft.Cdn/profiles/fd-profile`;
      const url = `${read('lab/management.url')}${profile}/${path}?api-version=2024-02-01`;
      await asked(url, 'PATCH', read('lab/azure.token'), 'application/json', { properties });
    },
    async starveTraffic(standMs, runMs, times) {
      const { pid } = JSON.parse(read('processes/traffic.json')) as { pid: number };
      for (let n = 0; n < times; n += 1) {
        process.kill(pid, 'SIGSTOP');
        await sleep(standMs);
        process.kill(pid, 'SIGCONT');
        await sleep(runMs);
      }
    },
    async remember() {
      await lab('down');
      cpSync(join(home, 'lab'), join(folder, 'remembered'), { recursive: true });
    },
    async recall() {
      await lab('down');
      rmSync(join(home, 'lab'), { recursive: true });
      cpSync(join(folder, 'remembered'), join(home, 'lab'), { recursive: true });
      await lab('up');
    },
    async drill(runbook, flags, moments = []) {
      const path = join(folder, 'runbooks', `${runbook}.yaml`);
      const own = flags.map((flag) => (flag === NAMELESS_FLEET ? join(folder, 'runbooks', flag) : flag));
      const command = checkout.firedrill('start', path, ...own, '--keep', '--json');
      const late = setTimeout(() => command.child.kill('SIGKILL'), ENDS_WITHIN_MS);
      for (const [line, act] of moments) {
        if ((await command.says(line)) === undefined) break;
        await act(site);
      }
      const { code, stdout, stderr } = await command.ended;
      clearTimeout(late);
      if (stdout === '') throw new Error(`it came to no end:\n${stderr.slice(-1_000)}`);
      return { ...(JSON.parse(stdout) as Conclusion & { run: string }), exitCode: code };
    },
    async close() {
      await checkout.ask(STARTS_WITHIN_MS, 'down', '--force');
    },
  };
  return site;
}

async function asked<T>(url: string, method: string, token: string, type: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

interface Kubeconfig {
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: { server: string } }[];
  users: { name: string; user: { token: string } }[];
}

function credentials(kubeconfig: string, cluster: string): { server: string; token: string } {
  const { contexts, clusters, users } = parse(kubeconfig) as Kubeconfig;
  const named = <T extends { name: string }>(list: T[], name: string) =>
    list.find((one) => one.name === name)!;
  const { context } = named(contexts, cluster);
  return {
    server: named(clusters, context.cluster).cluster.server,
    token: named(users, context.user).user.token,
  };
}
