/** How the Azure SDKs reach their management API: the public one, or the fleet's own. */
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import type { Fleet, LoadBalancer } from '../../dsl/fleet.ts';
import { resolveSecret, resolveValue } from '../references.ts';

export interface Connection {
  credential: TokenCredential;
  /** For the constructor of any Azure management client. */
  options: { httpClient: HttpClient; retryOptions: { maxRetries: number } };
}

const PUBLIC = 'https://management.azure.com';

export function connect(balancer: LoadBalancer, fleet: Fleet): Connection {
  const { management, token } = balancer;
  return {
    credential: token ? fixedToken(() => resolveSecret(token, fleet.file)) : new DefaultAzureCredential(),
    options: {
      httpClient: management
        ? redirecting(() => resolveValue(management, fleet.file))
        : createDefaultHttpClient(),
      // Whether and how long to wait is decided in one place (patience.ts), within the attempt's time.
      retryOptions: { maxRetries: 0 },
    },
  };
}

function fixedToken(read: () => string): TokenCredential {
  return {
    getToken: async () => ({ token: read(), expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
}

/**
 * Sends what is meant for the public cloud to another manager. The SDK itself keeps to https, and so sends its
 * bearer token; addresses that come back in answers (operations, next pages) are redirected the same way.
 */
function redirecting(read: () => string): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      const asked = request.url;
      if (!asked.startsWith(PUBLIC)) return inner.sendRequest(request);
      const base = read().replace(/\/$/, '');
      request.url = base + asked.slice(PUBLIC.length);
      request.allowInsecureConnection = base.startsWith('http:');
      try {
        return await inner.sendRequest(request);
      } finally {
        // Pollers build the next address from the one that was asked: it must stay the public one.
        request.url = asked;
      }
    },
  };
}
