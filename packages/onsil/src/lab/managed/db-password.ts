/** What database servers keep of a password: with it nobody can log in, and no log has the password. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** For `IDENTIFIED VIA mysql_native_password USING`: `*` and SHA1(SHA1(password)) in hex. */
export function nativePassword(password: string): string {
  const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
}

const ITERATIONS = 4096;

/**
 * PostgreSQL's verifier (RFC 5803) of a password of ASCII letters.
 * https://www.postgresql.org/docs/15/catalog-pg-authid.html
 * @param salt 16 bytes
 */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  const text = Buffer.from(salt).toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${text}$${stored}:${server}`;
}
