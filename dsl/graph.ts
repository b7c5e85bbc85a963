/** A Plan as a Mermaid flowchart. */
import { type Node, type Plan, sections } from './plan.ts';

/** Where a piece of the chart is entered and left. */
interface Piece {
  from: string[];
  to: string[];
}

export function mermaid(plan: Plan): string {
  const lines = ['flowchart TD'];
  let boxes = 0;

  function box(label: string, open: string, close: string): Piece {
    const id = `n${++boxes}`;
    const text = label.replaceAll('&', '#amp;').replaceAll('"', '#quot;').replaceAll('<', '#lt;');
    lines.push(`    ${id}${open}"${text.replaceAll('\n', '<br/>')}"${close}`);
    return { from: [id], to: [id] };
  }

  function connect(from: string[], to: string[], dotted = false): void {
    for (const a of from) for (const b of to) lines.push(`    ${a} ${dotted ? '-.->' : '-->'} ${b}`);
  }

  function sequence(nodes: Node[]): Piece {
    const pieces = nodes.map(draw).filter((piece) => piece.from.length > 0);
    pieces.slice(1).forEach((piece, index) => {
      connect(pieces[index]!.to, piece.from);
    });
    return { from: pieces[0]?.from ?? [], to: pieces.at(-1)?.to ?? [] };
  }

  function draw(node: Node): Piece {
    const label = node.if === undefined ? node.title : `${node.title}\nif ${node.if.cel}`;
    switch (node.type) {
      case 'step':
        if (node.fault) return box(`${label}\n${node.uses}`, '((', '))');
        if (node.background) return box(`${label}\n${node.uses}, in the background`, '>', ']');
        return node.effect === 'reads'
          ? box(`${label}\n${node.uses}`, '(', ')')
          : box(`${label}\n${node.uses}`, '[', ']');
      case 'assert':
        return box(label, '{{', '}}');
      case 'undo':
        return box(label, '[/', '/]');
      case 'group':
        return sequence(node.body);
      case 'parallel': {
        const branches = node.branches.map(draw);
        return { from: branches.flatMap(({ from }) => from), to: branches.flatMap(({ to }) => to) };
      }
      case 'for-each': {
        const loop = box(
          `${label}${node.maxParallel > 1 ? `\n${node.maxParallel} at a time` : ''}`,
          '[[',
          ']]',
        );
        const body = draw(node.body);
        connect(loop.to, body.from);
        connect(body.to, loop.from, true);
        return { from: loop.from, to: body.to.length > 0 ? body.to : loop.to };
      }
    }
  }

  let left: string[] = [];
  for (const section of sections) {
    if (plan.sections[section].length === 0) continue;
    lines.push(`  subgraph ${section}`);
    const piece = sequence(plan.sections[section]);
    lines.push('  end');
    connect(left, piece.from);
    left = piece.to;
  }
  return lines.join('\n');
}
