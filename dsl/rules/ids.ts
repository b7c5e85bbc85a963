/** Ids are unique in a runbook, over all its sections: `steps.ID` must mean one step. */
import { type Compilation, report, type Unit } from '../compilation.ts';
import { type Json, sections } from '../plan.ts';
import { shown } from '../problem.ts';
import type { Path } from '../source.ts';

export function collectIds(compilation: Compilation, unit: Unit): void {
  const written = unit.source.value as { [key: string]: Json };
  for (const section of sections) visit(written[section], [section]);

  function visit(block: Json | undefined, path: Path): void {
    if (!Array.isArray(block)) return;
    block.forEach((step, index) => {
      if (step === null || typeof step !== 'object' || Array.isArray(step)) return;
      const at = [...path, index];
      if (typeof step['id'] === 'string') note(step['id'], [...at, 'id']);
      for (const inner of ['parallel', 'steps', 'undo']) visit(step[inner], [...at, inner]);
    });
  }

  function note(id: string, path: Path): void {
    const first = unit.ids.get(id);
    if (first === undefined) {
      unit.ids.set(id, path);
      return;
    }
    report(compilation, unit, path, {
      code: 'FD1201',
      what: `the id '${id}' is taken`,
      found: `${shown(id)}, also on line ${unit.source.at(first).line}`,
      expected: 'an id of its own for each step',
      remedy: `Rename one of the two, e.g. ${id}_2`,
    });
  }
}
