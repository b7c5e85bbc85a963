/**
 * One command at a time starts or stops a process of a state folder. The lock is a transaction on an empty SQLite
 * file: the kernel gives it back when its holder dies, so it can never be left behind.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannot, problem } from '../problem.ts';
import { inHome, prepare } from './home.ts';

const BUSY = 5; // SQLITE_BUSY

/** A first start may be downloading; long enough for that on a slow line. */
const PATIENCE_MS = 300_000;

export async function locked<T>(name: string, work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const database = new DatabaseSync(prepare(inHome('locks', name)));
  try {
    await begin(database, name, Date.now() + patienceMs);
    return await work();
  } finally {
    database.close();
  }
}

async function begin(database: DatabaseSync, name: string, untilMs: number): Promise<void> {
  database.exec('PRAGMA busy_timeout = 0');
  for (;;) {
    try {
      return database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== BUSY) throw error;
      if (Date.now() > untilMs)
        throw cannot(
          problem('FD7013', `another command is starting or stopping ${name}`, { where: inHome() }),
        );
    }
    await sleep(50);
  }
}
