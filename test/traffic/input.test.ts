import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Kind } from '../../activities/kind.ts';
import { trafficKinds } from '../../activities/traffic/index.ts';
import { targetOf } from '../../activities/traffic/input.ts';
import { catalogue } from '../../dsl/errors/catalogue.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { contextOn, fleetAt, HOST, type Site, serve } from './world.ts';

const [generate, sample] = trafficKinds as [Kind, Kind];
const fleet = fleetAt('http://127.0.0.1:9/');

let site: Site | undefined;
afterEach(async () => site?.close());

const codes = (kind: Kind, given: object, on: Fleet = fleet) =>
  kind.check!(kind.input.parse(given), on).map((problem) => problem.code);

describe('what is refused before anything is sent', () => {
  test('an example of each kind is fine', () => {
    for (const kind of trafficKinds) expect(codes(kind, kind.example)).toEqual([]);
  });

  test.each([
    ['no rate at all', { rate: '0/s' }, ['FD5006']],
    ['a flood', { rate: '5001/s' }, ['FD5006']],
    ['the most', { rate: '5000/s' }, []],
    ['an unknown member', { rate: '1/s', via: 'aks9' }, ['FD5005']],
    ['a name of JavaScript', { rate: '1/s', via: 'constructor' }, ['FD5005']],
    ['no time', { rate: '1/s', timeout: '0s' }, ['FD5002']],
    ['too long a time', { rate: '1/s', timeout: '5s' }, ['FD5002']],
    ['a blink', { rate: '1/s', duration: '500ms' }, ['FD5007']],
    ['a day', { rate: '1/s', duration: '1d' }, ['FD5007']],
    [
      'everything at once',
      { rate: '0/s', timeout: '9s', via: 'x', duration: '2h' },
      ['FD5002', 'FD5005', 'FD5006', 'FD5007'],
    ],
  ])('%s', (_, given, expected) => {
    expect(codes(generate, given)).toEqual(expected);
    for (const code of expected) expect(catalogue).toHaveProperty(code);
  });

  test('a host that the fleet does not allow, said for the load balancer and for a member', () => {
    const closed = { ...fleet, allowHosts: ['other.example.com'] };
    expect(codes(generate, { rate: '1/s' }, closed)).toEqual(['FD5003']);
    expect(codes(generate, { rate: '1/s', via: 'aks1' }, closed)).toEqual(['FD5003']);
    expect(codes(sample, {}, closed)).toEqual(['FD5003']);
    expect(codes(generate, { rate: '1/s' }, { ...fleet, allowHosts: [`${HOST.toUpperCase()}:443`] })).toEqual(
      [],
    );
  });

  test('a fleet without a load balancer', () => {
    const { loadBalancer: _, ...bare } = fleet;
    expect(codes(generate, { rate: '1/s' }, bare)).toEqual(['FD5004']);
    expect(codes(generate, { rate: '1/s', via: 'aks1' }, bare)).toEqual([]);
  });

  test.each(['50', '50/h', '-1/s', '1.5/s', '1e3/s', ''])('the rate %p is none', (rate) => {
    expect(generate.input.safeParse({ rate }).success).toBe(false);
  });

  test('what only the run knows is refused by the run', async () => {
    const context = contextOn({ ...fleet, allowHosts: [] });
    expect(() => targetOf({ path: '/', timeout: '2s' }, context)).toThrow('allowHosts');
  });
});

test('a path never leaves the host', () => {
  const paths = fc.oneof(
    fc.webPath().filter((path) => path.startsWith('/')),
    fc.constantFrom(
      '//evil.example/',
      '/../../x',
      '/a?b=http://evil.example',
      '//evil.example:80/?@',
      '/@evil.example',
    ),
  );
  fc.assert(
    fc.property(paths, (path) => {
      const given = generate.input.safeParse({ rate: '1/s', path });
      if (!given.success) return;
      const { url, host } = targetOf({ path, timeout: '2s' }, contextOn(fleet));
      expect(new URL(url).origin).toBe('http://127.0.0.1:9');
      expect(host).toBe(HOST);
    }),
  );
  for (const path of ['hello', '/a b', '/a#b', '/\\evil.example'])
    expect(generate.input.safeParse({ rate: '1/s', path }).success).toBe(false);
});

describe('preflight', () => {
  const look = (on: Fleet) => generate.preflight!(generate.input.parse({ rate: '1/s' }), contextOn(on));

  test('an answer will do, whatever its status: set-up may bring the application', async () => {
    site = await serve((_, response) => response.writeHead(503).end());
    expect(await look(fleetAt(site.url))).toMatchObject([{ severity: 'ok', what: 'answers 503' }]);
  });

  test('no answer names the host and the reason', async () => {
    const [finding] = await look(fleetAt('http://127.0.0.1:1/'));
    expect(finding).toMatchObject({
      severity: 'error',
      code: 'FD5010',
      where: expect.stringContaining(HOST),
    });
    expect(finding!.what).toContain('refused');
  });

  test('a fleet without identity is warned of', async () => {
    site = await serve((_, response) => response.end());
    const { identity: _, ...anonymous } = fleetAt(site.url);
    expect((await look(anonymous)).map((finding) => finding.code)).toEqual(['FD5010', 'FD5011']);
  });
});
