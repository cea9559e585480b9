import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Region } from '../../region/region.ts';
import type { Authority } from './authority.ts';
import { handleAws } from './aws/handle.ts';
import { modelOf } from './aws/model.ts';
import type { AwsContext } from './aws/operation.ts';
import { SERVICES } from './aws/services.ts';
import { AwsError } from './endpoints/error.ts';
import { createExchange, type Exchange } from './endpoints/exchange.ts';
import { type EndpointHost, endpointHost } from './endpoints/host.ts';
import { type Protocol, sendError } from './endpoints/send-error.ts';
import { closeHttp, withLimits } from './http-server.ts';
import { type Endpoint, listen } from './listen.ts';
import { handleS3 } from './s3.ts';
import { createWaitConditions, handleAt } from './wait-condition.ts';

export interface EndpointsContext extends AwsContext {
  /** Answers for the public ACME directory. */
  readonly acme: RequestListener;
  /** Told of what is no client's fault: the client sees InternalError. */
  readonly onError?: (cause: unknown) => void;
}

export interface Endpoints {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

/** What a request is for. Undefined: it is for nothing that the lab stands for. */
export type Router = (exchange: Exchange, region: Region) => EndpointHost | undefined;

const byHost: Router = (exchange, region) =>
  endpointHost(exchange.host, region.name, hasBucket(region));

/** Answers requests; for a server with or without TLS. By default the name in Host tells the service. */
export function endpointsListener(
  context: EndpointsContext,
  route: Router = byHost,
): RequestListener {
  const waitConditions = createWaitConditions(context.onSignal);

  async function dispatch(exchange: Exchange, host: EndpointHost | undefined): Promise<void> {
    const handle = handleAt(context.region(), exchange.host, exchange.path);
    if (handle !== undefined) return waitConditions.handle(exchange, handle);
    switch (host?.service) {
      case 's3':
        return handleS3(exchange, context, host.bucket);
      case 'aws':
        return handleAws(exchange, host.name, context);
      default:
        throw notHere(exchange, host?.service === 'unknown' ? host.name : exchange.host);
    }
  }

  return (request, response) => {
    const exchange = createExchange(request, response);
    const region = context.region();
    const host = route(exchange, region);
    if (host?.service === 'acme') return context.acme(request, response);
    const protocol = protocolOf(exchange, host);
    if (protocol === 's3') {
      response.setHeader(
        'x-amz-request-id',
        exchange.requestId.replaceAll('-', '').slice(0, 16).toUpperCase(),
      );
      response.setHeader('x-amz-id-2', exchange.requestId);
      response.setHeader('server', 'AmazonS3');
    } else {
      response.setHeader('x-amzn-requestid', exchange.requestId);
    }
    dispatch(exchange, host).catch((cause: unknown) => {
      const isGone = (request.destroyed && !request.complete) || response.destroyed;
      // A client that went away in the middle is told nothing; what went wrong besides is not its doing.
      if (!(cause instanceof AwsError) && !(isGone && isHangUp(cause))) context.onError?.(cause);
      if (isGone) return;
      sendError(exchange, protocol, cause);
    });
  };
}

/** What reading from, or writing to, a client ends with that has hung up. */
function isHangUp(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(String(code));
}

/** The front for all AWS endpoints and the ACME directory, with a certificate for each name. */
export async function startEndpoints(
  context: EndpointsContext,
  authority: Authority,
  at: Endpoint,
  what = 'the AWS endpoints',
): Promise<Endpoints> {
  const server = createTlsServer(
    {
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: 15_000,
      SNICallback: (name, done) => {
        const region = context.region();
        const host = endpointHost(name.toLowerCase(), region.name, hasBucket(region));
        if (host === undefined) return done(new Error(`no endpoint of the lab: ${name}`));
        authority.secureContext(name).then(
          (secure) => done(null, secure),
          (cause: Error) => done(cause),
        );
      },
    },
    endpointsListener(context),
  );
  withLimits(server);
  // A failed handshake is the client's affair; its socket is already gone.
  server.on('tlsClientError', () => {});
  const endpoint = await listen(server, at, what);
  return { endpoint, close: () => closeHttp(server) };
}

export function hasBucket(region: Region): (name: string) => boolean {
  return (name) => Object.values(region.buckets).some((bucket) => bucket.name === name);
}

/** In which shape an error is understood. */
function protocolOf(exchange: Exchange, host: EndpointHost | undefined): Protocol {
  if (host?.service === 's3') return 's3';
  if (host?.service === 'aws') {
    const { protocol } = modelOf(host.name).metadata;
    return protocol === 'rest-xml' ? 'query' : protocol;
  }
  return exchange.signed.headers['x-amz-target'] === undefined ? 'query' : 'json';
}

function notHere(exchange: Exchange, name: string): AwsError {
  const target = exchange.signed.headers['x-amz-target']?.[0];
  const action = /(?:^|&)Action=(\w+)/.exec(exchange.query)?.[1];
  const operation = target ?? action ?? `${exchange.signed.method} ${exchange.path}`;
  return new AwsError(
    501,
    'NotImplemented',
    `The lab does not have the service "${name}" (operation ${operation}): it has s3, ${Object.keys(SERVICES).join(', ')} and wait conditions.`,
  );
}
