/**
 * The management API (Azure Resource Manager in front of Microsoft.Cdn and Microsoft.Network/frontDoors), as
 * the real SDKs see it: bearer tokens, api-version, long-running operations with Azure-AsyncOperation, one
 * change at a time per profile, ETags, real error bodies.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from '../faults.ts';
import {
  type AzureError,
  anotherOperation,
  azureError,
  badRequest,
  groupNotFound,
  missingToken,
  notFound,
  parentNotFound,
  preconditionFailed,
  subscriptionNotFound,
  tooManyRequests,
  wrongToken,
} from './azure-error.ts';
import { classicRules } from './classic.ts';
import type { ProbeMetrics } from './metrics.ts';
import { lastName, parentOf, parseResourcePath, type ResourcePath } from './resource-id.ts';
import { type Operation, present, type Resource, type Resources } from './resources.ts';
import { refusal, type TypeRules } from './rules.ts';
import type { FrontDoorSettings } from './settings.ts';
import { standardRules } from './standard.ts';

export interface ManagementOptions {
  resources: Resources;
  faults: Faults;
  token: string;
  subscription: string;
  resourceGroup: string;
  metrics: ProbeMetrics;
  settings: Pick<FrontDoorSettings, 'operationMs'>;
}

interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The target of faults that concern the management API as a whole. */
const TARGET = 'front-door';
const rules = new Map([...standardRules, ...classicRules].map((rule) => [rule.type.toLowerCase(), rule]));
const operationPattern = /^\/subscriptions\/[^/]+\/providers\/[^/]+\/operationresults\/([^/]+)$/i;

const metricsPattern = /^(.+)\/providers\/Microsoft\.Insights\/metrics$/i;

export function createManagement(options: ManagementOptions): Server {
  return createServer((request, response) => {
    answer(request, options)
      .then((reply) => send(response, reply))
      .catch((error: unknown) => {
        send(response, errorReply(azureError(500, 'InternalServerError', String(error))));
      });
  });
}

async function answer(request: IncomingMessage, options: ManagementOptions): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://management');
  const text = await readBody(request);
  const early = refuseEarly(request, url, options);
  if (early) return errorReply(early);
  const operation = operationPattern.exec(url.pathname)?.[1];
  if (operation !== undefined) return operationReply(options.resources.operation(operation));
  const measured = metricsPattern.exec(url.pathname)?.[1];
  if (measured !== undefined) return metricsReply(measured, url, options);
  const path = parseResourcePath(url.pathname);
  const rule = path && rules.get(path.type.toLowerCase());
  if (!path || !rule)
    return errorReply(azureError(404, 'InvalidResourceType', `There is no resource at ${url.pathname}.`));
  const wrong = refusePath(path, rule, url, options);
  if (wrong) return errorReply(wrong);
  if (request.method === 'GET') return read(path, rule, options);
  if (path.collection || !rule.verbs.includes(request.method as 'PUT'))
    return errorReply(
      azureError(405, 'MethodNotAllowed', `${request.method} is not supported on ${rule.type}.`),
    );
  return change(request, text, path, rule, options);
}

/** What is refused whatever is asked: a missing or wrong token, throttling, an outage. */
function refuseEarly(request: IncomingMessage, url: URL, options: ManagementOptions): AzureError | undefined {
  const authorization = request.headers.authorization;
  if (authorization === undefined) return missingToken();
  if (authorization !== `Bearer ${options.token}`) return wrongToken();
  const throttled = options.faults.matching('management-429', TARGET);
  if (throttled) return tooManyRequests(Number(throttled.options.retryAfter ?? 1));
  if (options.faults.matching('management-500', TARGET))
    return azureError(500, 'InternalServerError', 'The server encountered an error.');
  return url.searchParams.has('api-version')
    ? undefined
    : azureError(
        400,
        'MissingApiVersionParameter',
        'The api-version query parameter (?api-version=) is required for all requests.',
      );
}

