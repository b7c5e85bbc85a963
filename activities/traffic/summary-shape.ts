/** The figures of a load, as the kind's output has them. */
import { z } from 'zod';

const counts = z.record(z.string(), z.number());
const range = z.object({ averageMs: z.number(), fastestMs: z.number(), slowestMs: z.number() });

export const summary = z.object({
  totalSeconds: z.number().meta({ description: 'From the first due request to the last answer' }),
  intended: z.number(),
  requests: z.number().meta({ description: 'Those that were counted' }),
  ok: z.number(),
  failed: z.number(),
  unknown: z.number().meta({ description: 'Lost with an earlier attempt: counted neither way' }),
  requestsPerSecond: z.number(),
  bytes: z.number(),
  bytesPerRequest: z.number(),
  slowestMs: z
    .number()
    .meta({ description: 'Latencies count from when a request was due; answers and time-outs' }),
  fastestMs: z.number(),
  averageMs: z.number(),
  latency: z.array(z.object({ percent: z.number(), ms: z.number() })),
  histogram: z.array(z.object({ upToMs: z.number(), count: z.number() })),
  details: z.object({ dial: range, wait: range, read: range }),
  statusCodes: counts,
  errors: z.array(z.object({ class: z.string(), count: z.number(), example: z.string() })),
  routed: counts.meta({ description: "Answers by the cluster whose entry point gave them; '' for nobody's" }),
  served: counts.meta({ description: "Answers by the cluster of the pod; '' for nobody's" }),
  pods: counts.meta({ description: '`cluster/pod` → answers' }),
  hdr: z.string().meta({ description: 'HDR histogram of latency, microseconds, compressed, base64' }),
  sendLagP99Ms: z.number(),
  eventLoopLagMaxMs: z.number(),
  text: z.string().meta({ description: 'The same laid out as hey does' }),
});
export type Summary = z.infer<typeof summary>;
