/** Payloads and times of a history, as plain JSON and epoch ms. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { Json } from '../../dsl/plan.ts';

type Payload = temporal.api.common.v1.IPayload;
export type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/** Undefined for what no converter of ours wrote (another SDK's, or encrypted and not decoded by the caller). */
export function decoded(payload: Payload | null | undefined): Json | undefined {
  if (payload?.metadata == null) return undefined;
  try {
    return defaultPayloadConverter.fromPayload<Json | undefined>(
      payload as Parameters<typeof defaultPayloadConverter.fromPayload>[0],
    );
  } catch {
    return undefined;
  }
}

export function decodedAll(payloads: Payloads): (Json | undefined)[] {
  return (payloads?.payloads ?? []).map(decoded);
}

export function first(payloads: Payloads): Json | undefined {
  return decodedAll(payloads)[0];
}

interface Timestamp {
  seconds?: unknown;
  nanos?: number | null;
}

/** Epoch ms of a protobuf timestamp, whatever its 64-bit seconds are kept in (number, Long, bigint). */
export function epochMs(time: Timestamp | null | undefined): number {
  return Number(String(time?.seconds ?? 0)) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
}