function refusePath(
  path: ResourcePath,
  rule: TypeRules,
  url: URL,
  options: ManagementOptions,
): AzureError | undefined {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  if (!same(path.subscription, options.subscription)) return subscriptionNotFound(path.subscription);
  if (!same(path.group, options.resourceGroup)) return groupNotFound(path.group);
  const version = url.searchParams.get('api-version');
  if (version !== rule.apiVersion)
    return azureError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for API version '${version}' for type '${rule.type}'. The supported api-versions are '${rule.apiVersion}'.`,
    );
  const missing = missingParent(path, options.resources);
  return missing === undefined ? undefined : parentNotFound(rule.type, missing);
}

function missingParent(path: ResourcePath, resources: Resources): string | undefined {
  let parent = path.collection ? path.id : parentOf(path.id);
  if (path.collection && path.names.length === 0) return undefined;
  let missing: string | undefined;
  for (; parent !== undefined; parent = parentOf(parent))
    if (!resources.get(parent)) missing = lastName(parent);
  return missing;
}

function read(path: ResourcePath, rule: TypeRules, { resources }: ManagementOptions): Reply {
  if (path.collection) {
    const value = resources.children(path.id, rule.type).map((it) => present(it, resources.underWay(it.id)));
    return { status: 200, body: { value } };
  }
  const operation = resources.underWay(path.id);
  const resource = resources.get(path.id) ?? operation?.next;
  if (!resource) return errorReply(notFound(rule.type, path.names.join('/'), path.group));
  return { status: 200, body: present(resource, operation), headers: { etag: resource.etag } };
}

function change(
  request: IncomingMessage,
  text: string,
  path: ResourcePath,
  rule: TypeRules,
  options: ManagementOptions,
): Reply {
  const { resources } = options;
  const current = resources.get(path.id);
  if (resources.busy(path.id)) return errorReply(anotherOperation(path.id));
  const expected = request.headers['if-match'];
  if (expected !== undefined && expected !== '*' && expected !== current?.etag)
    return errorReply(preconditionFailed(path.id));
  if (request.method === 'DELETE' && !current) return { status: 204 };
  if (request.method === 'PATCH' && !current)
    return errorReply(notFound(rule.type, path.names.join('/'), path.group));
  const next =
    request.method === 'DELETE'
      ? undefined
      : parseNext(text, path, rule, current, request.method === 'PATCH');
  if (next && 'status' in next) return errorReply(next);
  const refused =
    (next && refusal(rule.refuse(next.properties))) ?? rule.conflict?.(path.id, next, resources);
  if (refused) return errorReply(refused);
  const kind = next === undefined ? 'Deleting' : current ? 'Updating' : 'Creating';
  const willFail = options.faults.matching('management-operation-fails', TARGET) !== undefined;
  const operation = resources.begin(
    { resource: path.id, type: rule.type, kind, next, willFail },
    options.settings.operationMs,
  );
  return accepted(operation, path, rule, request.method ?? '');
}

function parseNext(
  text: string,
  path: ResourcePath,
  rule: TypeRules,
  current: Resource | undefined,
  patch: boolean,
): Resource | AzureError {
  let body: Partial<Resource>;
  try {
    body = JSON.parse(text) as Partial<Resource>;
  } catch {
    return azureError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized.',
    );
  }
  const { provisioningState, deploymentStatus, ...given } = body.properties ?? {};
  const properties = rule.complete(patch ? { ...current?.properties, ...given } : given, path.id);
  const { location, sku, tags } = { ...(patch ? current : {}), ...body };
  const content = { properties, ...(location && { location }), ...(sku && { sku }), ...(tags && { tags }) };
  const etag = createHash('sha256')
    .update(JSON.stringify(content))
    .update(randomUUID())
    .digest('hex')
    .slice(0, 16);
  return { id: current?.id ?? path.id, type: rule.type, etag: `W/"${etag}"`, ...content };
}

function accepted(operation: Operation, path: ResourcePath, rule: TypeRules, method: string): Reply {
  const provider = rule.type.split('/')[0];
  const url = `https://management.azure.com/subscriptions/${path.subscription}/providers/${provider}/operationresults/${operation.id}?api-version=${rule.apiVersion}`;
  const status = method === 'PUT' ? (operation.kind === 'Creating' ? 201 : 200) : 202;
  const headers = { 'azure-asyncoperation': url };
  if (!operation.next) return { status, headers };
  return {
    status,
    headers: { ...headers, etag: operation.next.etag },
    body: present(operation.next, operation),
  };
}

function operationReply(operation: Operation | undefined): Reply {
  if (!operation) return errorReply(azureError(404, 'NotFound', 'The operation was not found.'));
  const error =
    operation.outcome === 'Failed'
      ? {
          code: 'DeploymentFailed',
          message: `The change of ${lastName(operation.resource)} could not be deployed.`,
        }
      : undefined;
  return { status: 200, body: { status: operation.outcome, ...(error && { error }) } };
}

function metricsReply(resource: string, url: URL, { resources, metrics }: ManagementOptions): Reply {
  const path = parseResourcePath(resource);
  if (!path || !resources.get(resource))
    return errorReply(notFound(path?.type ?? '', lastName(resource), path?.group ?? ''));
  const name = url.searchParams.get('metricnames') ?? '';
  const body = metrics.read(resource, name, Date.now());
  return body
    ? { status: 200, body }
    : errorReply(badRequest(`Failed to find metric configuration for metric: ${name}.`));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function errorReply({ status, code, message, headers }: AzureError): Reply {
  return { status, body: { error: { code, message } }, ...(headers && { headers }) };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, {
    ...headers,
    'x-ms-request-id': randomUUID(),
    ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
