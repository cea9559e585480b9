import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;

/** A hash of nothing: what an unknown e-mail is compared with, so that it takes as long as a known one. */
export const noPasswordHash = encode(Buffer.alloc(16), Buffer.alloc(32));

/** Hashes with argon2id, off the main thread. The result names its own cost and salt (PHC string). */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await derive('argon2id', {
    ...cost,
    message: message(password),
    nonce,
    tagLength: 32,
  });
  return encode(nonce, hash);
}

/** Compares in constant time, with the cost that the hash was made with. */
export async function verifyPassword(password: string, encoded: string): Promise<boolean> {
  const { hash, ...parameters } = decode(encoded);
  return timingSafeEqual(
    await derive('argon2id', { ...parameters, message: message(password) }),
    hash,
  );
}

/** The same Hangul may be typed composed or decomposed (NIST SP 800-63B-4, section 3.1.1.2). */
function message(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'));
}

function encode(nonce: Buffer, hash: Buffer): string {
  const numbers = `m=${cost.memory},t=${cost.passes},p=${cost.parallelism}`;
  return `$argon2id$v=19$${numbers}$${base64(nonce)}$${base64(hash)}`;
}

function decode(encoded: string): Omit<Argon2Parameters, 'message'> & { readonly hash: Buffer } {
  const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/-]+)\$([\w+/-]+)$/;
  const [, memory, passes, parallelism, nonce, hash] = form.exec(encoded) ?? [];
  if (nonce === undefined || hash === undefined) {
    throw new Error('A stored password hash is not an argon2id PHC string');
  }
  const tag = Buffer.from(hash, 'base64');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(nonce, 'base64'),
    tagLength: tag.length,
    hash: tag,
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
