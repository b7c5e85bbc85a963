import { looks } from './cases.ts';
import { preparedSandbox, settle } from './fleet-state.ts';
import { rightsSuite } from './suite.ts';

rightsSuite('looks on the sandbox', preparedSandbox, looks, settle);
