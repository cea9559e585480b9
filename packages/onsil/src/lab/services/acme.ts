import { mkdir, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ProxyServer } from 'httpxy';
import { type ChildProgram, startProgram } from './acme/program.ts';
import { type Authority, addRoot } from './authority.ts';
import { ACME_HOST } from './endpoints/host.ts';
import { type Endpoint, listen } from './listen.ts';

export interface AcmeOptions {
  /** For Pebble's configuration, certificate and log. */
  readonly folder: string;
  readonly authority: Authority;
  /** The resolver by which names are validated: the lab's public one. */
  readonly resolver: () => Endpoint;
  /** Where http-01 and tls-alpn-01 are validated; 80 and 443 by default. */
  readonly httpPort?: number;
  readonly tlsPort?: number;
  /** Pebble's own port and that of its management on loopback; any free ones by default. */
  readonly port?: number;
  readonly managementPort?: number;
  /** Called when Pebble cannot be started. */
  readonly onError?: (cause: unknown) => void;
}

export interface Acme {
  /** Answers requests for the public ACME directory; the first one starts Pebble. */
  readonly listener: RequestListener;
  /** Starts Pebble ahead of the first request, and returns the process id. */
  start(): Promise<number>;
  close(): Promise<void>;
}

const PEBBLE = '/usr/bin/pebble';
const READY_MILLISECONDS = 15_000;
/** As Let's Encrypt. */
const VALIDITY_SECONDS = 90 * 86_400;

/**
 * A public certificate authority for the lab: Pebble, behind the name of Let's Encrypt. Its
 * root is a new one at every start, so `public-roots.pem` collects them: certificates of an
 * earlier start are in the machines' layers and still verify.
 */
export function createAcme(options: AcmeOptions): Acme {
  let running: Promise<Pebble> | undefined;
  let closed = false;

  function ensure(): Promise<Pebble> {
    if (closed) return Promise.reject(new Error('the lab is going down'));
    running ??= startPebble(options, () => {
      // An end that nobody asked for: the next request starts it again.
      running = undefined;
    }).catch((cause: unknown) => {
      running = undefined;
      throw cause;
    });
    return running;
  }

  return {
    listener: (request, response) => {
      ensure()
        .then(({ proxy }) => {
          // Where Let's Encrypt has its directory, and where Pebble has it.
          if (request.url === '/directory') request.url = '/dir';
          return proxy.web(request, response);
        })
        .catch((cause: unknown) => {
          options.onError?.(cause);
          if (response.headersSent) return response.destroy();
          // RFC 8555, 6.7.
          response.writeHead(500, { 'content-type': 'application/problem+json' });
          return response.end(
            JSON.stringify({
              type: 'urn:ietf:params:acme:error:serverInternal',
              detail: `the lab's ACME authority does not answer: ${(cause as Error).message}`,
            }),
          );
        });
    },
    start: async () => (await ensure()).program.pid,
    async close() {
      closed = true;
      const pebble = await running?.catch(() => undefined);
      await pebble?.program.stop();
    },
  };
}

interface Pebble {
  readonly program: ChildProgram;
  readonly proxy: ProxyServer;
}

async function startPebble(options: AcmeOptions, onEnd: () => void): Promise<Pebble> {
  const { folder, authority } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const leaf = await authority.leaf(ACME_HOST);
  const [one = 0, other = 0] = await freePorts(2);
  const { port = one, managementPort = other } = options;
  const file = (name: string) => join(folder, name);
  await writeFile(file('pebble-key.pem'), leaf.key, { mode: 0o600 });
  await writeFile(file('pebble-certificate.pem'), leaf.certificate);
  await writeFile(
    file('pebble.json'),
    JSON.stringify({
      pebble: {
        listenAddress: `127.0.0.1:${port}`,
        managementListenAddress: `127.0.0.1:${managementPort}`,
        certificate: file('pebble-certificate.pem'),
        privateKey: file('pebble-key.pem'),
        httpPort: options.httpPort ?? 80,
        tlsPort: options.tlsPort ?? 443,
        ocspResponderURL: '',
        externalAccountBindingRequired: false,
        certificateValidityPeriod: VALIDITY_SECONDS,
      },
    }),
  );
  const resolver = options.resolver();
  const program = await startProgram(
    PEBBLE,
    ['-config', file('pebble.json'), '-dnsserver', `${resolver.address}:${resolver.port}`],
    {
      // No artificial waits, and no nonces that are refused now and then to test clients.
      env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
      log: file('pebble.log'),
      ports: [port, managementPort],
      timeout: READY_MILLISECONDS,
      onEnd,
    },
  );
  try {
    const ca = authority.rootPem;
    const root = await fetchRoot(managementPort, ca);
    await addRoot(authority.publicRootsFile, root);
    // Loaded here: most starts of the daemon never see an ACME request.
    const { createProxyServer } = await import('httpxy');
    const proxy = createProxyServer({
      target: { protocol: 'https:', host: '127.0.0.1', port, ca },
      // Pebble builds its URLs from Host; the TLS name is checked against it too.
      changeOrigin: false,
      secure: true,
      proxyTimeout: 60_000,
    });
    return { program, proxy };
  } catch (cause) {
    await program.stop();
    throw cause;
  }
}

function fetchRoot(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, path: '/roots/0', ca, servername: ACME_HOST, timeout: 5_000 },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (text.includes('BEGIN CERTIFICATE')) resolve(text);
          else reject(new Error(`Pebble gave no root certificate but "${text.slice(0, 80)}"`));
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error('Pebble gave no root certificate')));
    request.on('error', reject);
    request.end();
  });
}

/** All held until the last is there, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const any = { address: '127.0.0.1', port: 0 };
  const bound = await Promise.all(servers.map((server) => listen(server, any, 'a free port')));
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return bound.map(({ port }) => port);
}
