import { describe, expect, test } from '@jest/globals';
import { type Fault, faultKinds } from '../../../lab/faults.ts';
import { controllersOf, effectsOf, shortName } from '../../../lab/rig/edge/effects.ts';
import { createEnactor } from '../../../lab/rig/edge/enact.ts';
import { refuse, rigFaultKinds, type Targets } from '../../../lab/rig/edge/fault-kinds.ts';
import { createRigSettings } from '../../../lab/rig/edge/settings.ts';

const processes = [
  'etcd',
  'aks1/kube-apiserver',
  'aks1/kube-controller-manager',
  'aks1/kube-scheduler',
  'aks1/kwok',
  'aks2/kube-apiserver',
  'aks2/kwok',
  'federation/kube-apiserver',
  'federation/kube-controller-manager',
  'karmada-webhook',
  'karmada-scheduler',
];
const usual = { startMs: 2000, pulls: true };
const shape = {
  planes: ['aks1', 'aks2', 'federation'],
  members: ['aks1', 'aks2'],
  processes,
  usual: () => usual,
};
const fault = (kind: string, target: string, options: Fault['options'] = {}) => ({
  id: 'f1',
  kind,
  target,
  options,
});
const effects = (...faults: Fault[]) => effectsOf(faults, shape);
const quiet = effects();

describe('what faults mean', () => {
  test('none: all doors open, all processes run, pods live as usual', () => {
    expect(quiet).toEqual({
      doors: { aks1: { kind: 'open' }, aks2: { kind: 'open' }, federation: { kind: 'open' } },
      held: new Set(),
      frozen: new Set(),
      lives: { aks1: usual, aks2: usual },
    });
  });

  test('of several on one API the worst counts', () => {
    const faults = [
      fault('api-slow', 'aks1'),
      fault('api-reset', 'aks1'),
      fault('api-timeout', 'aks1'),
      fault('partition', 'aks1'),
      fault('api-gone', 'aks1'),
    ];
    const doors = faults.map((_, index) => effects(...faults.slice(0, index + 1)).doors['aks1']?.kind);
    expect(doors).toEqual(['slow', 'reset', 'silent', 'cut', 'shut']);
    expect(effects(fault('api-slow', '*', { delayMs: 7 })).doors['federation']).toEqual({
      kind: 'slow',
      delayMs: 7,
    });
    expect(effects(...faults).held).toEqual(new Set(['aks1/kube-apiserver']));
  });

  test('a named controller, or all of a plane; never its servers', () => {
    const named = fault('frozen-controller', 'aks1', { controller: 'kube-scheduler' });
    expect(effects(named).frozen).toEqual(new Set(['aks1/kube-scheduler']));
    expect(effects(fault('frozen-controller', 'federation')).frozen).toEqual(
      new Set(['federation/kube-controller-manager', 'karmada-scheduler']),
    );
    expect(effects(fault('frozen-controller', '*', { controller: 'kwok' })).frozen).toEqual(
      new Set(['aks1/kwok', 'aks2/kwok']),
    );
  });

  test('how pods start', () => {
    const both = effects(fault('pod-start-slow', 'aks1', { ms: 500 }), fault('image-pull', 'aks2'));
    expect(both.lives).toEqual({
      aks1: { startMs: 2500, pulls: true },
      aks2: { startMs: 2000, pulls: false },
    });
  });
});

describe('enacting', () => {
  function hands(failing = new Set<string>()) {
    const done: string[] = [];
    const act = (what: string) => {
      if (failing.has(what)) throw new Error(`${what} failed`);
      done.push(what);
    };
    const door = (plane: string) => ({
      port: 1,
      set: async ({ kind }: { kind: string }) => act(`${plane} ${kind}`),
      close: async () => undefined,
    });
    const enactor = createEnactor(
      {
        machines: {
          list: () => processes.map((name) => ({ name })),
          hold: async (name) => act(`hold ${name}`),
          release: async (name) => act(`release ${name}`),
          freeze: (name) => act(`freeze ${name}`),
        },
        doors: Object.fromEntries(shape.planes.map((plane) => [plane, door(plane)])),
        live: async (member, { startMs }) => act(`${member} starts in ${startMs}`),
      },
      quiet,
    );
    return { enactor, done };
  }

  test('the door shuts before the server dies, and opens when it is back; once each', async () => {
    const { enactor, done } = hands();
    await enactor.enact(effects(fault('api-gone', 'aks1')));
    await enactor.enact(effects(fault('api-gone', 'aks1')));
    await enactor.enact(quiet);
    expect(done).toEqual([
      'aks1 shut',
      'hold aks1/kube-apiserver',
      'release aks1/kube-apiserver',
      'aks1 open',
    ]);
  });

  test('while a member has no API server its kwok is not started again: when it has, it is', async () => {
    const { enactor, done } = hands();
    const [gone, slow] = [fault('api-gone', 'aks1'), fault('pod-start-slow', 'aks1', { ms: 1 })];
    await enactor.enact(effects(gone, slow));
    await enactor.enact(effects(slow));
    expect(done.slice(2)).toEqual(['release aks1/kube-apiserver', 'aks1 open', 'aks1 starts in 2001']);
  });

  test('what was frozen stays so over a restart of kwok', async () => {
    const { enactor, done } = hands();
    const [frozen, slow] = [
      fault('frozen-controller', 'aks1', { controller: 'kwok' }),
      fault('pod-start-slow', 'aks1', { ms: 1 }),
    ];
    await enactor.enact(effects(frozen));
    await enactor.enact(effects(frozen, slow));
    expect(done).toEqual(['freeze aks1/kwok', 'aks1 starts in 2001', 'freeze aks1/kwok']);
  });

  test('what fails is told, does not stop the rest, and is tried again', async () => {
    const failing = new Set(['aks1 shut', 'hold aks2/kube-apiserver']);
    const { enactor, done } = hands(failing);
    const both = effects(fault('api-gone', '*'));
    await expect(enactor.enact(both)).rejects.toThrow('aks1 shut failed; hold aks2/kube-apiserver failed');
    expect(done).toContain('hold federation/kube-apiserver');
    failing.clear();
    done.length = 0;
    await enactor.enact(both);
    expect(done).toEqual(['aks1 shut', 'hold aks2/kube-apiserver']);
  });
});

