import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'undici';
import { openLoadBalancer } from '../../../adapters/front-door/index.ts';
import { names } from '../../../lab/front-door/operator.ts';
import { RESOURCE_GROUP, SUBSCRIPTION, startFrontDoor } from '../../../lab/front-door/start.ts';
import { type Front, openFront } from '../../contracts/front.ts';
import { HOST } from '../edge/hello.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront({ operationMs: 2, rolloutMs: 5, probeTimeoutMs: 300 });
  const balancer = openLoadBalancer(front.fleet('standard'));
  const before = await balancer.describe(AbortSignal.timeout(5_000));
  const backends = ['aks1', 'aks2', 'k3s'].map((member) => ({
    member,
    name: member,
    address: `127.0.0.1:${front.edge.ports[member]}`,
    hostHeader: HOST,
    enabled: true,
    weight: 50,
    priority: 1,
  }));
  const wanted = { ...before, backends };
  await balancer.ensure(wanted, { signal: AbortSignal.timeout(10_000), onOperation: () => undefined });
  await until(async () => (await ask()).status === 200);
});
afterAll(() => front.close());

interface Asked {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

async function send(
  file: string,
  path: string,
  init: { method?: 'GET' | 'PUT' | 'PATCH'; headers?: Record<string, string>; body?: unknown },
): Promise<Asked> {
  const client = new Client(new URL(readFileSync(join(front.folder, `${file}.url`), 'utf8')).origin, {
    headersTimeout: 3_000,
  });
  try {
    const { method = 'GET', headers = {}, body } = init;
    const answer = await client.request({
      path,
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
  } finally {
    await client.destroy();
  }
}

const ask = (headers: Record<string, string> = {}) =>
  send('front-door', '/', { headers: { host: HOST, ...headers } });

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let n = 0; n < 100 && !(await holds()); n += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function during(kind: string, target: string, body: () => Promise<void>): Promise<void> {
  const id = front.faults.add({ kind, target });
  try {
    await body();
  } finally {
    front.faults.remove(id);
  }
}

describe('data plane', () => {
  test('connections take turns over the points of presence; a header chooses one', async () => {
    const turns = [await ask(), await ask(), await ask()].map(({ headers }) => headers['x-lab-pop']);
    expect(new Set(turns)).toEqual(new Set(['icn', 'nrt', 'sin']));
    expect((await ask({ 'x-lab-pop': 'sin' })).headers).toMatchObject({
      'x-lab-pop': 'sin',
      'x-azure-ref': expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{24}$/),
      'x-routed-cluster': expect.any(String),
    });
  });

  test('each point of presence takes the origins in turn', async () => {
    const routed: unknown[] = [];
    for (let n = 0; n < 6; n += 1)
      routed.push((await ask({ 'x-lab-pop': 'nrt' })).headers['x-routed-cluster']);
    expect(routed.slice(0, 3)).toEqual(routed.slice(3));
    expect(new Set(routed)).toEqual(new Set(['aks1', 'aks2', 'k3s']));
  });

  test('a host that nobody configured', async () => {
    expect(await ask({ host: 'other.example.com' })).toMatchObject({
      status: 404,
      body: expect.stringContaining("weren't able to find your Azure Front Door Service configuration"),
    });
  });

  test('an origin that cuts the connection is 502, one that refuses 503, by a page without identity', async () => {
    const failed = async () => {
      const answers = await Promise.all(Array.from({ length: 9 }, () => ask()));
      return answers.find(({ status }) => status >= 500);
    };
    await during('origin-reset', '*', async () => {
      const answer = await failed();
      expect(answer).toMatchObject({
        status: 502,
        body: expect.stringContaining("Our services aren't available"),
      });
      expect(answer?.headers).not.toHaveProperty('x-routed-cluster');
    });
    await during('origin-refuse', '*', async () => {
      await until(async () => (await failed())?.status === 503);
      expect((await failed())?.status).toBe(503);
    });
  });

  test('probes that fail on one point of presence take the origin off that one alone', async () => {
    const healthy = () =>
      front.frontDoor
        .pops()
        .standard.map(({ name, origins }) => [name, origins.every((origin) => origin.healthy)]);
    await during('pop-probes-fail', 'icn', async () => {
      await until(
        () => healthy()[0]?.[1] === false && healthy()[1]?.[1] === true && healthy()[2]?.[1] === true,
      );
      expect(healthy()).toEqual([
        ['icn', false],
        ['nrt', true],
        ['sin', true],
      ]);
      // All unhealthy there: every origin is used.
      expect((await ask({ 'x-lab-pop': 'icn' })).status).toBe(200);
    });
  });
});

describe('management API', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${RESOURCE_GROUP}/providers`;
  const profile = `${group}/Microsoft.Cdn/profiles/${names.profile}`;
  const origin = `${profile}/originGroups/${names.originGroup}/origins/aks1`;
  const manage = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send('management', `${path}?api-version=2024-02-01`, {
      method: body === undefined ? 'GET' : 'PATCH',
      headers: {
        authorization: `Bearer ${readFileSync(join(front.folder, 'azure.token'), 'utf8')}`,
        ...headers,
      },
      body,
    });
  const codeOf = ({ status, body }: Asked) => [status, JSON.parse(body).error.code];

  test('refuses in the words of Azure', async () => {
    expect(codeOf(await send('management', `${profile}?api-version=2024-02-01`, {}))).toEqual([
      401,
      'AuthenticationFailed',
    ]);
    expect(codeOf(await manage(profile, undefined, { authorization: 'Bearer no' }))).toEqual([
      401,
      'InvalidAuthenticationToken',
    ]);
    expect(codeOf(await manage(profile.replace(SUBSCRIPTION, 'x')))).toEqual([404, 'SubscriptionNotFound']);
    expect(codeOf(await manage(profile.replace(`/${RESOURCE_GROUP}/`, '/x/')))).toEqual([
      404,
      'ResourceGroupNotFound',
    ]);
    expect(codeOf(await manage(`${profile}x`))).toEqual([404, 'ResourceNotFound']);
    expect(codeOf(await manage(`${profile}x/originGroups/g`))).toEqual([404, 'ParentResourceNotFound']);
  });

  test.each([
    ['priority', { priority: 0 }],
    ['weight', { weight: 1001 }],
    ['httpPort', { httpPort: 70_000 }],
    ['enabledState', { enabledState: 'On' }],
  ])('400 for a wrong %s of an origin', async (name, properties) => {
    const refused = await manage(origin, { properties });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain(`'${name}'`);
  });

  test.each([
    ['successfulSamplesRequired', { loadBalancingSettings: { sampleSize: 2, successfulSamplesRequired: 3 } }],
    ['probeRequestType', { healthProbeSettings: { probeRequestType: 'POST' } }],
    ['probeIntervalInSeconds', { healthProbeSettings: { probeIntervalInSeconds: 0 } }],
  ])('400 for a wrong %s of an origin group', async (name, properties) => {
    const refused = await manage(`${profile}/originGroups/${names.originGroup}`, { properties });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain(`'${name}'`);
  });

  test('a stale ETag is 412, a second change meanwhile 409', async () => {
    expect((await manage(origin, { properties: { weight: 51 } }, { 'if-match': 'W/"old"' })).status).toBe(
      412,
    );
    front.frontDoor.settings.operationMs = 200;
    const first = await manage(origin, { properties: { weight: 51 } });
    expect([first.status, first.headers['azure-asyncoperation']]).toEqual([
      202,
      expect.stringMatching(/^https:\/\/management.azure.com\//),
    ]);
    expect(JSON.parse((await manage(origin)).body).properties).toMatchObject({
      provisioningState: 'Updating',
      weight: 51,
    });
    expect(codeOf(await manage(origin, { properties: { weight: 52 } }))).toEqual([409, 'Conflict']);
    front.frontDoor.settings.operationMs = 2;
  });

  test('a killed lab goes on: resources, token and a change under way', async () => {
    await until(
      async () => JSON.parse((await manage(origin)).body).properties.provisioningState === 'Succeeded',
    );
    front.frontDoor.settings.operationMs = 400;
    await manage(origin, { properties: { weight: 77 } });
    const token = readFileSync(join(front.folder, 'azure.token'), 'utf8');
    await front.frontDoor.close();
    front.frontDoor = await startFrontDoor(
      { faults: front.faults },
      { folder: front.folder, ports: front.frontDoor.ports, host: HOST, firstBackend: '127.0.0.1:1' },
    );
    expect(readFileSync(join(front.folder, 'azure.token'), 'utf8')).toBe(token);
    await until(
      async () => JSON.parse((await manage(origin)).body).properties.provisioningState === 'Succeeded',
    );
    expect(JSON.parse((await manage(origin)).body).properties).toMatchObject({
      weight: 77,
      provisioningState: 'Succeeded',
    });
    expect((await ask()).status).toBe(200);
  });
});
