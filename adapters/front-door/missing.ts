/** A name of the fleet file that Azure does not know, with the names it does. */
import { refused } from '../../activities/failure.ts';
import { nearest } from '../../dsl/nearest.ts';

export function noSuch(what: string, name: string, known: string[], where: string) {
  if (known.some((it) => it.toLowerCase() === name.toLowerCase())) return undefined;
  const close = nearest(name, known);
  return refused({
    code: 'FD4001',
    where: `${what} ${name}`,
    what: `there is no such ${what} in ${where}; there ${known.length === 0 ? 'is none' : `is ${known.join(', ')}`}`,
    remedy: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'Correct its name in the fleet file',
  });
}