describe('what the rig refuses', () => {
  const targets: Targets = {
    planes: shape.planes,
    members: shape.members,
    pops: ['icn'],
    nodes: () => ['aks1/aks1-node-0'],
    controllers: (plane) => controllersOf(plane, processes).map(shortName),
  };
  const refusal = (kind: string, target: string, options: Fault['options'] = {}) => {
    try {
      refuse({ kind, target, options }, targets);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return (error as Error).message;
    }
    return undefined;
  };

  test('every fault of the sandbox is one the rig can play, or is refused by name with those it can', () => {
    const cannot = Object.keys(faultKinds).filter((kind) => !Object.hasOwn(rigFaultKinds, kind));
    expect(cannot.toSorted()).toEqual(['api-429', 'api-500', 'stale-status']);
    expect(refusal('api-500', 'aks1')).toMatch(
      /^the rig cannot play api-500, only the sandbox can: .*partition/,
    );
    expect(refusal('api-400', 'aks1')).toMatch(/^there is no fault "api-400"; the rig can: .*partition/);
  });

  test('all that is wrong at once: target, options, controller', () => {
    expect(refusal('api-slow', 'aks9', { delayMs: 1, verbs: ['get'], much: true })).toBe(
      'api-slow has no target "aks9"; there are: aks1, aks2, federation, and * for all; ' +
        'api-slow has no option "verbs" on the rig; it takes: delayMs; ' +
        'api-slow has no option "much" on the rig; it takes: delayMs',
    );
    expect(refusal('frozen-controller', 'aks2', { controller: 'kube-scheduler' })).toBe(
      'aks2 has no controller "kube-scheduler"; there are: kwok',
    );
  });

  test.each([
    ['api-gone', 'federation'],
    ['api-gone', '*'],
    ['node-down', 'aks1/aks1-node-0'],
    ['origin-503', 'aks2'],
    ['pop-stuck', 'icn'],
    ['management-500', 'front-door'],
    ['image-pull', 'aks1'],
  ])('%s on %s is fine', (kind, target) => {
    expect(refusal(kind, target)).toBeUndefined();
  });

  test.each([
    ['origin-503', 'federation'],
    ['image-pull', 'federation'],
    ['node-down', 'aks1-node-0'],
    ['pop-stuck', 'aks1'],
  ])('%s on %s is not', (kind, target) => {
    expect(refusal(kind, target)).toMatch(new RegExp(`^${kind} has no target "${target}"; there are: `));
  });
});

describe('settings', () => {
  test('how long pods take to start: on all members, or on one', () => {
    const settings = createRigSettings(usual, shape.members);
    settings.change({ podStartMs: 100, clusters: { aks2: { podStartMs: 0 } } });
    expect(shape.members.map((member) => settings.life(member).startMs)).toEqual([100, 0]);
    expect(settings.read()).toEqual({ podStartMs: 100, clusters: { aks2: { podStartMs: 0 } } });
  });

  test('what is wrong is told at once, and nothing is changed', () => {
    const settings = createRigSettings(usual, shape.members);
    const changes = { podStartMs: 1, cpu: '4', clusters: { aks1: { podStartMs: 'long' }, aks9: {} } };
    expect(() => settings.change(changes)).toThrow(
      'the rig has no setting cpu; it has podStartMs; ' +
        'clusters.aks1.podStartMs is a number of milliseconds, not "long"; there is no member aks9; there are: aks1, aks2',
    );
    expect(settings.read().podStartMs).toBe(2000);
  });
});
