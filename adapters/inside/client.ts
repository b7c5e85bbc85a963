/**
 * The client itself. It runs here, against a member's DNS and proxy, and as text in a Job inside a member: so it
 * stands on nothing but its argument and Node 20, imports included.
 */
export interface Errand {
  name: string;
  port: number;
  path: string;
  requests: number;
  timeoutMs: number;
  /** ADDRESS:PORT; default: the DNS of the machine it runs on. */
  dns?: string;
  /** Address of an HTTP proxy to send requests by; default: none. */
  proxy?: string;
  /** Lower-case names of the headers to bring home. */
  headers: string[];
  body: boolean;
}

export interface Find {
  addresses: string[];
  error?: string;
  status?: number;
  headers: Record<string, string>;
  body: string;
}

export async function runErrand(errand: Errand): Promise<Find[]> {
  const { Resolver } = await import('node:dns/promises');
  const http = await import('node:http');
  const BODY_LIMIT = 16 * 1024;

  function lookUp(): Promise<string[]> {
    const resolver = new Resolver({ timeout: errand.timeoutMs, tries: 1 });
    if (errand.dns !== undefined) resolver.setServers([errand.dns]);
    return resolver.resolve4(errand.name);
  }

  function ask(address: string): Promise<Omit<Find, 'addresses'>> {
    const direct = { host: address, port: errand.port, path: errand.path };
    const proxy = errand.proxy === undefined ? undefined : new URL(errand.proxy);
    const options =
      proxy === undefined
        ? direct
        : { host: proxy.hostname, port: proxy.port, path: `http://${address}:${errand.port}${errand.path}` };
    const found: Omit<Find, 'addresses'> = { headers: {}, body: '' };
    return new Promise((settle) => {
      const failed = (error: NodeJS.ErrnoException) =>
        settle({ ...found, error: error.code ?? error.message });
      const late = setTimeout(() => sent.destroy(new Error('no answer in time')), errand.timeoutMs);
      const headers = { host: errand.name, connection: 'close' };
      const sent = http.request({ ...options, headers, agent: false }, (answer) => {
        if (answer.statusCode !== undefined) found.status = answer.statusCode;
        for (const name of errand.headers) found.headers[name] = String(answer.headers[name] ?? '');
        answer.setEncoding('utf8').on('error', failed);
        answer.on('data', (part: string) => {
          if (errand.body && found.body.length < BODY_LIMIT) found.body += part;
        });
        answer.on('end', () => settle(found));
      });
      sent.on('error', failed).on('close', () => clearTimeout(late));
      sent.end();
    });
  }

  const finds: Find[] = [];
  for (let sent = 0; sent < errand.requests; sent += 1) {
    try {
      const addresses = await lookUp();
      const [first] = addresses;
      finds.push({
        addresses,
        ...(first === undefined ? { error: 'ENODATA', headers: {}, body: '' } : await ask(first)),
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      finds.push({ addresses: [], error: code ?? message, headers: {}, body: '' });
    }
  }
  return finds;
}
