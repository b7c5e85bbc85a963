/** How a fleet file's plane (a member, or the federation) becomes a KubeConfig of the SDK. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { refused } from '../../activities/failure.ts';
import type { Fleet, Member } from '../../dsl/fleet.ts';
import { rememberSecret, resolvePath, resolveSecret, resolveValue } from '../references.ts';
import { type Origin, originOf } from './origin.ts';

/** The keys by which a fleet file says how to reach an API server. */
export type PlaneAddress = Pick<
  Member,
  'kubeconfig' | 'context' | 'inCluster' | 'server' | 'token' | 'certificateAuthority'
>;

/** @param name member name, or `federation`, for the errors. */
export function openKubeConfig(
  address: PlaneAddress,
  name: string,
  fleet: Fleet,
): { config: KubeConfig; origin: Origin } {
  const config = configOf(address, name, fleet);
  for (const { token, password, keyData } of config.getUsers())
    for (const secret of [token, password, keyData]) if (secret) rememberSecret(secret);
  const origin = originOf(config, originFile(address, fleet));
  checkEntries(config, origin, name);
  return { config, origin };
}

/** Changes when a file that the access is read from changes: then it is opened anew. */
export function stampOf(address: PlaneAddress, fleet: Fleet): string {
  const references = [address.server, address.token, address.certificateAuthority].flatMap((one) =>
    typeof one === 'object' && 'file' in one ? [resolvePath(one.file, fleet.file)] : [],
  );
  const reads =
    address.inCluster || address.server !== undefined ? references : kubeconfigFiles(address, fleet);
  return reads.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0).join();
}

function originFile(address: PlaneAddress, fleet: Fleet): string {
  if (address.inCluster) return "the worker's own pod";
  return address.server === undefined ? kubeconfigFiles(address, fleet).join(', ') : fleet.file;
}

/** kubectl takes an empty address for localhost:8080 and no user for anonymous: here both are mistakes. */
function checkEntries(config: KubeConfig, origin: Origin, name: string): void {
  const context = config.getContextObject(config.getCurrentContext());
  const missing = [
    ...(context && !config.getCluster(context.cluster) ? [origin.cluster] : []),
    ...(context && !config.getUser(context.user) ? [origin.user] : []),
  ];
  if (context && missing.length === 0) return;
  throw refused({
    code: 'FD3033',
    where: name,
    what:
      context === null
        ? `the kubeconfig ${origin.file} has no current context`
        : `the context ${context.name} names what is not there: ${missing.join(' and ')}`,
    remedy:
      context === null
        ? 'Write `context` in the fleet file'
        : 'Add the entry, or correct the context: kubectl config get-contexts',
  });
}

function configOf(address: PlaneAddress, name: string, fleet: Fleet): KubeConfig {
  if (address.inCluster) return inCluster(name);
  if (address.server !== undefined) return byToken(address, name, fleet);
  if (address.kubeconfig !== undefined || address.context !== undefined)
    return fromFiles(address, name, fleet);
  throw refused({
    code: 'FD3013',
    where: name,
    what: `the fleet file ${fleet.file} does not say how to reach its API server`,
    remedy: 'Give kubeconfig and context, server and token, or inCluster: true',
  });
}

function inCluster(name: string): KubeConfig {
  if (!process.env['KUBERNETES_SERVICE_HOST'])
    throw refused({
      code: 'FD3013',
      where: name,
      what: 'the fleet file says inCluster, and the worker runs in no pod',
      remedy: 'Run the worker in the cluster, or give kubeconfig and context',
    });
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

function byToken(address: PlaneAddress, name: string, fleet: Fleet): KubeConfig {
  const config = new KubeConfig();
  const authority = address.certificateAuthority;
  config.loadFromClusterAndUser(
    {
      name,
      server: resolveValue(address.server!, fleet.file).replace(/\/+$/, ''),
      skipTLSVerify: false,
      ...(authority ? { caFile: resolvePath(authority.file, fleet.file) } : {}),
    },
    { name, ...(address.token ? { token: resolveSecret(address.token, fleet.file) } : {}) },
  );
  return config;
}

function fromFiles(address: PlaneAddress, name: string, fleet: Fleet): KubeConfig {
  const files = kubeconfigFiles(address, fleet);
  const config = new KubeConfig();
  const shown = files.join(', ');
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0)
    throw refused({
      code: 'FD3011',
      where: name,
      what: `there is no kubeconfig at ${shown} on the worker`,
      remedy:
        fleet.tier === 'fleet'
          ? 'Correct `kubeconfig` in the fleet file, or set KUBECONFIG'
          : `Start the lab: npx firedrill lab up --tier ${fleet.tier}`,
    });
  try {
    for (const [index, file] of found.entries()) {
      const part = new KubeConfig();
      part.loadFromFile(file);
      resolvePlugins(part, file);
      takeTokenFiles(part, file);
      if (index === 0) config.loadFromString(part.exportConfig());
      else config.mergeConfig(part, true);
    }
  } catch (error) {
    throw refused({
      code: 'FD3012',
      where: name,
      what: `the kubeconfig ${shown} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Mend the file: `kubectl config view` must show it',
    });
  }
  if (address.context !== undefined) chooseContext(config, address.context, name, shown);
  return config;
}

/** A command with a path in it is relative to its kubeconfig, as for kubectl. */
function resolvePlugins(config: KubeConfig, file: string): void {
  for (const { exec } of config.getUsers())
    if (typeof exec?.command === 'string' && exec.command.includes('/'))
      exec.command = resolve(dirname(file), exec.command);
}

/** The SDK knows `tokenFile` of a pod's own access, and does not read it from a kubeconfig. */
function takeTokenFiles(config: KubeConfig, file: string): void {
  const written: { name: string; user?: { token?: string; tokenFile?: string } }[] =
    parse(readFileSync(file, 'utf8'))?.users ?? [];
  config.users = config.users.map((user) => {
    const { token, tokenFile } = written.find((one) => one.name === user.name)?.user ?? {};
    if (token !== undefined || tokenFile === undefined) return user;
    const path = resolve(dirname(file), tokenFile);
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: path } } };
  });
}

function kubeconfigFiles(address: PlaneAddress, fleet: Fleet): string[] {
  return address.kubeconfig ? [kubeconfigPath(address.kubeconfig, fleet.file)] : defaultFiles();
}

function kubeconfigPath(path: string, fleetFile: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolvePath(path, fleetFile);
}

/** As kubectl looks for them. */
function defaultFiles(): string[] {
  const listed = process.env['KUBECONFIG']?.split(delimiter).filter((file) => file !== '') ?? [];
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

function chooseContext(config: KubeConfig, wanted: string, name: string, shown: string): void {
  const contexts = config.getContexts().map((context) => context.name);
  if (contexts.includes(wanted)) {
    config.setCurrentContext(wanted);
    return;
  }
  throw refused({
    code: 'FD3014',
    where: name,
    what: `the kubeconfig ${shown} has no context ${wanted}; it has ${contexts.join(', ') || 'none'}`,
    remedy: 'Correct `context` in the fleet file, or add the context to the kubeconfig',
  });
}
