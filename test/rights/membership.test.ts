import { openSandbox } from '../clusters/sandbox.ts';
import { membership } from './cases.ts';
import { nothing } from './fleet-state.ts';
import { rightsSuite } from './suite.ts';

rightsSuite('membership on the sandbox', openSandbox, membership, nothing);
