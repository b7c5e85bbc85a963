/** Health of the backends by Azure Monitor: the share of probes that passed, minutes late. */
import {
  bearerTokenAuthenticationPolicy,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import type { Backend, BackendHealth } from '../../activities/ports/load-balancer.ts';
import type { Connection } from './connection.ts';
import type { Subject } from './failures.ts';
import { patiently } from './patience.ts';

export interface Measured {
  /** Resource id of the profile or the Front Door. */
  resource: string;
  metric: 'OriginHealthPercentage' | 'BackendHealthPercentage';
  dimension: 'Origin' | 'Backend';
}

const PUBLIC = 'https://management.azure.com';
const LOOK_BACK_MS = 15 * 60_000;
const READ_TRIES = 2;

/** As much of the answer as is read. Source: Microsoft.Insights/metrics, api-version 2023-10-01. */
const answered = z.object({
  value: z.array(
    z.object({
      timeseries: z.array(
        z.object({
          metadatavalues: z.array(z.object({ value: z.string() })),
          data: z.array(z.object({ timeStamp: z.string(), average: z.number().optional() })),
        }),
      ),
    }),
  ),
});
type Series = z.infer<typeof answered>['value'][number]['timeseries'][number];

export async function readHealth(
  { credential, options }: Connection,
  { resource, metric, dimension }: Measured,
  backends: Backend[],
  signal: AbortSignal,
): Promise<BackendHealth[]> {
  const pipeline = createPipelineFromOptions({ retryOptions: options.retryOptions });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${PUBLIC}/.default` }));
  const now = Date.now();
  const query = new URLSearchParams({
    'api-version': '2023-10-01',
    metricnames: metric,
    aggregation: 'Average',
    interval: 'PT1M',
    timespan: `${new Date(now - LOOK_BACK_MS).toISOString()}/${new Date(now).toISOString()}`,
    $filter: `${dimension} eq '*'`,
  });
  const url = `${PUBLIC}${resource}/providers/Microsoft.Insights/metrics?${query}`;
  const subject: Subject = { where: `metrics of ${resource}`, role: 'Monitoring Reader' };
  const series = await patiently(() => get(url), subject, signal, READ_TRIES);
  return backends.map((backend) => healthOf(backend, series));

  async function get(address: string): Promise<Series[]> {
    const request = createPipelineRequest({ url: address, abortSignal: signal });
    const response = await pipeline.sendRequest(options.httpClient, request);
    if (response.status !== 200)
      throw new RestError(response.bodyAsText ?? '', { statusCode: response.status, request, response });
    return answered.parse(JSON.parse(response.bodyAsText ?? '')).value.flatMap((one) => one.timeseries);
  }
}

/** Azure names an origin by its address, with or without the port. */
function healthOf(backend: Backend, series: Series[]): BackendHealth {
  const names = [backend.name, backend.address, backend.address.replace(/:\d+$/, '')];
  const own = names
    .map((name) => series.find(({ metadatavalues }) => metadatavalues.some(({ value }) => value === name)))
    .find(Boolean);
  const last = own?.data.findLast(({ average }) => average !== undefined);
  return {
    member: backend.member,
    passing: last?.average === undefined ? undefined : last.average / 100,
    asOfMs: last ? Date.parse(last.timeStamp) : 0,
  };
}
