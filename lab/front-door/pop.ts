/**
 * One point of presence: its own copy of the configuration, its own probes of every origin, its own turns.
 * Two points of presence never share what they know, which is why one can be wrong alone.
 */
import { type Delivery, match, type Origin } from './delivery.ts';
import { isHealthy, record } from './samples.ts';
import { type Candidate, createTurns, eligible } from './selection.ts';

export interface Pop {
  readonly name: string;
  apply(deliveries: Delivery[]): void;
  /** The delivery of a request and the origin whose turn it is; no origin when the group has none enabled. */
  choose(host: string, path: string): { delivery: Delivery; origin: Origin | undefined } | undefined;
  /** Keeps the origins that serve now, whatever probes or configuration say, until let go. */
  stick(stuck: boolean): void;
  state(): PopState;
  close(): void;
}

export interface PopState {
  name: string;
  origins: { group: string; name: string; healthy: boolean; samples: boolean[]; latencyMs: number }[];
}

/** Sends one probe; resolves to whether it passed and how long it took. */
export type Probe = (origin: Origin, delivery: Delivery) => Promise<{ passed: boolean; tookMs: number }>;

interface Observed {
  samples: boolean[];
  latencies: number[];
}

/** Latency is the median of this many probes, so that one slow probe does not move traffic. */
const LATENCIES = 5;

export function createPop(name: string, phase: number, probe: Probe): Pop {
  let deliveries: Delivery[] = [];
  let stuck: Map<string, string[]> | undefined;
  const observed = new Map<string, Observed>();
  const turns = new Map<string, ReturnType<typeof createTurns>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const keyOf = (delivery: Delivery, origin: Origin) =>
    `${delivery.id} ${origin.host}:${origin.port} ${origin.name}`;

  function observe(key: string): Observed {
    const known = observed.get(key) ?? { samples: [], latencies: [] };
    observed.set(key, known);
    return known;
  }

  async function round(delivery: Delivery): Promise<void> {
    await Promise.all(
      delivery.origins
        .filter((origin) => origin.enabled)
        .map(async (origin) => {
          const { passed, tookMs } = await probe(origin, delivery);
          const seen = observe(keyOf(delivery, origin));
          seen.samples = record(seen.samples, passed, delivery.sampleSize);
          if (passed) seen.latencies = [...seen.latencies, tookMs].slice(-LATENCIES);
        }),
    );
  }

  /** A group keeps its rhythm when only its origins change; the phase keeps the POPs' rounds apart. */
  function reprobe(): void {
    for (const timer of timers.values()) clearInterval(timer);
    timers.clear();
    for (const {
      id,
      probe: { intervalMs },
    } of deliveries) {
      const now = () => {
        const delivery = deliveries.find((one) => one.id === id);
        if (delivery) void round(delivery);
      };
      const first = setTimeout(() => {
        now();
        timers.set(id, setInterval(now, intervalMs));
      }, phase * intervalMs);
      timers.set(id, first);
    }
  }

  /** An origin that comes back later begins anew. */
  function forget(): void {
    const known = new Set(
      deliveries.flatMap((delivery) => delivery.origins.map((origin) => keyOf(delivery, origin))),
    );
    for (const key of observed.keys()) if (!known.has(key)) observed.delete(key);
  }

  function candidates(delivery: Delivery): (Candidate & { origin: Origin })[] {
    return delivery.origins.map((origin) => {
      const seen = observe(keyOf(delivery, origin));
      const healthy = isHealthy(seen.samples, delivery.sampleSize, delivery.successfulSamplesRequired);
      const { name, enabled, priority, weight } = origin;
      return { name, enabled, priority, weight, healthy, latencyMs: median(seen.latencies), origin };
    });
  }

  function serving(delivery: Delivery): (Candidate & { origin: Origin })[] {
    const all = candidates(delivery);
    const kept = stuck?.get(delivery.id);
    return kept
      ? all.filter((candidate) => kept.includes(candidate.name))
      : eligible(all, delivery.latencyBandMs);
  }

  return {
    name,
    apply(next) {
      if (stuck) return;
      const rhythm = (all: Delivery[]) =>
        JSON.stringify(all.map(({ id, probe: { intervalMs } }) => [id, intervalMs]));
      const keeps = rhythm(next) === rhythm(deliveries);
      deliveries = next;
      forget();
      if (!keeps) reprobe();
    },
    choose(host, path) {
      const delivery = match(deliveries, host, path);
      if (!delivery) return undefined;
      const take = turns.get(delivery.id) ?? createTurns();
      turns.set(delivery.id, take);
      return { delivery, origin: take(serving(delivery))?.origin };
    },
    stick(on) {
      stuck = on
        ? new Map(deliveries.map((delivery) => [delivery.id, serving(delivery).map((it) => it.name)]))
        : undefined;
    },
    state: () => ({
      name,
      origins: deliveries.flatMap((delivery) =>
        candidates(delivery).map(({ name: origin, healthy, latencyMs, origin: it }) => {
          const samples = observe(keyOf(delivery, it)).samples;
          return { group: delivery.id, name: origin, healthy, samples, latencyMs };
        }),
      ),
    }),
    close() {
      for (const timer of timers.values()) clearInterval(timer);
    },
  };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
