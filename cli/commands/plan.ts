import type { Plan } from '../../dsl/plan.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { type Command, jsonFlag } from '../command.ts';
import { compileRunbook, readFleet, requirePlan, runbookFlags } from '../compile.ts';
import type { Console } from '../console.ts';
import { mermaid } from '../plan/mermaid.ts';
import { permissionsText, planText } from '../plan/text.ts';
import { planView } from '../plan/view.ts';
import { exitCodes } from '../problem.ts';
import { lab } from '../processes/definitions.ts';
import { ensure } from '../processes/ensure.ts';

export const command: Command = {
  usage: 'plan RUNBOOK [--INPUT VALUE ...] [--fleet FLEET] [--live] [--mermaid | --permissions | --json]',
  about:
    'Shows what a runbook would do: what it touches, hits, waits for and puts back. Opens no connection, unless ' +
    '--live also runs the preflight: read-only checks against the fleet.',
  arguments: { min: 1, max: 1 },
  flags: {
    ...runbookFlags,
    live: { type: 'boolean', summary: 'run the preflight too' },
    mermaid: { type: 'boolean', summary: 'print a Mermaid flowchart' },
    permissions: { type: 'boolean', summary: 'print the rights it needs, undo included' },
    ...jsonFlag,
  },
  takesInputs: true,
  async run(call) {
    if (!call.on('live')) return show(requirePlan(await compileRunbook(call), call.out), [], call);
    const fleet = await readFleet(call.text('fleet') ?? 'lab');
    const first = requirePlan(await compileRunbook(call), { ...call.out, warn() {} });
    if (fleet.tier === 'sandbox') await ensure(lab, call.out.say);
    const { livePreflight, liveRemoval } = await import('../plan/live.ts');
    const [findings, removal] = await Promise.all([livePreflight(first), liveRemoval(fleet)]);
    // Once more: with the balancer's own probe settings the compiler can judge the objective.
    return show(requirePlan(await compileRunbook(call, { removal }), call.out), findings, call);
  },
};

async function show(
  plan: Plan,
  findings: PreflightFinding[],
  call: Parameters<Command['run']>[0],
): Promise<number> {
  const { catalogue } = await import('../../activities/registry.ts');
  const view = planView(plan, catalogue);
  const { out } = call;
  if (call.on('mermaid')) out.print(mermaid(plan));
  else if (call.on('permissions')) showPermissions(view.permissions, out);
  else if (out.json) out.data(call.on('live') ? { ...view, findings } : view);
  else out.print(planText(view));
  if (!out.json) for (const finding of findings) out.print(findingText(finding));
  return findings.some((finding) => finding.severity === 'error') ? exitCodes.broken : exitCodes.passed;
}

function showPermissions(permissions: ReturnType<typeof planView>['permissions'], out: Console): void {
  if (out.json) out.data(permissions);
  else out.print(permissionsText(permissions));
}

function findingText({ severity, code, where, what, remedy }: PreflightFinding): string {
  return `${severity.padEnd(8)} ${code}  ${where}: ${what}${severity === 'ok' ? '' : `\n         ${remedy}`}`;
}
