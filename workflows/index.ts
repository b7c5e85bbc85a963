/** The workflows a worker registers. */
export { drill } from './drill.ts';
export { restore } from './restore.ts';
