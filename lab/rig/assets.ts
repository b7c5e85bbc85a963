/**
 * What the rig takes from the sources of Karmada besides its binaries: custom resource definitions, webhook
 * configurations, roles. They are not ours, so they are copied out of the module cache when the binaries are
 * built, and lie in `assets/` beside them.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../store.ts';

/** Folder in the assets → path in Karmada's module. */
const parts = {
  crds: 'charts/karmada/_crds/bases',
  webhooks: 'artifacts/deploy/webhook-configuration.yaml',
  roles: 'artifacts/deploy/admin-clusterrole-aggregation.yaml',
} as const;
export type AssetPart = keyof typeof parts;

/** @param karmada folder of the module github.com/karmada-io/karmada @param assets is replaced. */
export function collectAssets(karmada: string, assets: string): void {
  rmSync(assets, { recursive: true, force: true });
  for (const [part, path] of Object.entries(parts)) {
    const target = path.endsWith('.yaml') ? join(assets, part, 'all.yaml') : join(assets, part);
    cpSync(join(karmada, path), target, { recursive: true });
  }
}

/** Every object of a part, with `{{name}}` replaced by `values.name`. */
export function readAssets(
  assets: string,
  part: AssetPart,
  values: Record<string, string> = {},
): KubeObject[] {
  return readdirSync(join(assets, part), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readFileSync(join(assets, part, file), 'utf8'))
    .map((text) => text.replaceAll(/\{\{(\w+)\}\}/g, (found, name: string) => values[name] ?? found))
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJSON() as KubeObject | null))
    .filter((object) => object !== null);
}
