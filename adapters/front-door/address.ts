/** `host` or `host:port`, as the port writes a backend's address, and the two ports Azure keeps. */
export interface Ports {
  httpPort: number;
  httpsPort: number;
}

export function splitAddress(address: string): { host: string } & Ports {
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  // A port written out is where the backend listens, whichever protocol it is asked by.
  return port === undefined
    ? { host, httpPort: 80, httpsPort: 443 }
    : { host, httpPort: Number(port), httpsPort: Number(port) };
}

export function joinAddress(host: string, { httpPort = 80, httpsPort = 443 }: Partial<Ports>): string {
  if (httpPort !== 80) return `${host}:${httpPort}`;
  return httpsPort === 443 ? host : `${host}:${httpsPort}`;
}
