/** The two routing stages, from the same requests: client → cluster → pod; the width is the share. */
import type { Json } from '../../../dsl/plan.ts';
import type { Row } from '../../../dsl/window.ts';
import type { Journal } from '../../journal.ts';
import type { Phases } from '../../phases.ts';
import type { Span } from '../../spans.ts';
import type { Chart } from '../draw.ts';
import { type Frame, fontSize } from '../frame.ts';
import { ink } from '../palette.ts';

export interface Routing {
  name: string;
  /** Requests by the cluster that routed them; '' when nobody can be named. */
  clusters: Record<string, number>;
  /** `cluster/pod` → requests. */
  pods: Record<string, number>;
}

/** Before the fault, and with the cluster lost, once users were healthy; the whole run when there was no fault. */
export function routingsOf(journal: Journal, phases: Phases, healthyAtMs: number | undefined): Routing[] {
  const spans: [string, Span][] =
    phases.exercise === undefined
      ? [['The whole run', phases.run]]
      : [
          ['Before the fault', { fromMs: phases.run.fromMs, untilMs: phases.exercise.fromMs }],
          [
            'With the cluster lost',
            { fromMs: healthyAtMs ?? phases.exercise.fromMs, untilMs: phases.exercise.untilMs },
          ],
        ];
  const background = spans.map(([name, span]) => ({ name, ...sliced(journal, span) }));
  return [...background, ...looked(journal)].filter(({ pods }) => Object.keys(pods).length > 0);
}

/** Pods are counted by the slice, so only slices that lie inside the span can speak for it. */
function sliced(journal: Journal, span: Span): Omit<Routing, 'name'> {
  const slices = journal.traffic
    .flatMap((stream) => stream.slices)
    .filter((slice) => slice.fromMs >= span.fromMs && slice.untilMs <= span.untilMs);
  const rows: Row[] = slices.flatMap((slice) => slice.seconds.flatMap((second) => second.rows));
  return {
    clusters: added(rows.map((row) => [row.routed, row.count])),
    pods: added(slices.flatMap((slice) => Object.entries(slice.pods))),
  };
}

/** Measurements that are steps of their own (`traffic/generate` with a duration). */
function looked(journal: Journal): Routing[] {
  return journal.steps.flatMap(({ title, verbs }) => {
    const seen = verbs.findLast(({ verb, result }) => verb === 'look' && hasPods(result))?.result;
    return hasPods(seen) ? [{ name: title, clusters: seen.routed, pods: seen.pods }] : [];
  });
}

function hasPods(
  value: Json | undefined,
): value is { routed: Record<string, number>; pods: Record<string, number> } {
  const isCounts = (counts: Json | undefined) =>
    typeof counts === 'object' &&
    counts !== null &&
    Object.values(counts).every((count) => typeof count === 'number');
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    isCounts(value.routed) &&
    isCounts(value.pods)
  );
}

function added(pairs: [string, number][]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, value] of pairs) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

const NOBODY = 'no cluster named';

export function routingChart(routing: Routing, frame: Frame, id: string): Chart {
  const total = Object.values(routing.clusters).reduce((sum, value) => sum + value, 0);
  const share = (value: number) => `${((100 * value) / Math.max(total, 1)).toFixed(1)} %`;
  const clusters = Object.entries(routing.clusters).sort(([a], [b]) => (a < b ? -1 : 1));
  const pods = Object.entries(routing.pods).sort(([a], [b]) => (a < b ? -1 : 1));
  const colourOf = (cluster: string) => (cluster === '' ? ink.bad : ink[frame.clusters.get(cluster) ?? 'c6']);
  const node = (name: string, label: string, colour: string, depth: number) => ({
    name,
    depth,
    itemStyle: { color: colour },
    label: { formatter: label },
  });
  return {
    id,
    title: `Two routing stages: ${routing.name}`,
    description: [
      ...clusters.map(([name, value]) => `${name || NOBODY} ${share(value)}`),
      ...pods.map(([pod, value]) => `${pod} ${share(value)}`),
    ].join(', '),
    height: { wide: Math.max(pods.length * 27, 120) + 20, narrow: Math.max(pods.length * 27, 120) + 20 },
    option: (box) => ({
      series: [
        {
          type: 'sankey',
          left: 2,
          right: box.narrow ? 118 : 250,
          top: 8,
          bottom: 8,
          nodeWidth: 10,
          nodeGap: 10,
          layoutIterations: 0,
          draggable: false,
          label: { color: ink.ink, fontSize: fontSize(box) },
          lineStyle: { color: 'target', opacity: 0.28, curveness: 0.5 },
          data: [
            node('clients', box.narrow ? '' : 'clients', ink.muted, 0),
            ...clusters.map(([name, value]) =>
              node(`cluster:${name}`, `${name || NOBODY} ${share(value)}`, colourOf(name), 1),
            ),
            ...pods.map(([pod, value]) =>
              node(
                `pod:${pod}`,
                podLabel(pod, share(value), box.narrow),
                colourOf(pod.split('/')[0] ?? ''),
                2,
              ),
            ),
          ],
          links: [
            ...clusters.map(([name, value]) => ({ source: 'clients', target: `cluster:${name}`, value })),
            ...pods.map(([pod, value]) => ({
              source: `cluster:${pod.split('/')[0] ?? ''}`,
              target: `pod:${pod}`,
              value,
            })),
          ],
        },
      ],
    }),
  };
}

/** The hash that tells the pods of one Deployment apart is at the end. */
function podLabel(pod: string, share: string, narrow: boolean): string {
  const name = pod.slice(pod.indexOf('/') + 1);
  return narrow ? `…${name.slice(-5)} ${share}` : `${name}  ${share}`;
}
