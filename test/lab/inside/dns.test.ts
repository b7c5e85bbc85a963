/** The cluster DNS asked by Node's own resolver (c-ares) over real sockets, and by hand where it hides too much. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import packet from 'dns-packet';
import { type ClusterDns, startClusterDns } from '../../../lab/inside/dns.ts';
import { createStore, type MemoryStore } from '../../../lab/kubernetes/store.ts';
import { addImport, addService, addSlice } from './objects.ts';

let store: MemoryStore;
let dns: ClusterDns;
let resolver: Resolver;

beforeEach(async () => {
  store = createStore('k3s');
  dns = await startClusterDns(store);
  resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${dns.port}`]);
});
afterEach(() => dns.close());

const CLUSTERSET = 'hello.demo.svc.clusterset.local';

test('an imported Service has one address: the derived one, whatever stands behind it', async () => {
  const derived = addService(store, 'derived-hello');
  addImport(store, 'hello');
  addSlice(store, 'imported-aks1-hello', 'derived-hello', ['10.240.0.1', '10.240.0.2']);
  await expect(resolver.resolve4(CLUSTERSET)).resolves.toEqual([derived.spec.clusterIP]);
  await expect(resolver.resolve4('derived-hello.demo.svc.cluster.local')).resolves.toEqual([
    derived.spec.clusterIP,
  ]);
});

test('addresses that the ServiceImport names itself come first', async () => {
  addService(store, 'derived-hello');
  addImport(store, 'hello', { type: 'ClusterSetIP', ips: ['10.99.0.1'] });
  await expect(resolver.resolve4(CLUSTERSET)).resolves.toEqual(['10.99.0.1']);
});

test('what is not there is no name; what is there has no IPv6 address; others are not answered for', async () => {
  addService(store, 'hello');
  for (const name of [CLUSTERSET, 'other.demo.svc.cluster.local', 'hello.demo.pod.cluster.local'])
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolver.resolve6('hello.demo.svc.cluster.local')).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolver.resolve4('example.com')).rejects.toMatchObject({ code: 'EREFUSED' });
});

test('a Service that comes and goes is a name that comes and goes', async () => {
  const { spec } = addService(store, 'hello');
  await expect(resolver.resolve4('hello.demo.svc.cluster.local')).resolves.toEqual([spec.clusterIP]);
  store.remove('core/services', 'demo', 'hello');
  await expect(resolver.resolve4('hello.demo.svc.cluster.local')).rejects.toMatchObject({
    code: 'ENOTFOUND',
  });
});

test('a headless Service has an address for each ready endpoint, in changing order', async () => {
  addService(store, 'hello', { clusterIP: 'None' });
  const addresses = Array.from({ length: 6 }, (_, index) => `10.240.0.${index + 1}`);
  addSlice(store, 'hello-one', 'hello', addresses);
  const seen = new Set<string>();
  for (let asked = 0; asked < 20; asked += 1) {
    const answer = await resolver.resolve4('hello.demo.svc.cluster.local');
    expect(answer.toSorted()).toEqual(addresses);
    seen.add(answer.join());
  }
  expect(seen.size).toBeGreaterThan(1);
  store.update('discovery.k8s.io/endpointslices', 'demo', 'hello-one', (slice) => {
    for (const endpoint of slice.endpoints.slice(1)) endpoint.conditions.ready = false;
  });
  await expect(resolver.resolve4('hello.demo.svc.cluster.local')).resolves.toEqual(['10.240.0.1']);
});

test('an answer too long for UDP says so, and the resolver gets all of it by TCP', async () => {
  addService(store, 'hello', { clusterIP: 'None' });
  const addresses = Array.from({ length: 200 }, (_, index) => `10.240.0.${index + 1}`);
  addSlice(store, 'hello-one', 'hello', addresses);
  const query = packet.encode({
    type: 'query',
    id: 7,
    questions: [{ type: 'A', name: 'hello.demo.svc.cluster.local' }],
  });
  const udp = packet.decode(await askUdp(query));
  expect(udp).toMatchObject({ id: 7, flag_tc: true, answers: [] });
  const tcp = packet.decode(await askTcp(query));
  expect(tcp).toMatchObject({ id: 7, flag_tc: false });
  expect(tcp.answers).toHaveLength(200);
  await expect(resolver.resolve4('hello.demo.svc.cluster.local')).resolves.toHaveLength(200);
});

test('rubbish is not answered and does no harm', async () => {
  addService(store, 'hello');
  const socket = createSocket('udp4');
  socket.send(Buffer.from('no packet'), dns.port, '127.0.0.1');
  const stream = connect(dns.port, '127.0.0.1');
  stream.write(Buffer.from([0, 3, 1, 2, 3]));
  await new Promise((closed) => stream.once('close', closed));
  socket.close();
  await expect(resolver.resolve4('hello.demo.svc.cluster.local')).resolves.toHaveLength(1);
});

function askUdp(query: Buffer): Promise<Buffer> {
  const socket = createSocket('udp4');
  return new Promise((answered) => {
    socket.once('message', (message) => {
      socket.close();
      answered(message);
    });
    socket.send(query, dns.port, '127.0.0.1');
  });
}

/** In two writes, as a network may cut it. */
function askTcp(query: Buffer): Promise<Buffer> {
  const socket = connect(dns.port, '127.0.0.1');
  const chunks: Buffer[] = [];
  return new Promise((answered) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      if (all.length < 2 || all.length < 2 + all.readUInt16BE(0)) return;
      socket.destroy();
      answered(all.subarray(2));
    });
    socket.write(Buffer.from([0, query.length, ...query.subarray(0, 5)]));
    setTimeout(() => socket.write(query.subarray(5)), 10);
  });
}
