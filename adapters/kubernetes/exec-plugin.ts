/**
 * Credentials by the command that a kubeconfig names (`users[].user.exec`), in place of the SDK's own runner,
 * which waits for ever for a command that hangs and cannot say which one failed.
 */
import { spawn } from 'node:child_process';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { type FailureDetails, refused } from '../../activities/failure.ts';
import { rememberSecret } from '../references.ts';
import type { Origin } from './origin.ts';

/** An `exec` entry, as kubectl's documentation has it. */
interface Exec {
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  apiVersion?: string;
  installHint?: string;
}

/** `status` of an ExecCredential. */
interface Credential {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  expirationTimestamp?: string;
}

export interface ExecPlugin {
  /** What it gave last. */
  token(): string | undefined;
  /** Forgets what it gave, so that it is asked again. */
  forget(): void;
}

/** Less than a request has, so that it is the plugin that is named. */
const WITHIN_MS = 8_000;
/** What a plugin says when it fails: its last words are enough. */
const LAST_WORDS = 300;
const PROVIDER = 'firedrill-exec';

/** Lets the kubeconfig's present user get its credential here; undefined when it has no exec plugin. */
export function adoptExecPlugin(name: string, config: KubeConfig, origin: Origin): ExecPlugin | undefined {
  const user = config.getCurrentUser();
  const exec: Exec | undefined = user?.exec ?? user?.authProvider?.config?.exec;
  if (!user || !exec) return undefined;
  let last: Credential | undefined;
  let running: Promise<Credential> | undefined;

  async function credential(): Promise<Credential> {
    if (last !== undefined && !hasEnded(last)) return last;
    running ??= run(name, exec!, origin).finally(() => {
      running = undefined;
    });
    last = await running;
    return last;
  }

  config.users = config.users.map((one) => (one.name === user.name ? providedHere(one) : one));
  config.addAuthenticator({
    isAuthProvider: (one) => one.authProvider?.name === PROVIDER,
    async applyAuthentication(_, options) {
      const { token, clientCertificateData, clientKeyData } = await credential();
      if (clientCertificateData) options.cert = clientCertificateData;
      if (clientKeyData) options.key = clientKeyData;
      if (token) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
    },
  });
  return {
    token: () => last?.token,
    forget() {
      last = undefined;
    },
  };
}

const providedHere = ({ exec: _, ...user }: User): User => ({
  ...user,
  authProvider: { name: PROVIDER, config: {} },
});

const hasEnded = ({ expirationTimestamp }: Credential): boolean =>
  expirationTimestamp !== undefined && Date.parse(expirationTimestamp) <= Date.now();

function run(name: string, exec: Exec, origin: Origin): Promise<Credential> {
  const args = exec.args ?? [];
  const failed = (code: string, what: string, remedy: string) => {
    const details: FailureDetails = {
      code,
      where: name,
      what: `the exec plugin of ${origin.user} ${what}`,
      remedy,
    };
    return refused(details);
  };
  // Its arguments are not told: they may hold a secret (kubelogin takes one).
  const byHand = `Run ${exec.command} with the arguments of its users[].user.exec by hand, where the worker runs`;
  return new Promise((resolve, reject) => {
    const child = spawn(exec.command, args, {
      env: { ...process.env, ...environmentOf(exec) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let words = '';
    const hung = setTimeout(() => {
      child.kill('SIGKILL');
      const said = words === '' ? '' : `; its last words: ${words}`;
      const within = `did not end in ${WITHIN_MS / 1000} s: ${exec.command}${said}`;
      reject(failed('FD3031', within, `${byHand}; it must need nobody to sign in`));
    }, WITHIN_MS);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = `${words}${text}`.trim().slice(-LAST_WORDS);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(hung);
      const missing = error.code === 'ENOENT' || error.code === 'EACCES';
      reject(
        missing
          ? failed('FD3021', `cannot be run: ${exec.command} (${error.code})`, installation(exec, origin))
          : failed('FD3031', `cannot be run: ${error.message}`, byHand),
      );
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(hung);
      if (code !== 0)
        return reject(
          failed('FD3031', `failed (${killedBy ?? `exit code ${code}`}): ${words || exec.command}`, byHand),
        );
      const credential = parse(out);
      if (credential !== undefined) return resolve(credential);
      const printed = `printed no ExecCredential with a token or a certificate: ${exec.command}`;
      reject(failed('FD3031', printed, `${byHand}; it must print JSON with status.token`));
    });
  });
}

const installation = ({ command, installHint }: Exec, { user }: Origin): string =>
  installHint?.trim() ||
  `Install ${command} where the worker runs, or correct users[].user.exec.command of ${user}`;

function environmentOf(exec: Exec): Record<string, string> {
  const info = { apiVersion: exec.apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  return {
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
    ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
  };
}

function parse(text: string): Credential | undefined {
  let credential: Credential | undefined;
  try {
    credential = JSON.parse(text)?.status;
  } catch {
    return undefined;
  }
  if (!credential?.token && !credential?.clientCertificateData) return undefined;
  for (const secret of [credential.token, credential.clientKeyData]) if (secret) rememberSecret(secret);
  return credential;
}
