/** For tests: an authority and a site with a certificate of it, on the loopback. */
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const VALID = { notBefore: new Date('2020-01-01'), notAfter: new Date('2050-01-01') };

export interface Identity {
  /** PEM of the authority. */
  readonly root: string;
  readonly key: string;
  readonly cert: string;
}

/** A new authority, and a key and certificate of it for the domain. */
export async function identify(domain: string): Promise<Identity> {
  const authority = await keys();
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      ...VALID,
      name: 'CN=Test Root',
      keys: authority,
      signingAlgorithm: ALGORITHM,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  const own = await keys();
  const certificate = await X509CertificateGenerator.create(
    {
      ...VALID,
      subject: `CN=${domain}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: domain }])],
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { root: root.toString('pem'), cert: certificate.toString('pem'), key };
}

const keys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

export interface Site {
  readonly port: number;
  /** Names that visitors asked for in the TLS handshake, a connection each. */
  readonly names: unknown[];
  readonly server: Server;
  readonly close: () => Promise<void>;
}

export async function openSite(
  identity: Identity,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Site> {
  const server = createServer({ key: identity.key, cert: identity.cert }, handler);
  const names: unknown[] = [];
  server.on('secureConnection', (socket: TLSSocket) => names.push(socket.servername));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, names, server, close };
}
