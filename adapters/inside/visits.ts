/** Between the port's question and the client's errand. */
import type { Question, Visit } from '../../activities/ports/inside.ts';
import type { Fleet } from '../../dsl/fleet.ts';
import { attribution } from '../http/attribution.ts';
import type { Errand, Find } from './client.ts';

export interface Translation {
  errand(question: Question): Errand;
  visits(finds: Find[]): Visit[];
}

export function translation(fleet: Fleet): Translation {
  const { identify, readsBody } = attribution(fleet);
  const markers = Object.values(fleet.identity ?? {});
  const headers = markers.flatMap((marker) =>
    marker && 'header' in marker ? [marker.header.toLowerCase()] : [],
  );
  return {
    errand: (question) => ({ ...question, headers: [...new Set(headers)], body: readsBody }),
    visits: (finds) =>
      finds.map(({ addresses, error, status, headers: seen, body }) => {
        const { served, pod } = identify(seen, body);
        return {
          addresses,
          served,
          pod,
          ...(error !== undefined && { error }),
          ...(status !== undefined && { status }),
        };
      }),
  };
}
