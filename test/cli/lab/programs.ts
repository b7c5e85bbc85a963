/** Stand-ins for the rig's programs and for Go: scripts that say what the real ones say. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Tool, toolNames, tools } from '../../../lab/rig/binaries/tools.ts';
import { pinnedVersions } from '../../../lab/rig/binaries/versions.ts';

export function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What each kind of program prints, as the real ones of these versions do. */
const says: Record<string, (version: string) => string> = {
  etcd: (version) => `etcd Version: ${version}\nGit SHA: Not provided\nGo Version: go1.26.8`,
  karmada: (version) => `karmada version: version.Info{GitVersion:"v${version}", GoVersion:"go1.26.8"}`,
  kubernetes: (version) => `Kubernetes v${version}`,
  kwok: (version) => `kwok version v${version} go1.26.8 (linux/amd64)`,
};

/** A program that prints the version only when it is asked the way it wants to be. */
export function program(
  folder: string,
  tool: Tool,
  version: string = pinnedVersions()[tools[tool].of],
): string {
  const { of, ask } = tools[tool];
  return script(
    join(folder, tool),
    `[ "$*" = "${ask.join(' ')}" ] || exit 1\ncat <<'END'\n${says[of]!(version)}\nEND`,
  );
}

export function allPrograms(folder: string): void {
  for (const tool of toolNames) program(folder, tool);
}

/**
 * A `go` that knows `env`, `list`, `mod download` and `build`, which writes what it was called with into the program.
 * What it does, and where it fails or hangs, is said by files in `state`:
 * `calls` (written: a line a call), `version`, `no-sources`, `fails-on` (a package path), `hangs-on`.
 */
export function fakeGo(folder: string, state: string): string {
  mkdirSync(join(state, 'karmada'), { recursive: true });
  for (const file of [
    'charts/karmada/_crds/bases/one.yaml',
    'artifacts/deploy/webhook-configuration.yaml',
    'artifacts/deploy/admin-clusterrole-aggregation.yaml',
  ]) {
    mkdirSync(dirname(join(state, 'karmada', file)), { recursive: true });
    writeFileSync(join(state, 'karmada', file), 'kind: Some\n');
  }
  return script(
    join(folder, 'go'),
    `state='${state}'
echo "$(basename "$PWD") $GOTOOLCHAIN $CGO_ENABLED $*" >> "$state/calls"
read_or() { cat "$state/$1" 2>/dev/null || echo "$2"; }
case "$1" in
env) read_or version go1.26.8; echo "$state/cache"; echo "$state/modules" ;;
list) if [ -e "$state/no-sources" ]; then echo 'go: dial tcp: no such host' >&2; exit 1; fi ;;
mod) printf '{"Dir":"%s"}\\n' "$state/karmada" ;;
build)
  for last; do :; done
  if [ "$(read_or hangs-on none)" = "$last" ]; then echo hanging > "$state/hangs"; trap 'exit 1' INT; while :; do sleep 0.05; done; fi
  if [ "$(read_or fails-on none)" = "$last" ]; then echo '# '"$last" >&2; echo 'main.go:1:1: it does not compile' >&2; exit 1; fi
  while [ "$1" != -o ]; do shift; done
  echo "$last" > "$2"; chmod +x "$2" ;;
esac`,
  );
}
