import type { Console } from '../../cli/console.ts';

export interface Recorded extends Console {
  printed: string[];
  warned: string[];
}

/** A console that keeps what it is told. */
export function silent(json = false): Recorded {
  const printed: string[] = [];
  const warned: string[] = [];
  return {
    json,
    tty: false,
    columns: 80,
    colour: false,
    print: (text) => void printed.push(text),
    say: (text) => void (json ? warned : printed).push(text),
    warn: (text) => void warned.push(text),
    data: (value) => void printed.push(JSON.stringify(value)),
    write: (raw) => void printed.push(raw),
    printed,
    warned,
  };
}
