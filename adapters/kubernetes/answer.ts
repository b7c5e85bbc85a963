/** What an API server's answer means: the object, or a failure that names the plane, the request and the remedy. */
import { type FailureDetails, refused, transient } from '../../activities/failure.ts';

/** `body` is the parsed JSON; a `Status` object when the server refused. */
export interface ApiAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: as the server wrote it; each reader knows its own kind
  body: any;
  retryAfterMs: number | undefined;
}

/** The request in words: `patch nodes aks1-0`. */
export interface Asked {
  plane: string;
  verb: string;
  object: string;
}

/** The body, when the server said yes; else throws. */
export function accept(answer: ApiAnswer, asked: Asked) {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw refusal(answer, asked);
}

/** What an answer that is no yes means. */
export function refusal(answer: ApiAnswer, asked: Asked) {
  const said = typeof answer.body?.message === 'string' ? answer.body.message : JSON.stringify(answer.body);
  const request = `${asked.verb} ${asked.object}`;
  const details = (code: string, what: string, remedy: string): FailureDetails => ({
    code,
    where: asked.plane,
    what: `${request}: ${what} (HTTP ${answer.status}: ${said})`,
    remedy,
  });
  switch (answer.status) {
    case 401:
      return refused(
        details('FD3004', 'the credential is not accepted', `Renew the credential of ${asked.plane}`),
      );
    case 403:
      if (isEnding(answer))
        return transient(details('FD3007', 'its namespace is still being deleted', 'It is tried again'));
      return refused(
        details('FD3005', 'not allowed', `Grant ${request} to the drill's identity on ${asked.plane}`),
      );
    case 404:
      return refused(
        details('FD3006', 'not found', 'Create it first, or correct its name, namespace or apiVersion'),
      );
    case 409:
      return transient(details('FD3007', 'somebody else changed it meanwhile', 'It is tried again'));
    case 400:
    case 422:
      return refused(details('FD3008', 'not valid', 'Correct the object'));
    case 429:
      return transient(
        details('FD3009', 'the API server is busy', 'It is tried again; lower the load if it stays'),
      );
    default:
      return answer.status >= 500
        ? transient(
            details('FD3010', 'the API server failed', 'It is tried again; look at its log if it stays'),
          )
        : refused(details('FD3008', 'refused', 'Look at the answer of the API server'));
  }
}

/** The server forbids what is to be created in a namespace that is going, whoever asks. */
function isEnding({ body }: ApiAnswer): boolean {
  const causes: { reason?: string }[] = body?.details?.causes ?? [];
  return causes.some(({ reason }) => reason === 'NamespaceTerminating');
}
