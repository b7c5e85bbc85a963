import { type Description, describe } from '../../dsl/describe.ts';
import { mermaid } from '../../dsl/graph.ts';
import type { Plan } from '../../dsl/plan.ts';
import type { PreflightFinding } from '../../workflows/protocol.ts';
import { type Call, type Command, jsonFlag } from '../command.ts';
import { compileRunbook, requirePlan, runbookFlags } from '../compile.ts';
import { permissionFlags, permissionsText, rightsOf } from '../plan/permissions.ts';
import { planText } from '../plan/text.ts';
import { exitCodes } from '../problem.ts';
import { keeper } from '../processes/definitions.ts';
import { ensure } from '../processes/ensure.ts';
import { labOf } from '../processes/labs.ts';

export const command: Command = {
  usage:
    'plan RUNBOOK [--INPUT VALUE ...] [--fleet FLEET] [--live] [--mermaid | --permissions [--plane PLANE] [--account NAMESPACE/NAME]] [--json]',
  about:
    'Shows what a runbook would do: what it touches, hits, waits for and puts back. Opens no connection, unless ' +
    '--live also runs the preflight: read-only checks against the fleet.',
  arguments: { min: 1, max: 1 },
  flags: {
    ...runbookFlags,
    live: { type: 'boolean', summary: 'run the preflight too' },
    mermaid: { type: 'boolean', summary: 'print a Mermaid flowchart' },
    ...permissionFlags,
    ...jsonFlag,
  },
  takesInputs: true,
  async run(call) {
    const { plan, findings, removal } = call.on('live')
      ? await checkedLive(call)
      : { plan: requirePlan(await compileRunbook(call), call.out), findings: [], removal: undefined };
    const { catalogue } = await import('../../activities/registry.ts');
    show(plan, describe(plan, catalogue, removal), findings, call);
    return findings.some((finding) => finding.severity === 'error') ? exitCodes.broken : exitCodes.passed;
  },
};

interface Checked {
  plan: Plan;
  findings: PreflightFinding[];
  /** See `describe`. */
  removal: { minMs: number; maxMs: number } | undefined;
}

async function checkedLive(call: Call): Promise<Checked> {
  const plan = requirePlan(await compileRunbook(call), { ...call.out, warn() {} });
  const lab = labOf(plan.fleet.tier);
  await lab?.possible?.();
  if (lab !== undefined) await Promise.all([ensure(lab, call.out.say), ensure(keeper, call.out.say)]);
  const { livePreflight, liveRemoval } = await import('../plan/live.ts');
  const [findings, removal] = await Promise.all([livePreflight(plan), liveRemoval(plan.fleet)]);
  // Once more: with the balancer's own probe settings the compiler can judge the objective.
  return { plan: requirePlan(await compileRunbook(call, { removal }), call.out), findings, removal };
}

function show(plan: Plan, description: Description, findings: PreflightFinding[], call: Call): void {
  const { on, out } = call;
  if (on('permissions')) {
    const rights = rightsOf(description, call);
    if (out.json) out.data(rights);
    else out.print(permissionsText(rights));
  } else if (out.json) out.data({ ...description, findings });
  else
    out.print(
      on('mermaid') ? mermaid(plan) : [planText(description), ...findings.map(findingText)].join('\n'),
    );
}

function findingText({ severity, code, where, what, remedy }: PreflightFinding): string {
  return `${severity.padEnd(8)} ${code}  ${where}: ${what}${severity === 'ok' ? '' : `\n         ${remedy}`}`;
}
