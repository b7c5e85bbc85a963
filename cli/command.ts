/** What a command is: its flags declared, its work behind one function. */
import type { Console } from './console.ts';

export interface Flag {
  type: 'boolean' | 'string';
  /** Name of the value in help, e.g. FILE. */
  value?: string;
  summary: string;
  /** May be given more than once. */
  multiple?: boolean;
}

export interface Call {
  arguments: string[];
  /** The value of a string flag; the last one when it may be repeated. */
  text(flag: string): string | undefined;
  on(flag: string): boolean;
  all(flag: string): string[];
  /** Flags that are not the command's own, in the order given: inputs of a runbook. */
  inputs: Record<string, string | true>;
  out: Console;
}

export interface Command {
  /** After `firedrill`, e.g. `start RUNBOOK [--INPUT VALUE ...]`. */
  usage: string;
  /** A paragraph. */
  about: string;
  arguments: { min: number; max: number };
  flags: Record<string, Flag>;
  /** Flags that are not declared are inputs of the runbook; the command refuses the unknown ones. */
  takesInputs?: true;
  /** Returns the exit code. */
  run(call: Call): Promise<number>;
}

export const jsonFlag: Record<'json', Flag> = {
  json: { type: 'boolean', summary: 'print JSON, for a program to read' },
};
