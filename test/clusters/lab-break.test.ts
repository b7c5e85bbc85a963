/** Breaking the lab itself: what this step set and no more, seen from outside, and mended exactly. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { faultKinds as known } from '../../activities/lab/faults.ts';
import { openPorts } from '../../adapters/open.ts';
import { faultKinds } from '../../lab/faults.ts';
import { kindOf } from './kinds.ts';
import { contextOf, deploy, look, openSandbox, perform, type Sandbox, undo } from './sandbox.ts';

const kind = kindOf('lab/break');
const gone = { fault: 'api-gone', target: 'aks1' };

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const inForce = () => sandbox.world.faults.active().map(({ kind: name, target }) => `${name} on ${target}`);

it('knows the same faults as the lab, with the same options, set upon the same things', () => {
  const told = Object.entries(known).map(([name, one]) => [
    name,
    one.on,
    'options' in one ? [...one.options].sort() : [],
  ]);
  const offered = Object.entries(faultKinds).map(([name, { on, options = {} }]) => [
    name,
    on,
    Object.keys(options).sort(),
  ]);
  expect(told).toEqual(offered);
});

it('kills an API server, sees that it is dead, and mends its own fault only', async () => {
  const context = contextOf(sandbox);
  const theirs = sandbox.world.faults.add({ kind: 'api-slow', target: 'aks1', options: { delayMs: 1 } });
  const broken = await perform(kind, gone, context);
  expect(context.faults).toBe(1);
  expect(inForce()).toEqual(['api-slow on aks1', 'api-gone on aks1']);
  expect(await broken.kind.probe?.(broken.input, broken.snapshot, context)).toMatchObject({
    bitten: true,
    evidence: expect.stringContaining('the API of aks1 does not serve'),
  });
  expect(await undo(broken, context)).toEqual({ done: true, restored: 'fully' });
  expect(sandbox.world.faults.active().map(({ id }) => id)).toEqual([theirs]);
  expect(await broken.kind.probe?.(broken.input, broken.snapshot, context)).toMatchObject({ bitten: false });
  expect(await broken.kind.compare(broken.input, broken.snapshot, context)).toEqual([]);
});

it('a worker that died after it asked finds its own fault again', async () => {
  const first = await perform(kind, gone, contextOf(sandbox));
  const again = await perform(kind, gone, contextOf(sandbox));
  expect(again.output).toEqual(first.output);
  expect(inForce()).toEqual(['api-gone on aks1']);
  expect(await first.kind.compare(first.input, first.snapshot, contextOf(sandbox))).toMatchObject([
    { what: 'lab fault api-gone on aks1', now: first.output.id },
  ]);
  await undo(first, contextOf(sandbox));
  expect(inForce()).toEqual([]);
});

it('what somebody else has broken already is refused, and left', async () => {
  sandbox.world.faults.add({ kind: 'api-gone', target: 'aks1' });
  const context = contextOf(sandbox);
  await expect(perform(kind, gone, context)).rejects.toMatchObject({
    type: 'refused',
    details: [{ code: 'FD8102' }],
  });
  expect(context.faults).toBe(0);
  expect(await kind.preflight?.(kind.input.parse(gone), context)).toMatchObject([
    { severity: 'error', code: 'FD8102' },
  ]);
  expect(inForce()).toEqual(['api-gone on aks1']);
});

it('an entry point that fails is seen by a request straight to it; what only the lab can tell, by its word', async () => {
  await deploy(sandbox);
  await look(
    kindOf('karmada/await-spread'),
    { workload: 'deployment/hello', expect: 'steady' },
    contextOf(sandbox),
  );
  const context = contextOf(sandbox);
  const one = async (fault: string, target: string) => {
    const broken = await perform(kind, { fault, target }, context);
    const probed = await broken.kind.probe?.(broken.input, broken.snapshot, context);
    await undo(broken, context);
    return probed;
  };
  expect(await one('origin-503', 'k3s')).toEqual({
    bitten: true,
    evidence: 'a request straight to k3s: HTTP 503',
  });
  expect(await one('image-pull', 'k3s')).toMatchObject({ evidence: expect.stringContaining('the lab says') });
});

it('a control API that does not answer is tried again, and its no is final', async () => {
  const context = contextOf(sandbox);
  await expect(
    context.ports.lab().add({ kind: 'flood', target: 'aks1', options: {}, by: 'me' }, context.signal),
  ).rejects.toMatchObject({ type: 'refused', details: [{ code: 'FD8104' }] });
  const silent = openPorts({ ...sandbox.fleet, lab: { control: 'http://127.0.0.1:1' } });
  await expect(silent.lab().faults(context.signal)).rejects.toMatchObject({
    type: 'transient',
    details: [{ code: 'FD8103' }],
  });
  const { lab: _, ...real } = sandbox.fleet;
  expect(() => openPorts(real).lab()).toThrow(/FD8101|is no lab/);
});

it('says before it is run what it cannot be set upon', () => {
  const problems = (input: object, fleet = sandbox.fleet) =>
    kind.check?.(kind.input.parse(input), fleet).map(({ path, code }) => code ?? path.join('.'));
  expect(problems(gone)).toEqual([]);
  expect(problems({ fault: 'api-gone', target: 'federation' })).toEqual([]);
  expect(problems({ fault: 'api-gone', target: 'aks9' })).toEqual(['target']);
  expect(problems({ fault: 'node-down', target: 'aks1' })).toEqual(['target']);
  expect(problems({ fault: 'node-down', target: 'aks1/aks1-node-0' })).toEqual([]);
  expect(problems({ ...gone, options: { delay: 1 } })).toEqual(['options.delay']);
  const { lab: _, ...real } = sandbox.fleet;
  expect(problems(gone, real)).toEqual(['FD8101']);
});

it('hits the member it is set upon, of the federation everybody, and that is what the plan calls the victim', () => {
  const blast = (input: object) => kind.blast?.(kind.input.parse(input), sandbox.fleet).clusters;
  expect(blast({ fault: 'partition', target: 'aks2' })).toEqual(['aks2']);
  expect(blast({ fault: 'node-down', target: 'aks2/aks2-node-1' })).toEqual(['aks2']);
  expect(blast({ fault: 'api-gone', target: 'federation' })).toEqual([]);
});
