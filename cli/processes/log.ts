/** Reads a log while it grows. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Enough for a burst, little enough not to hold a big log in memory. */
const CHUNK = 64 * 1024;

/**
 * What was written since the last call, as text; '' when nothing was. A file that became shorter was begun anew and
 * is read from its beginning; one that is not there yet has nothing in it.
 */
export function growing(path: string, from = 0): () => string {
  let at = from;
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(CHUNK);
  return () => {
    const file = opened(path);
    if (file === undefined) return '';
    try {
      if (fstatSync(file).size < at) at = 0;
      let text = '';
      for (let read = readSync(file, buffer, 0, CHUNK, at); read > 0; ) {
        text += decoder.write(buffer.subarray(0, read));
        at += read;
        read = text.length < 4 * CHUNK ? readSync(file, buffer, 0, CHUNK, at) : 0;
      }
      return text;
    } finally {
      closeSync(file);
    }
  };
}

/** The same, in whole lines. */
export function growingLines(path: string, from = 0): () => string[] {
  const read = growing(path, from);
  let rest = '';
  return () => {
    const lines = (rest + read()).split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}
