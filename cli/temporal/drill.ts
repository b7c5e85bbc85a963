/** How a drill is started, by hand or by a schedule. */
import { randomBytes } from 'node:crypto';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { type Node, type Plan, sections } from '../../dsl/plan.ts';
import { CONTROL_QUEUE, DRILL_WORKFLOW, type DrillOptions } from '../../workflows/protocol.ts';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** What a client needs to know of a run without reading its history. */
export interface RunMemo {
  planHash: string;
  runbookFile: string;
  tier: Plan['fleet']['tier'];
}

export function drillStart(plan: Plan, options: DrillOptions) {
  const memo: RunMemo = { planHash: plan.hash, runbookFile: plan.runbook.file, tier: plan.fleet.tier };
  return {
    taskQueue: CONTROL_QUEUE,
    args: [plan, options] as [Plan, DrillOptions],
    memo: { ...memo },
    staticSummary: summary(plan),
    staticDetails: details(plan),
    ...(options.searchAttributes && {
      typedSearchAttributes: [
        { key: keyword('FiredrillRunbook'), value: plan.runbook.name },
        { key: keyword('FiredrillFleet'), value: plan.fleet.name },
      ],
    }),
  };
}

export const drillWorkflow = DRILL_WORKFLOW;

/** `scenario-b-20261123-094500-x7k2`: readable, sorted by time, and its own even when two start in one second. */
export function newRunId(runbook: string, now: Date = new Date()): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${runbook}-${stamp}-${randomBytes(2).toString('hex')}`;
}

/** The server takes 400 bytes of summary and 20 kB of details. */
const SUMMARY_LENGTH = 120;
const DETAILS_LENGTH = 6000;

function summary(plan: Plan): string {
  return (plan.runbook.description ?? plan.runbook.name).slice(0, SUMMARY_LENGTH);
}

/** Markdown for the run's page in the Web UI. */
function details(plan: Plan): string {
  const parts = sections.flatMap((section) => {
    const nodes = plan.sections[section];
    return nodes.length === 0 ? [] : [`**${section}**`, '', ...nodes.flatMap((node) => outline(node, 0)), ''];
  });
  const head = `${plan.runbook.description ?? plan.runbook.name}. Fleet ${plan.fleet.name}.`;
  return [head, '', ...parts].join('\n').slice(0, DETAILS_LENGTH);
}

function outline(node: Node, depth: number): string[] {
  const kind = node.type === 'step' ? ` (\`${node.uses}\`)` : '';
  const line = `${'  '.repeat(depth)}- ${node.title}${kind}`;
  const inner =
    node.type === 'parallel'
      ? node.branches
      : node.type === 'group'
        ? node.body
        : node.type === 'for-each'
          ? [node.body]
          : [];
  return [line, ...inner.flatMap((child) => outline(child, depth + 1))];
}
