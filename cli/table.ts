/** Every command, in the order of the help. A command's own file is loaded only when it is called. */
import type { Command } from './command.ts';

interface Entry {
  name: string;
  summary: string;
  load(): Promise<{ command: Command }>;
}

export const table: { group: string; entries: Entry[] }[] = [
  {
    group: 'Drill',
    entries: [
      { name: 'start', summary: 'start a runbook and watch it', load: () => import('./commands/start.ts') },
      { name: 'attach', summary: 'watch a run', load: () => import('./commands/attach.ts') },
      { name: 'runs', summary: 'list runs', load: () => import('./commands/runs.ts') },
      { name: 'report', summary: 'write the report of a run', load: () => import('./commands/report.ts') },
    ],
  },
  {
    group: 'Answer a run',
    entries: [
      {
        name: 'approve',
        summary: 'let a waiting step begin, or refuse it',
        load: () => import('./commands/approve.ts'),
      },
      { name: 'retry', summary: 'try a failed step again', load: () => import('./commands/retry.ts') },
      { name: 'skip', summary: 'go on without a failed step', load: () => import('./commands/skip.ts') },
      {
        name: 'abort',
        summary: 'end a run and put everything back',
        load: () => import('./commands/abort.ts'),
      },
      { name: 'pause', summary: 'hold a run before its next act', load: () => import('./commands/pause.ts') },
      { name: 'resume', summary: 'let a paused run go on', load: () => import('./commands/resume.ts') },
    ],
  },
  {
    group: 'Write a runbook',
    entries: [
      { name: 'lint', summary: 'check runbooks', load: () => import('./commands/lint.ts') },
      { name: 'plan', summary: 'show what a runbook would do', load: () => import('./commands/plan.ts') },
      { name: 'steps', summary: 'list the step kinds', load: () => import('./commands/steps.ts') },
      { name: 'explain', summary: 'explain a step kind', load: () => import('./commands/explain.ts') },
      {
        name: 'schema',
        summary: 'print the JSON Schema of runbooks',
        load: () => import('./commands/schema.ts'),
      },
    ],
  },
  {
    group: 'Operate',
    entries: [
      {
        name: 'schedule',
        summary: 'run a runbook by the clock',
        load: () => import('./commands/schedule.ts'),
      },
      {
        name: 'restore',
        summary: 'put back what a lost run left',
        load: () => import('./commands/restore.ts'),
      },
      {
        name: 'unlock',
        summary: 'take the fleet lock from a lost run',
        load: () => import('./commands/unlock.ts'),
      },
      { name: 'doctor', summary: 'check this machine', load: () => import('./commands/doctor.ts') },
      { name: 'down', summary: 'stop the local processes', load: () => import('./commands/down.ts') },
    ],
  },
  {
    group: 'Processes in the foreground',
    entries: [
      {
        name: 'temporal',
        summary: 'run the Temporal dev server',
        load: () => import('./commands/temporal.ts'),
      },
      { name: 'worker', summary: 'run a worker', load: () => import('./commands/worker.ts') },
      { name: 'work', summary: 'work the open runs, then end', load: () => import('./commands/work.ts') },
      { name: 'lab', summary: 'run, break and mend the lab', load: () => import('./commands/lab.ts') },
    ],
  },
];

export const entries: Entry[] = table.flatMap((part) => part.entries);
