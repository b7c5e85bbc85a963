/** FD7xxx. */
import type { Errors } from './error.ts';

export const commandErrors = {
  FD7001: { title: 'There is no such command', remedy: 'Run `npx firedrill help` for the list of commands.' },
  FD7002: {
    title: 'The command has no such flag, and the runbook has no such input',
    remedy: 'Correct the name; `npx firedrill COMMAND --help` lists the flags.',
  },
  FD7003: { title: 'A flag has no value, or a wrong one', remedy: 'Give the value after the flag.' },
  FD7004: {
    title: 'An argument is missing or one is too many',
    remedy: 'See the usage line of `npx firedrill COMMAND --help`.',
  },
  FD7005: {
    title: 'npm swallowed a flag that was meant for Firedrill',
    remedy: 'Put `--` between the script and its flags: `npm run SCRIPT -- ARGUMENTS`.',
  },
  FD7006: {
    title: 'There is no such file',
    remedy: 'Give the name of a file in its folder, or a path; see `npx firedrill runs` for past runs.',
  },
  FD7007: { title: 'An input is given twice', remedy: 'Give each input once.' },
  FD7010: {
    title: 'No Temporal server could be found or fetched',
    remedy:
      'Install the Temporal CLI and put it on PATH or in TEMPORAL_CLI_PATH, or point TEMPORAL_ADDRESS at a running server.',
  },
  FD7011: {
    title: 'A process of Firedrill did not come up',
    remedy: 'Its log says why; `npx firedrill doctor` checks the machine.',
  },
  FD7012: {
    title: 'The state folder cannot be written',
    remedy: 'Make `.firedrill` writable, or set FIREDRILL_HOME to a folder that is.',
  },
  FD7013: {
    title: 'Another Firedrill command holds the state folder',
    remedy: 'Wait for it to end, or end it; the lock goes with the process.',
  },
  FD7014: {
    title: 'A run is still open',
    remedy: 'Attach to it, abort it, or add --force and finish its undo with `npx firedrill restore RUN`.',
  },
  FD7015: {
    title: 'The Temporal server cannot be reached',
    remedy: 'Check TEMPORAL_ADDRESS, the namespace and the credentials of the profile.',
  },
  FD7016: {
    title: 'No worker polls the task queue',
    remedy: 'Start one against the same server and namespace: `npm run worker`.',
  },
  FD7017: { title: 'There is no such run', remedy: '`npx firedrill runs` lists them.' },
  FD7018: {
    title: 'The run did not accept the request',
    remedy: 'See what the run waits for: `npx firedrill attach RUN`.',
  },
  FD7019: {
    title: 'The Temporal client configuration cannot be used',
    remedy: 'Correct temporal.toml or the TEMPORAL_* environment variables.',
  },
  FD7020: {
    title: 'There is no such schedule',
    remedy: '`npx firedrill schedule list` lists them.',
  },
  FD7021: {
    title: 'The lab did not do what it was asked',
    remedy: 'Start it with `npx firedrill lab up`; `npx firedrill lab status` shows it.',
  },
  FD7022: {
    title: 'The run left nothing to restore from',
    remedy: 'Give the journal file of the run: `npx firedrill restore RUN --journal FILE`.',
  },
  FD7023: {
    title: 'A needed argument of an operator is missing',
    remedy: 'Say it: --force for yes, --reason TEXT for why.',
  },
  FD7024: {
    title: 'The schedule cannot be made from these times',
    remedy:
      'Give a cron line of five fields and an IANA time zone, e.g. --cron "0 3 * * *" --timezone Asia/Seoul.',
  },
  FD7025: {
    title: 'A runbook needs no rights on that plane',
    remedy: 'Name one of the planes it names, or leave `--plane` out for all of them.',
  },
  FD7026: { title: 'An account that cannot be read', remedy: 'Say `--account NAMESPACE/NAME`.' },
  FD7099: {
    title: 'A mistake of Firedrill itself',
    remedy: 'Run again with FIREDRILL_DEBUG=1 and report the trace.',
  },
} satisfies Errors;
