/**
 * x-of-n sampling: an origin is healthy when at least `required` of its last `size` probes passed. Samples
 * that were not taken yet count as passed, so that a new origin serves at once.
 */
export function record(samples: readonly boolean[], passed: boolean, size: number): boolean[] {
  return [...samples, passed].slice(-size);
}

export function isHealthy(samples: readonly boolean[], size: number, required: number): boolean {
  const failed = samples.slice(-size).filter((passed) => !passed).length;
  return size - failed >= required;
}
