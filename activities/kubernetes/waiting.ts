/**
 * Waiting on watches: one heartbeating activity that keeps the changes it saw and returns them, since "watch the
 * pods grow" is evidence. What an API could not tell meanwhile is recorded and waited out.
 */
import type { Json } from '../../dsl/plan.ts';
import { deviated, isDenied, unjudged } from '../failure.ts';
import type { StepContext } from '../kind.ts';

/** A series holds changes only, at most this many points; beyond it the older ones are thinned out. */
const POINTS = 200;
/** Of hundreds of members it holds fewer: it travels in heartbeats and in history, where 256 KiB is much. */
const SERIES_BYTES = 128 * 1024;
const TROUBLES = 20;
/** Looks at least this often, so that a deadline is met without an event. */
const TICK_MS = 250;

export type Point<P> = { atMs: number } & P;

export interface Judgement<P> {
  holds: boolean;
  /** In words, for the message when the time is up. */
  waitingFor: string;
  point: P;
  /** False while nothing has been seen yet: then a point would be a guess. */
  known: boolean;
}

export interface Waited<P> {
  afterMs: number;
  series: Point<P>[];
  /** What could not be seen meanwhile. */
  troubles: string[];
}

type Trouble = (what: string, denial?: Error) => void;

export interface Wait<P> {
  /** Where it is about, for the error. */
  where: string;
  wanted: string;
  code: `FD${number}`;
  remedy: string;
  /** Runs until the signal is aborted; `changed` after each change, `trouble` when it cannot see. */
  watch(changed: () => void, trouble: Trouble, signal: AbortSignal): Promise<unknown>;
  judge(): Judgement<P>;
  /** Reads everything afresh before it is believed: a watch may be behind. */
  confirm?(signal: AbortSignal): Promise<boolean>;
}

interface Progress<P> {
  startedMs: number;
  series: Point<P>[];
  troubles: string[];
  waitingFor: string;
}

export async function waitUntil<P extends Record<string, Json>>(
  context: StepContext,
  wait: Wait<P>,
): Promise<Waited<P>> {
  const progress = resume<P>(context.previous);
  const bell = createBell();
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let denied: Error | undefined;
  const trouble: Trouble = (what, denial) => {
    denied ??= denial;
    if (progress.troubles.at(-1) !== what && progress.troubles.length < TROUBLES)
      progress.troubles.push(what);
    bell.ring();
  };
  const watching = wait.watch(bell.ring, trouble, signal);
  watching.catch(() => undefined);
  let known = progress.series.length > 0;
  try {
    while (true) {
      context.signal.throwIfAborted();
      if (denied) throw denied;
      const judgement = wait.judge();
      known ||= judgement.known;
      if (judgement.known) append(progress, judgement.point);
      progress.waitingFor = judgement.waitingFor;
      context.heartbeat(progress as unknown as Json);
      if (judgement.holds && (await confirmed(wait, trouble, signal))) {
        const { startedMs, series, troubles } = progress;
        return { afterMs: Date.now() - startedMs, series, troubles };
      }
      if (Date.now() >= context.deadlineMs) throw expired(wait, progress, known);
      await Promise.race([bell.rung(), context.sleep(TICK_MS)]);
    }
  } finally {
    stop.abort();
  }
}

async function confirmed<P>(wait: Wait<P>, trouble: Trouble, signal: AbortSignal): Promise<boolean> {
  if (!wait.confirm) return true;
  try {
    return await wait.confirm(signal);
  } catch (error) {
    signal.throwIfAborted();
    trouble(error instanceof Error ? error.message : String(error), isDenied(error) ? error : undefined);
    return false;
  }
}

function resume<P>(previous: Json | undefined): Progress<P> {
  const known = previous as unknown as Progress<P> | undefined;
  if (known?.series) return structuredClone(known);
  return { startedMs: Date.now(), series: [], troubles: [], waitingFor: '' };
}

function append<P>(progress: Progress<P>, point: P): void {
  const { series } = progress;
  const last = series.at(-1);
  const text = JSON.stringify({ atMs: 0, ...point });
  if (last && JSON.stringify({ ...last, atMs: 0 }) === text) return;
  series.push({ atMs: Date.now(), ...point });
  if (series.length > Math.min(POINTS, SERIES_BYTES / text.length))
    progress.series = series.filter((_, index) => index % 2 === 0 || index === series.length - 1);
}

function expired<P>(wait: Wait<P>, progress: Progress<P>, known: boolean) {
  const details = {
    code: wait.code,
    where: wait.where,
    remedy: wait.remedy,
    evidence: { series: progress.series, troubles: progress.troubles } as unknown as Json,
  };
  if (!known)
    return unjudged({
      ...details,
      what: `nothing could be seen of ${wait.wanted}: ${progress.troubles.join('; ') || 'no answer'}`,
    });
  return deviated({ ...details, what: `wanted ${wait.wanted}; ${progress.waitingFor}` });
}

/** Rings once for any number of changes between two looks. */
function createBell(): { ring(): void; rung(): Promise<void> } {
  let pending = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      pending = true;
      wake?.();
    },
    rung() {
      return new Promise((resolve) => {
        wake = () => {
          pending = false;
          wake = undefined;
          resolve();
        };
        if (pending) wake();
      });
    },
  };
}
