/** The workflows a worker registers. */
export { drill, restore } from './drill.ts';
