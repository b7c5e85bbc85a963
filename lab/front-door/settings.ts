/** How the emulated Front Door behaves beyond what its management API configures. Tests shorten these. */
export interface FrontDoorSettings {
  /** Points of presence, named by airport code as Azure does. */
  pops: string[];
  /** How long a management operation takes. Azure: tens of seconds; the lab is for people who wait. */
  operationMs: number;
  /** From the end of an operation until the last point of presence uses it. Azure: up to 20–45 minutes. */
  rolloutMs: number;
  /** A probe without an answer fails after this. Azure does not document its own. */
  probeTimeoutMs: number;
  /** From the end of a minute until its metrics can be read. Azure: up to three minutes. */
  metricsLateMs: number;
  /** Probe interval of the origin groups that are there at first, seconds. */
  probeIntervalSeconds: number;
}

export const defaultSettings: FrontDoorSettings = {
  pops: ['icn', 'nrt', 'sin'],
  operationMs: 300,
  rolloutMs: 300,
  probeTimeoutMs: 2_000,
  metricsLateMs: 60_000,
  probeIntervalSeconds: 5,
};
