/**
 * All AWS endpoints of a lab on one port of 127.0.0.1, for the clients of the host. Nothing tells
 * the service but the request itself: what its signature is for, and a bucket in Host.
 */
import { createServer, type Server } from 'node:http';
import type { Region } from '../../region/region.ts';
import { SERVICES } from './aws/services.ts';
import { AwsError } from './endpoints/error.ts';
import { createExchange, type Exchange, header } from './endpoints/exchange.ts';
import type { EndpointHost } from './endpoints/host.ts';
import { sendError } from './endpoints/send-error.ts';
import { type EndpointsContext, endpointsListener, hasBucket } from './endpoints.ts';
import { withLimits } from './http-server.ts';
import { handleAt } from './wait-condition.ts';

/**
 * A server that is not listening yet. Requests whose Host is no name of the loopback interface are
 * refused: a page in a browser may have a name of its own that leads to 127.0.0.1.
 */
export function createLoopback(context: EndpointsContext): Server {
  const listener = endpointsListener(context, route);
  const server = createServer((request, response) => {
    const exchange = createExchange(request, response);
    const { host, path } = exchange;
    const isSignal = handleAt(context.region(), host, path) !== undefined;
    if (isLoopback(host) || isSignal) return listener(request, response);
    const message = `"${host}" is not a name of this endpoint: use http://127.0.0.1 with its port.`;
    sendError(exchange, 'query', new AwsError(403, 'AccessDenied', message));
  });
  return withLimits(server);
}

const LOOPBACK = /^(?:(.+)\.)?localhost$/;

function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '[::1]' || LOOPBACK.test(host);
}

function route(exchange: Exchange, region: Region): EndpointHost | undefined {
  const name = serviceOf(exchange);
  if (name === 's3') {
    const before = LOOPBACK.exec(exchange.host)?.[1]?.replace(/\.?s3$/, '');
    const isBucket = before !== undefined && hasBucket(region)(before);
    return { service: 's3', ...(isBucket ? { bucket: before } : {}) };
  }
  if (name === undefined) return undefined;
  return Object.hasOwn(SERVICES, name) ? { service: 'aws', name } : { service: 'unknown', name };
}

/** Of the scope `KEY/DATE/REGION/SERVICE/aws4_request`, in the header or in a presigned query. */
function serviceOf(exchange: Exchange): string | undefined {
  const scope =
    /Credential=([^,\s]+)/.exec(header(exchange, 'authorization') ?? '')?.[1] ??
    new URLSearchParams(exchange.query).get('X-Amz-Credential');
  return scope?.split('/')[3];
}
