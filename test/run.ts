/**
 * `npm test`: first everything that is fast, side by side, then end to end by itself, for a drill measures and
 * wants the machine. Arguments go to jest, in one go.
 */
import { closeWith, jest } from './jest.ts';

const END_TO_END = 'test/e2e';
const given = process.argv.slice(2);
/** Most suites wait for a lab more than they compute: three of them share two cores well. */
const fast = ['--maxWorkers', '3', '--testPathIgnorePatterns', END_TO_END];
const rounds = given.length > 0 ? [given] : [fast, [END_TO_END]];
closeWith(rounds.map((words) => jest(words)));
