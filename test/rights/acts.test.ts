import { acts } from './cases.ts';
import { preparedSandbox, settle } from './fleet-state.ts';
import { rightsSuite } from './suite.ts';

rightsSuite('acts on the sandbox', preparedSandbox, acts, settle);
