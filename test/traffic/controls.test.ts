import { afterEach, describe, expect, test } from '@jest/globals';
import { showControls } from '../../activities/traffic/controls.ts';
import { contextOn, fleetAt, mark, type Site, serve } from './world.ts';

const sites: Site[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function entry(member: string, seen: unknown[] = []) {
  const site = await serve(({ headers }, response) => {
    seen.push(headers['x-firedrill-control']);
    if (member === '') response.end();
    else mark(response, member).end();
  });
  sites.push(site);
  return site.url;
}

describe('the controls', () => {
  test('both detectors see what they are shown', async () => {
    const marks: unknown[] = [];
    const fleet = fleetAt('http://127.0.0.1:1/', { aks1: await entry('aks1', marks) });
    const shown = await showControls(contextOn(fleet), 'aks1');
    expect(shown.positive).toEqual({ seen: true, evidence: expect.stringContaining('routed by aks1') });
    expect(shown.negative).toEqual({ seen: true, evidence: expect.stringContaining('refused') });
    expect(marks).toEqual(['true']);
  });

  test('an entry point that does not say whose it is, or says another, is not seen', async () => {
    const anonymous = fleetAt('http://127.0.0.1:1/', { aks1: await entry('') });
    expect((await showControls(contextOn(anonymous), 'aks1')).positive.seen).toBe(false);
    const swapped = fleetAt('http://127.0.0.1:1/', { aks1: await entry('aks2') });
    expect((await showControls(contextOn(swapped), 'aks1')).positive).toEqual({
      seen: false,
      evidence: expect.stringContaining('routed by aks2'),
    });
  });

  test('a detector that takes everything for good is found out', async () => {
    const context = contextOn(fleetAt('http://127.0.0.1:1/', { aks1: await entry('aks1') }));
    const shot = { class: 'ok' as const, status: 200, routed: 'aks1', served: 'aks1', pod: '', bytes: 0 };
    const blind = { open: () => ({ send: async () => shot, close: async () => {} }) };
    const { negative } = await showControls({ ...context, ports: { ...context.ports, load: blind } }, 'aks1');
    expect(negative.seen).toBe(false);
  });
});
