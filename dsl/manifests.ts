/** Kubernetes manifests that a step names: read when the runbook is compiled, so that a Plan is complete. */
import { parseAllDocuments } from 'yaml';
import { type Compilation, report, type Unit } from './compilation.ts';
import { nearest } from './nearest.ts';
import type { Json } from './plan.ts';
import { type Complaint, shown } from './problem.ts';
import { MAX_BYTES, type Path } from './source.ts';

/** The objects of the files (or of every YAML and JSON file of the folders) named by a value; undefined on problems. */
export function readManifests(
  compilation: Compilation,
  unit: Unit,
  path: Path,
  value: Json,
): Json[] | undefined {
  const names = typeof value === 'string' ? [value] : Array.isArray(value) ? value : undefined;
  if (names === undefined || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    report(compilation, unit, path, {
      code: 'FD1404',
      what: 'manifests are named by files',
      found: shown(value),
      expected: 'a file, a folder, or a list of them, relative to the runbook',
      remedy: 'Write the path of the manifest file, e.g. manifests/hello.yaml',
    });
    return undefined;
  }
  const objects = (names as string[]).flatMap((name, index) => {
    const at = typeof value === 'string' ? path : [...path, index];
    return filesOf(compilation, name).map((file) => readOne(compilation, unit, at, file));
  });
  return objects.includes(undefined) ? undefined : (objects as Json[][]).flat();
}

function filesOf({ options }: Compilation, name: string): string[] {
  if (/\.(ya?ml|json)$/.test(name) || options.list === undefined) return [name];
  try {
    const files = options.list(name).filter((file) => /\.(ya?ml|json)$/.test(file));
    return files.sort().map((file) => `${name.replace(/\/$/, '')}/${file}`);
  } catch {
    return [name];
  }
}

function readOne(compilation: Compilation, unit: Unit, path: Path, file: string): Json[] | undefined {
  const complain = (complaint: Pick<Complaint, 'what' | 'found' | 'nearest'>) => {
    report(compilation, unit, path, {
      code: 'FD1404',
      expected: 'a file of Kubernetes objects',
      remedy: 'Correct the manifest file or the path to it',
      ...complaint,
    });
    return undefined;
  };
  let text: string;
  try {
    text = compilation.options.read(file);
  } catch {
    return complain({
      what: `the manifest file '${file}' cannot be read`,
      found: shown(file),
      nearest: beside(compilation, file),
    });
  }
  if (Buffer.byteLength(text) > MAX_BYTES)
    return complain({
      what: `the manifest file '${file}' is too large`,
      found: `${Buffer.byteLength(text)} bytes`,
    });
  const parsed = parse(text);
  if ('error' in parsed)
    return complain({ what: `'${file}' is not valid YAML: ${parsed.error}`, found: shown(file) });
  const odd = parsed.objects.find((one) => !isObject(one));
  if (odd !== undefined || parsed.objects.length === 0)
    return complain({
      what: `'${file}' holds something that is no Kubernetes object (apiVersion, kind, metadata.name)`,
      found: odd === undefined ? 'nothing' : shown(odd),
    });
  return parsed.objects;
}

function parse(text: string): { objects: Json[] } | { error: string } {
  try {
    const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: text.length < 64 * 1024 });
    if (!Array.isArray(documents)) return { objects: [] };
    const error = documents.flatMap((document) => document.errors)[0];
    if (error !== undefined) return { error: error.message };
    // At most 100 aliases are followed: a bomb is an error, not a full memory.
    const values = documents.map((document) => document.toJS({ maxAliasCount: 100 }) as Json);
    return { objects: values.filter((value) => value !== null).flatMap(itemsOf) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** A `List` is its items. */
function itemsOf(value: Json): Json[] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && value['kind'] === 'List')
    return Array.isArray(value['items']) ? value['items'] : [];
  return [value];
}

function isObject(value: Json): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const { apiVersion, kind, metadata } = value;
  const name =
    metadata !== null && typeof metadata === 'object' && !Array.isArray(metadata) && metadata['name'];
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
}

/** Files in the same folder, for "did you mean". */
function beside({ options }: Compilation, file: string): string[] {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
  try {
    const names = options.list?.(folder) ?? [];
    return nearest(file, folder === '.' ? names : names.map((name) => `${folder}/${name}`));
  } catch {
    return [];
  }
}
