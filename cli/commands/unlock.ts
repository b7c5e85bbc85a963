import { WorkflowNotFoundError } from '@temporalio/client';
import { type Command, jsonFlag } from '../command.ts';
import { readFleet } from '../compile.ts';
import { exitCodes, problem, Stop, usage } from '../problem.ts';
import type { Session } from '../temporal/session.ts';
import { openSession } from '../temporal/session.ts';

export const command: Command = {
  usage: 'unlock --force --reason TEXT [--fleet FLEET]',
  about:
    'Takes the lock of a fleet from whoever holds it. Nothing is put back by this: prefer `restore RUN`, which ' +
    'undoes what the run left and then unlocks. Refused while the holder is an open run.',
  arguments: { min: 0, max: 0 },
  flags: {
    fleet: { type: 'string', value: 'FLEET', summary: 'name or path of the fleet file (lab)' },
    force: { type: 'boolean', summary: 'yes, take it' },
    reason: { type: 'string', value: 'TEXT', summary: 'why: it is printed with who and when' },
    ...jsonFlag,
  },
  async run(call) {
    const reason = call.text('reason');
    const missing = [
      ...(call.on('force') ? [] : [problem('FD7023', 'unlock changes the fleet: say --force')]),
      ...(reason === undefined ? [problem('FD7023', 'unlock wants to know why: --reason TEXT')] : []),
    ];
    if (missing.length > 0) throw usage(...missing);
    const fleet = await readFleet(call.text('fleet') ?? 'lab');
    const session = await openSession({ processes: { tier: fleet.tier }, say: call.out.say });
    const { openPorts } = await import('../../adapters/open.ts');
    const federation = openPorts(fleet).federation();
    const signal = AbortSignal.timeout(20_000);
    const lock = await federation.readLock(signal);
    if (lock !== undefined) {
      if (await isOpen(session, lock.holder))
        throw new Stop(exitCodes.failed, [
          problem('FD7014', `the holder ${lock.holder} is an open run`, {
            where: lock.where,
            remedy: `End it first, it puts everything back: npx firedrill abort ${lock.holder}`,
          }),
        ]);
      await federation.releaseLock(lock.holder, signal);
    }
    await session.close();
    if (call.out.json) call.out.data({ released: lock ?? null, reason });
    else
      call.out.print(
        lock === undefined
          ? `the fleet ${fleet.name} was not locked`
          : `unlocked ${lock.where}, held by ${lock.holder} since ${lock.since}: ${reason}`,
      );
    return exitCodes.passed;
  },
};

async function isOpen(session: Session, run: string): Promise<boolean> {
  try {
    return (await session.client.workflow.getHandle(run).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
