import { moves } from './cases.ts';
import { preparedSandbox, settle } from './fleet-state.ts';
import { rightsSuite } from './suite.ts';

rightsSuite('moves on the sandbox', preparedSandbox, moves, settle);
