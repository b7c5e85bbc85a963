/** FD1xxx. */
import type { Errors } from './error.ts';

export const runbookErrors = {
  FD1001: { title: 'The file is not valid YAML', remedy: 'Correct the line, or put the value in quotes' },
  FD1002: {
    title: 'A YAML tag',
    remedy: 'Quote the value: YAML reads what begins with ! as a tag and drops it',
  },
  FD1003: { title: 'A YAML anchor, alias or merge', remedy: 'Write the values out' },
  FD1004: { title: 'A field is written twice', remedy: 'Remove or rename one of the two' },
  FD1005: { title: 'The file is too large', remedy: 'Split it, or move objects into manifest files' },
  FD1006: { title: 'The file is nested too deeply', remedy: 'Flatten it' },
  FD1007: {
    title: 'The file holds what the language has no use for',
    remedy: 'One document of named fields with JSON values',
  },
  FD1101: { title: 'An unknown field', remedy: 'Remove it or correct its name' },
  FD1102: { title: 'A field is missing', remedy: 'Add it' },
  FD1103: { title: 'A value of the wrong kind', remedy: 'Write what is expected' },
  FD1104: { title: 'Something that is no step', remedy: 'A step has uses, assert, parallel, steps or undo' },
  FD1105: { title: 'A field name that a Plan uses itself', remedy: 'Rename the field' },
  FD1201: { title: 'An id is used twice', remedy: 'Rename one of the two' },
  FD1202: {
    title: 'A name that expressions cannot use',
    remedy: 'A small letter, then small letters, digits and _; no word of CEL',
  },
  FD1203: { title: 'An expression reads a step that does not exist', remedy: 'Correct the id' },
  FD1204: {
    title: 'An expression reads a step that need not have completed',
    remedy: 'Refer to earlier steps only; not to siblings in a parallel',
  },
  FD1205: {
    title: 'An expression reads an input that is not declared',
    remedy: 'Declare it or correct the name',
  },
  FD1206: {
    title: 'undo names a step that cannot be undone there',
    remedy: 'Name an earlier step that changes something',
  },
  FD1301: { title: 'Not a CEL expression', remedy: 'Correct it; quote it when YAML cut it' },
  FD1302: {
    title: 'An expression does not fit the types of its values',
    remedy: 'Compare and combine values of one type',
  },
  FD1303: { title: 'An expression cannot be evaluated', remedy: 'Correct the expression or the inputs' },
  FD1304: { title: 'A value that must be known before the run', remedy: 'Use inputs and fleet only' },
  FD1305: { title: 'Braces where a bare expression is expected', remedy: 'Remove ${{ and }}' },
  FD1306: {
    title: 'window() that cannot be counted',
    remedy: "Write window('ID', '10s') of a started background step, in if or assert",
  },
  FD1307: {
    title: 'A function that expressions do not have',
    remedy: 'Use timeouts, drill/wait and window() for time',
  },
  FD1308: { title: 'A whole namespace used as a value', remedy: 'Name one value of it' },
  FD1309: { title: 'item outside a for-each', remedy: 'Put the step in a for-each' },
  FD1401: { title: 'An unknown step kind', remedy: 'Correct the name; see firedrill steps' },
  FD1402: { title: 'An input that the kind does not take', remedy: 'See firedrill explain KIND' },
  FD1403: { title: 'An input that cannot work on this fleet', remedy: 'Follow the remedy of the kind' },
  FD1404: {
    title: 'Manifests that cannot be read',
    remedy: 'Correct the file or the path, relative to the runbook',
  },
  FD1501: { title: 'A step in a section that is not for it', remedy: 'verify reads, setup does not disrupt' },
  FD1502: {
    title: 'A misplaced fault',
    remedy: 'One step of steps, run once, of a kind that disrupts and can prove it',
  },
  FD1503: {
    title: 'A step that cannot run in the background',
    remedy: 'Start it once, in setup or steps, outside blocks',
  },
  FD1504: { title: 'Branches that cannot run at the same time', remedy: 'Put them one after the other' },
  FD1505: { title: 'A loop that is too long', remedy: 'At most 200 items' },
  FD1506: { title: 'An approval on the way back', remedy: 'Approve the step that disrupts' },
  FD1507: {
    title: 'An approval in a scheduled run',
    remedy: 'Give it a standing answer, or start the run by hand',
  },
  FD1508: {
    title: 'on-failure that makes no sense there',
    remedy: 'stop in verify; ask only where a person can answer',
  },
  FD1509: { title: 'A change without a way back', remedy: 'Give an undo' },
  FD1510: { title: 'A step needs what the fleet does not have', remedy: 'Add it to the fleet file' },
  FD1511: {
    title: 'A guard that cannot be checked',
    remedy: 'Correct its names, cron expression or time zone',
  },
  FD1512: {
    title: 'A disrupting step whose target only the run would know',
    remedy: 'Write it out, or make it an input',
  },
  FD1514: {
    title: 'A step needs the API of a member that nothing reaches',
    remedy: 'Leave that member out of it; what its federation reports can still be waited for',
  },
  FD1513: { title: 'The guard forbids the step', remedy: 'Choose another target, or change the guard' },
  FD1601: { title: 'An input with the name of a flag', remedy: 'Rename it' },
  FD1602: { title: 'An input without a value', remedy: 'Give it, or declare a default' },
  FD1603: { title: 'A wrong value for an input', remedy: 'Give a value of the declared type' },
  FD1604: { title: 'A value for an input that does not exist', remedy: 'Leave it out, or correct the name' },
  FD1701: {
    title: 'Runbooks need each other in a circle',
    remedy: 'Move what both need into its own runbook',
  },
  FD1702: { title: 'needs go too deep', remedy: 'At most 4 below each other' },
  FD1703: { title: 'A needed runbook does not exist', remedy: 'Put it beside the runbook, named NAME.yaml' },
  FD1801: { title: 'The run could outgrow its history', remedy: 'Shorten timeouts and loops' },
  FD1802: { title: 'The Plan is too large', remedy: 'Fewer or smaller manifests, or split the drill' },
  FD1803: { title: 'A timeout that the load balancer cannot keep', remedy: 'Raise it, or probe more often' },
  FD1804: { title: 'An objective that may be out of reach', remedy: 'Raise it, or probe more often' },
} satisfies Errors;
