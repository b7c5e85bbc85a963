/** How a fleet file's plane (a member, or the federation) becomes a KubeConfig of the SDK. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { refused } from '../../activities/failure.ts';
import type { Fleet, Member } from '../../dsl/fleet.ts';
import { rememberSecret, resolvePath, resolveSecret, resolveValue } from '../references.ts';

/** The keys by which a fleet file says how to reach an API server. */
export type PlaneAddress = Pick<
  Member,
  'kubeconfig' | 'context' | 'inCluster' | 'server' | 'token' | 'certificateAuthority'
>;

/** @param name member name, or `federation`, for the errors. */
export function openKubeConfig(address: PlaneAddress, name: string, fleet: Fleet): KubeConfig {
  const config = configOf(address, name, fleet);
  for (const { token, password, keyData } of config.getUsers())
    for (const secret of [token, password, keyData]) if (secret) rememberSecret(secret);
  return config;
}

function configOf(address: PlaneAddress, name: string, fleet: Fleet): KubeConfig {
  if (address.inCluster) return inCluster();
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

function inCluster(): KubeConfig {
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
  const files = address.kubeconfig ? [kubeconfigPath(address.kubeconfig, fleet.file)] : defaultFiles();
  const config = new KubeConfig();
  const shown = files.join(', ');
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0)
    throw refused({
      code: 'FD3011',
      where: name,
      what: `there is no kubeconfig at ${shown} on the worker`,
      remedy:
        fleet.tier === 'sandbox'
          ? 'Start the lab'
          : 'Correct `kubeconfig` in the fleet file, or set KUBECONFIG',
    });
  try {
    for (const [index, file] of found.entries()) {
      const part = new KubeConfig();
      part.loadFromFile(file);
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
