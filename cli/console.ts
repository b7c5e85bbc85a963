/** The two streams of a command: what was asked for goes to stdout, what is said beside it to stderr. */
export interface Console {
  /** With --json on: `say` is silent on stdout, so that a program can parse it. */
  json: boolean;
  tty: boolean;
  columns: number;
  colour: boolean;
  print(text: string): void;
  /** For a person; goes to stderr when stdout carries JSON. */
  say(text: string): void;
  warn(text: string): void;
  data(value: unknown): void;
  write(raw: string): void;
}

export function consoleOf(
  json: boolean,
  stdout: NodeJS.WriteStream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
): Console {
  const tty = stdout.isTTY === true && !json && process.env['TERM'] !== 'dumb';
  const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text}\n`);
  return {
    json,
    tty,
    get columns() {
      return stdout.columns ?? 80;
    },
    colour: tty && !process.env['NO_COLOR'],
    print: line(stdout),
    say: line(json ? stderr : stdout),
    warn: line(stderr),
    data: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    write: (raw) => void stdout.write(raw),
  };
}
