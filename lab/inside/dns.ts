/** The cluster DNS of one member: a real server on UDP and TCP, of the same port, on the loopback address. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import packet from 'dns-packet';
import type { ObjectReader } from '../store.ts';
import { type Resolved, resolveName } from './names.ts';

export interface ClusterDns {
  port: number;
  close(): Promise<void>;
}

/** CoreDNS's default of both plugins. */
const TTL_SECONDS = 5;
/** RFC 1035, 4.2.1: what a client takes that does not say (by EDNS) that it takes more. */
const PLAIN_LIMIT = 512;
/** dns-packet writes the response code into the low bits of the flags. */
const codes = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3, REFUSED: 5 };

/** On `wantedPort` when it is free for both, else on another. */
export async function startClusterDns(reader: ObjectReader, wantedPort = 0): Promise<ClusterDns> {
  const { udp, tcp, port } = await bindBoth(wantedPort);
  const open = new Set<Socket>();
  udp.on('message', (message, from) => {
    const reply = answer(message, reader, 'udp');
    if (reply) udp.send(reply, from.port, from.address);
  });
  tcp.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    serveStream(socket, reader);
  });
  return {
    port,
    async close() {
      for (const socket of open) socket.destroy();
      await Promise.all([
        new Promise<void>((done) => udp.close(() => done())),
        new Promise<void>((done) => tcp.close(() => done())),
      ]);
    },
  };
}

/** Messages with their length before them, as many as the client sends. */
function serveStream(socket: Socket, reader: ObjectReader): void {
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const length = buffered.length < 2 ? Number.POSITIVE_INFINITY : buffered.readUInt16BE(0);
      if (buffered.length < 2 + length) return;
      const reply = answer(buffered.subarray(2, 2 + length), reader, 'tcp');
      buffered = buffered.subarray(2 + length);
      if (!reply) return void socket.destroy();
      const prefix = Buffer.alloc(2);
      prefix.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([prefix, reply]));
    }
  });
}

/** Undefined for what is no query: such a message gets no answer. */
export function answer(message: Buffer, reader: ObjectReader, transport: 'udp' | 'tcp'): Buffer | undefined {
  const query = decode(message);
  if (query === undefined || query.type !== 'query') return undefined;
  const [question, ...others] = query.questions ?? [];
  const wellFormed = question !== undefined && others.length === 0;
  const resolved = wellFormed ? resolveName(question.name, reader) : undefined;
  const reply = {
    type: 'response' as const,
    id: query.id ?? 0,
    questions: query.questions ?? [],
    flags: codeOf(resolved) | packet.AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & packet.RECURSION_DESIRED),
    answers: wellFormed && resolved ? records(question, resolved) : [],
  };
  const whole = packet.encode(reply);
  if (transport === 'tcp' || whole.length <= limitOf(query)) return whole;
  // The client asks again by TCP.
  return packet.encode({ ...reply, answers: [], flags: reply.flags | packet.TRUNCATED_RESPONSE });
}

function decode(message: Buffer): packet.DecodedPacket | undefined {
  try {
    return packet.decode(message);
  } catch {
    return undefined;
  }
}

function codeOf(resolved: Resolved | undefined): number {
  if (resolved === undefined) return codes.FORMERR;
  if (resolved.found === 'nothing') return codes.NXDOMAIN;
  return resolved.found === 'foreign' ? codes.REFUSED : codes.NOERROR;
}

function records({ name, type }: packet.Question, resolved: Resolved): packet.Answer[] {
  const shared = { name, ttl: TTL_SECONDS, class: 'IN' as const };
  if (resolved.found === 'alias') return [{ ...shared, type: 'CNAME', data: resolved.name }];
  if (resolved.found !== 'addresses' || type !== 'A') return [];
  return shuffled(resolved.addresses).map((data) => ({ ...shared, type: 'A', data }));
}

/** As CoreDNS's `loadbalance`, which Kubernetes' own configuration has: the order is drawn anew each time. */
function shuffled(addresses: string[]): string[] {
  const drawn = addresses.map((address) => ({ address, at: Math.random() }));
  return drawn.sort((one, other) => one.at - other.at).map(({ address }) => address);
}

function limitOf(query: packet.Packet): number {
  const edns = query.additionals?.find(({ type }) => type === 'OPT') as packet.OptAnswer | undefined;
  return Math.max(PLAIN_LIMIT, edns?.udpPayloadSize ?? 0);
}

async function bindBoth(wantedPort: number): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const tcp = createServer();
    const port = await bindTcp(tcp, attempt === 0 ? wantedPort : 0).catch((error) => taken(error, attempt));
    if (port === undefined) continue;
    const udp = createSocket('udp4');
    try {
      await new Promise<void>((done, failed) => udp.once('error', failed).bind(port, '127.0.0.1', done));
      return { udp, tcp, port };
    } catch (error) {
      udp.close();
      await new Promise((done) => tcp.close(done));
      taken(error, attempt);
    }
  }
}

function bindTcp(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      done((server.address() as { port: number }).port);
    });
  });
}

const TRIES = 5;

function taken(error: unknown, attempt: number): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt >= TRIES) throw error;
}
