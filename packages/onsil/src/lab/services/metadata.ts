import { createServer, type IncomingMessage } from 'node:http';
import type { Instance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { Credentials } from './credentials.ts';
import { closeHttp, withLimits } from './http-server.ts';
import { type Endpoint, listen } from './listen.ts';
import { readPath } from './metadata/path.ts';
import { createTokens } from './metadata/token.ts';
import { metadataTree } from './metadata/tree.ts';

export interface MetadataOptions {
  readonly region: () => Region;
  /** The network interface behind a source address. */
  readonly whoIs: (address: string) => string | undefined;
  readonly listen: Endpoint;
  readonly credentials: Credentials;
  readonly now?: () => number;
  /** User data with its references to secrets replaced; throws where one is not there. */
  readonly resolved?: (userData: string) => string;
  /** Told of failures that are no client's fault. */
  readonly onError?: (cause: unknown) => void;
  /** Of the machines; by default this process's own. */
  readonly architecture?: 'x86_64' | 'arm64';
}

export interface Metadata {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

const TOKEN = 'x-aws-ec2-metadata-token';
const TOKEN_TTL = `${TOKEN}-ttl-seconds`;
const MAX_TTL_SECONDS = 21_600;

/** Some of the versions that AWS lists; all of them have the same tree here. */
const VERSIONS = [
  '1.0',
  '2007-01-19',
  '2009-04-04',
  '2011-01-01',
  '2014-11-05',
  '2016-09-02',
  '2018-09-24',
  '2019-10-01',
  '2020-10-27',
  '2021-03-23',
  '2021-07-15',
  'latest',
];

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
};

/**
 * The instance metadata service, versions 1 and 2. The hop limit is not its concern: the
 * fabric sets it as the time to live of what goes back.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export async function startMetadata(options: MetadataOptions): Promise<Metadata> {
  const now = options.now ?? Date.now;
  const tokens = createTokens(now);
  const started = now();
  const architecture = options.architecture ?? (process.arch === 'arm64' ? 'arm64' : 'x86_64');

  function answer(request: IncomingMessage): Answer {
    const region = options.region();
    const instance = instanceOf(region, options.whoIs(request.socket.remoteAddress ?? ''));
    if (instance === undefined || !instance.metadataOptions.enabled) return failure(403);
    const path = pathOf(request.url ?? '/');
    if (path === undefined) return failure(400);
    if (path.join('/') === 'latest/api/token') return giveToken(request, instance);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return failure(405, { allow: 'GET, HEAD' });
    }
    const token = header(request, TOKEN);
    const accepted =
      token === undefined
        ? instance.metadataOptions.httpTokens === 'optional'
        : tokens.isValid(token, instance.id);
    if (!accepted) return failure(401);
    const [version, ...rest] = path;
    if (version === undefined) return success(VERSIONS.join('\n'));
    if (!VERSIONS.includes(version)) return failure(404);
    const { credentials } = options;
    const tree = metadataTree({ region, instance, credentials, architecture, started });
    const isUserData = rest.join('/') === 'user-data';
    if (isUserData && instance.userDataBytes !== undefined) {
      const bytes = Buffer.from(instance.userDataBytes, 'base64');
      return success(bytes, 'application/octet-stream');
    }
    const text = readPath(tree, rest);
    if (text === undefined) return failure(404);
    if (!isUserData) return success(text);
    return success(options.resolved?.(text) ?? text, 'application/octet-stream');
  }

  function safely(request: IncomingMessage): Answer {
    try {
      return answer(request);
    } catch (cause) {
      options.onError?.(cause);
      return failure(500);
    }
  }

  function giveToken(request: IncomingMessage, instance: Instance): Answer {
    if (request.method !== 'PUT') return failure(405, { allow: 'OPTIONS, PUT' });
    // An open proxy in the instance adds this header: its clients get no token.
    if (header(request, 'x-forwarded-for') !== undefined) return failure(403);
    const text = header(request, TOKEN_TTL) ?? '';
    const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (seconds < 1 || seconds > MAX_TTL_SECONDS) return failure(400);
    const { status, body, headers } = success(tokens.issue(instance.id, seconds));
    return { status, body, headers: { ...headers, [TOKEN_TTL]: String(seconds) } };
  }

  const server = withLimits(
    createServer((request, response) => {
      const { status, headers, body } = safely(request);
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
      response.end(body);
    }),
  );
  const endpoint = await listen(server, options.listen, 'the instance metadata service');
  return { endpoint, close: () => closeHttp(server) };
}

function instanceOf(region: Region, networkInterfaceId: string | undefined): Instance | undefined {
  const attachment = region.networkInterfaces[networkInterfaceId ?? '']?.attachment;
  return region.instances[attachment?.instanceId ?? ''];
}

/** The parts of a path, empty ones left out; undefined where it is not one. */
function pathOf(url: string): readonly string[] | undefined {
  try {
    const path = decodeURIComponent(url.split('?', 1)[0] ?? '');
    return path.split('/').filter((part) => part !== '');
  } catch {
    return undefined;
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function success(body: string | Buffer, type = 'text/plain'): Answer {
  return { status: 200, headers: { 'content-type': type, server: 'EC2ws' }, body };
}

function failure(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  const title = `${status} - ${REASONS[status] ?? 'Error'}`;
  return {
    status,
    headers: { 'content-type': 'text/html', server: 'EC2ws', ...headers },
    body:
      `<?xml version="1.0" encoding="iso-8859-1"?>\n<html><head><title>${title}</title></head>` +
      `<body><h1>${title}</h1></body></html>\n`,
  };
}
