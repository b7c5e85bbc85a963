/** A plan as a Mermaid flowchart. Pure. */
import { type Node, type Plan, sections } from '../../dsl/plan.ts';

interface Drawing {
  lines: string[];
  count: number;
}

/** Where a piece of the chart is entered and left. */
interface Piece {
  from: string[];
  to: string[];
}

export function mermaid(plan: Plan): string {
  const drawing: Drawing = { lines: ['flowchart TD'], count: 0 };
  let left: string[] = [];
  for (const section of sections) {
    if (plan.sections[section].length === 0) continue;
    drawing.lines.push(`  subgraph ${section}`);
    const piece = sequence(plan.sections[section], drawing);
    drawing.lines.push('  end');
    connect(left, piece.from, drawing);
    left = piece.to;
  }
  return drawing.lines.join('\n');
}

function sequence(nodes: Node[], drawing: Drawing): Piece {
  const pieces = nodes.map((node) => draw(node, drawing));
  for (const [index, piece] of pieces.entries())
    if (index > 0) connect(pieces[index - 1]!.to, piece.from, drawing);
  return { from: pieces[0]?.from ?? [], to: pieces.at(-1)?.to ?? [] };
}

function draw(node: Node, drawing: Drawing): Piece {
  switch (node.type) {
    case 'parallel': {
      const pieces = node.branches.map((branch) => draw(branch, drawing));
      return { from: pieces.flatMap((piece) => piece.from), to: pieces.flatMap((piece) => piece.to) };
    }
    case 'group':
      return sequence(node.body, drawing);
    case 'for-each': {
      const loop = box(node.title, '[[', ']]', drawing);
      const body = draw(node.body, drawing);
      connect([loop], body.from, drawing);
      return { from: [loop], to: body.to };
    }
    case 'assert':
      return one(box(node.title, '{{', '}}', drawing));
    case 'undo':
      return one(box(node.title, '[/', '/]', drawing));
    case 'step': {
      const [open, close] = node.fault ? ['((', '))'] : node.effect === 'reads' ? ['(', ')'] : ['[', ']'];
      return one(box(`${node.title}<br/>${node.uses}`, open!, close!, drawing));
    }
  }
}

const one = (id: string): Piece => ({ from: [id], to: [id] });

function box(label: string, open: string, close: string, drawing: Drawing): string {
  const id = `n${++drawing.count}`;
  drawing.lines.push(`    ${id}${open}"${label.replaceAll('"', '#quot;')}"${close}`);
  return id;
}

function connect(from: string[], to: string[], drawing: Drawing): void {
  for (const a of from) for (const b of to) drawing.lines.push(`  ${a} --> ${b}`);
}
