import { nearest } from '../dsl/nearest.ts';

/** A remedy that names what was probably meant; undefined when nothing comes close. */
export function didYouMean(word: string, names: Iterable<string>, prefix = ''): string | undefined {
  const found = nearest(word, names).map((name) => `${prefix}${name}`);
  return found.length === 0 ? undefined : `Did you mean ${found.join(' or ')}?`;
}
