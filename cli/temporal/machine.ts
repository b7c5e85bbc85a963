/** What of a machine decides where a Temporal CLI is looked for. */
import { homedir, tmpdir } from 'node:os';

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Where the SDK keeps the dev servers that it downloaded. */
  temporary: string;
  home: string;
}

export const thisMachine = (): Surroundings => ({ env: process.env, temporary: tmpdir(), home: homedir() });
