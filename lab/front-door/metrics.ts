/** What Azure Monitor would show of the probes: percent passed by origin and minute, and only later. */
import type { Delivery, Origin } from './delivery.ts';

export interface ProbeMetrics {
  record(delivery: Delivery, origin: Origin, passed: boolean, nowMs: number): void;
  /** The answer of `…/providers/Microsoft.Insights/metrics` for a profile or Front Door. */
  read(owner: string, metric: string, nowMs: number): unknown;
}

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 30;

/** Metric name → its dimension. */
const dimensions: Record<string, string> = {
  OriginHealthPercentage: 'Origin',
  BackendHealthPercentage: 'Backend',
};

export function createProbeMetrics(settings: { metricsLateMs: number }): ProbeMetrics {
  /** Owner's id and origin's address → minute → counts. */
  const counted = new Map<
    string,
    { id: string; origin: string; minutes: Map<number, { all: number; passed: number }> }
  >();

  return {
    record(delivery, origin, passed, nowMs) {
      const address = `${origin.host}:${origin.port}`;
      const key = `${delivery.id} ${address}`;
      const series = counted.get(key) ?? { id: delivery.id, origin: address, minutes: new Map() };
      counted.set(key, series);
      const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
      const counts = series.minutes.get(minute) ?? { all: 0, passed: 0 };
      series.minutes.set(minute, { all: counts.all + 1, passed: counts.passed + (passed ? 1 : 0) });
      for (const old of [...series.minutes.keys()].slice(0, -KEPT_MINUTES)) series.minutes.delete(old);
    },
    read(owner, metric, nowMs) {
      const dimension = dimensions[metric];
      if (!dimension) return undefined;
      const timeseries = [...counted.values()]
        .filter(({ id }) => id.toLowerCase().startsWith(`${owner.toLowerCase()}/`))
        .map(({ origin, minutes }) => ({
          metadatavalues: [{ name: { value: dimension.toLowerCase() }, value: origin }],
          data: [...minutes]
            .filter(([minute]) => minute + MINUTE_MS + settings.metricsLateMs <= nowMs)
            .map(([minute, { all, passed }]) => ({
              timeStamp: new Date(minute).toISOString(),
              average: (passed / all) * 100,
            })),
        }));
      return { interval: 'PT1M', value: [{ name: { value: metric }, unit: 'Percent', timeseries }] };
    },
  };
}
