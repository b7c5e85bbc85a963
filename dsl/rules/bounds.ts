/** A run must fit into one workflow history. */
import { boundsOf } from '../bounds.ts';
import { type Compilation, report } from '../compilation.ts';

/** Temporal ends a workflow at 51,200 events or 50 MB; well below, replay is still quick. */
const MAX_EVENTS = 20_000;
const MAX_BYTES = 20_000_000;

export function checkBounds(compilation: Compilation): void {
  const members = Object.keys(compilation.options.fleet.members).length;
  const { total, steps } = boundsOf(compilation.sections, members);
  if (total.events <= MAX_EVENTS && total.bytes <= MAX_BYTES) return;
  const heaviest = steps.slice(0, 3);
  const [first] = heaviest;
  const origin = first === undefined ? undefined : compilation.origins.get(first.node);
  report(compilation, origin?.unit ?? compilation.main, origin?.path ?? [], {
    code: 'FD1801',
    what: 'the run could outgrow one workflow history',
    found: `up to ${total.events} events and ${megabytes(total.bytes)}; most by ${heaviest
      .map(({ node, weight }) => `${node.path} (${weight.events} events, ${megabytes(weight.bytes)})`)
      .join(', ')}`,
    expected: `at most ${MAX_EVENTS} events and ${megabytes(MAX_BYTES)}`,
    remedy: 'Shorten timeouts and loops: background traffic is counted for as long as everything may take',
  });
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
