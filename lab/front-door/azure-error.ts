/** Error answers in the words Azure Resource Manager uses; the adapters' mapping is tested against these. */
export interface AzureError {
  status: number;
  code: string;
  message: string;
  headers?: Record<string, string>;
}

export function azureError(status: number, code: string, message: string): AzureError {
  return { status, code, message };
}

export const badRequest = (message: string) => azureError(400, 'BadRequest', message);

export const missingToken = (): AzureError => ({
  ...azureError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."),
  headers: { 'www-authenticate': 'Bearer authorization_uri="https://login.windows.net/common"' },
});

export const wrongToken = (): AzureError => ({
  ...azureError(401, 'InvalidAuthenticationToken', 'The access token is invalid.'),
  headers: {
    'www-authenticate':
      'Bearer authorization_uri="https://login.windows.net/common", error="invalid_token", error_description="The access token is invalid."',
  },
});

export const subscriptionNotFound = (name: string) =>
  azureError(404, 'SubscriptionNotFound', `The subscription '${name}' could not be found.`);

export const groupNotFound = (name: string) =>
  azureError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);

export const notFound = (type: string, name: string, group: string) =>
  azureError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

export const parentNotFound = (type: string, parent: string) =>
  azureError(
    404,
    'ParentResourceNotFound',
    `Failed to perform 'write' on resource(s) of type '${type}', because the parent resource '${parent}' could not be found.`,
  );

export const anotherOperation = (id: string) =>
  azureError(
    409,
    'Conflict',
    `Another operation is in progress on the resource ${id}. Retry after it has completed.`,
  );

export const preconditionFailed = (id: string) =>
  azureError(412, 'PreconditionFailed', `The condition '[If-Match]' did not match the ETag of ${id}.`);

export const tooManyRequests = (retryAfterSeconds: number): AzureError => ({
  ...azureError(
    429,
    'TooManyRequests',
    `The request is being throttled as the limit has been reached for operation type - Write. Please retry after '${retryAfterSeconds}' seconds.`,
  ),
  headers: { 'retry-after': String(retryAfterSeconds) },
});
