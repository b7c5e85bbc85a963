/** What went wrong while something was only looked at, as a finding beside the others. */
import type { PreflightFinding } from '../../workflows/protocol.ts';
import type { FailureDetails } from '../failure.ts';

/** A failure of ours names its own place and remedy; anything else is told under `otherwise`. */
export function findingOf(
  error: unknown,
  otherwise: Pick<PreflightFinding, 'code' | 'where' | 'remedy'>,
): PreflightFinding {
  const details = (error as { details?: Partial<FailureDetails>[] } | undefined)?.details?.[0];
  return {
    severity: 'error',
    code: details?.code ?? otherwise.code,
    where: details?.where ?? otherwise.where,
    what: details?.what ?? (error instanceof Error ? error.message : String(error)),
    remedy: details?.remedy ?? otherwise.remedy,
  };
}
