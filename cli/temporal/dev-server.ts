/** How the embedded dev server is started. */
import { inHome, prepare } from '../processes/home.ts';

/** Keyword attributes that the engine sets on its runs. */
export const searchAttributes = [
  'FiredrillRunbook',
  'FiredrillVerdict',
  'FiredrillFleet',
  'FiredrillPhase',
  'FiredrillJournal',
] as const;

/**
 * As shipped, the dev server polls its task queues 20 times a second: 50 ms a step. These make it 21-30 ms
 * (measured); no step's correctness depends on them.
 */
const dynamicConfig = [
  'history.transferProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxTimeShift="5ms"',
];

export function devServerArguments(ports: { grpc: number; ui: number }): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn'],
    ...['--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    ...['--db-filename', prepare(inHome('temporal', 'temporal.db'))],
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}
