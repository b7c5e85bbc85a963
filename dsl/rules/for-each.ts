/** Loops run over lists of at most 200 items. */
import { type Compilation, reportNode } from '../compilation.ts';

const MOST = 200;

export function checkForEach(compilation: Compilation): void {
  for (const node of compilation.origins.keys()) {
    if (node.type !== 'for-each' || !Array.isArray(node.items)) continue;
    const count = node.items.length;
    if (count > MOST)
      reportNode(compilation, node, 'for-each', {
        code: 'FD1505',
        what: 'the loop is too long',
        found: `${count} items`,
        expected: `at most ${MOST}`,
        remedy: 'Split the list, or let one step take the whole list',
      });
  }
}
