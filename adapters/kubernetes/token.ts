/** What a bearer token says of itself, when it is a JWT. Read, never verified: that is the server's part. */

export interface Claims {
  /** Who it is for, e.g. `system:serviceaccount:demo:drill`. */
  subject: string;
  issuer: string;
  audiences: string[];
  endMs: number | undefined;
}

export function claimsOf(token: string | undefined): Claims | undefined {
  const payload = token?.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const { sub = '', iss = '', aud = [], exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return {
      subject: String(sub),
      issuer: String(iss),
      audiences: [aud].flat().map(String),
      endMs: typeof exp === 'number' ? exp * 1000 : undefined,
    };
  } catch {
    return undefined;
  }
}

/** The command that makes another one for the same service account. */
export function renewal({ subject }: Claims): string {
  const [system, kind, namespace, name] = subject.split(':');
  return system === 'system' && kind === 'serviceaccount'
    ? `kubectl create token ${name} -n ${namespace} --duration 24h`
    : `sign in again as ${subject || 'its user'}`;
}

/**
 * A service account's token is for its own API server when its audience is the issuer (the default of
 * `--api-audiences`). Tokens of other issuers (Entra ID) have audiences of their own.
 */
export const isForOthers = ({ subject, issuer, audiences }: Claims): boolean =>
  subject.startsWith('system:serviceaccount:') && audiences.length > 0 && !audiences.includes(issuer);
