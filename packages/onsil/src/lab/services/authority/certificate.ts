import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const DAY_MILLISECONDS = 86_400_000;
const ROOT_DAYS = 3_650;
const LEAF_DAYS = 90;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface KeyPairPem {
  /** PKCS #8. */
  readonly key: string;
  /** The certificate itself first. */
  readonly certificate: string;
}

/** The library costs 160 ms to load: only a lab that needs a new certificate pays. */
async function load() {
  // tsyringe, inside @peculiar/x509, refuses to start without it.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  return x509;
}

/** A self-signed root, valid from a day ago: guests' clocks may lag. `now` in milliseconds. */
export async function createRoot(now: number): Promise<KeyPairPem> {
  const x509 = await load();
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Onsil Lab Root',
    notBefore: new Date(now - DAY_MILLISECONDS),
    notAfter: new Date(now + ROOT_DAYS * DAY_MILLISECONDS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), certificate: pem(certificate.toString('pem')) };
}

/** A server certificate for DNS names or IP addresses. */
export async function createLeaf(
  root: KeyPairPem,
  names: readonly [string, ...string[]],
  now: number,
): Promise<KeyPairPem> {
  const [name] = names;
  const x509 = await load();
  const issuer = new x509.X509Certificate(root.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(root.key).export({ format: 'der', type: 'pkcs8' }),
    ALGORITHM,
    false,
    ['sign'],
  );
  const keys = await generateKeys();
  const end = Math.min(now + LEAF_DAYS * DAY_MILLISECONDS, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // A common name holds 64 characters; the name that counts is the alternative one.
    subject: name.length <= 64 ? [{ CN: [name] }] : 'CN=Onsil Lab',
    issuer: issuer.subject,
    notBefore: new Date(now - DAY_MILLISECONDS),
    notAfter: new Date(end),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((each) => ({ type: isIP(each) === 0 ? 'dns' : 'ip', value: each })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { key: await exportKey(keys.privateKey), certificate: pem(certificate.toString('pem')) };
}

function generateKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** Positive and of 16 bytes (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const exported = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return exported.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function pem(text: string): string {
  return `${text.replaceAll('\r', '').trim()}\n`;
}
