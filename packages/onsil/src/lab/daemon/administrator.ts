/** The administrator of a lab: a key pair of the lab's own, kept so that layers stay valid. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../files.ts';
import { cacheFolders } from '../layout.ts';
import { run } from '../process.ts';
import { ensureSecrets } from './secrets.ts';

export interface Administrator {
  readonly privateKeyFile: string;
  /** In OpenSSH form. */
  readonly publicKey: string;
}

export async function ensureAdministrator(lab: string): Promise<Administrator> {
  const folder = join(cacheFolders.labs, lab);
  const privateKeyFile = join(folder, 'administrator');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // ssh-keygen writes the public half last: without it, the pair is one that was cut off.
  if (!(await exists(`${privateKeyFile}.pub`))) {
    await rm(privateKeyFile, { force: true });
    const comment = `administrator@${lab}`;
    await run('ssh-keygen', [
      ...['-q', '-t', 'ed25519', '-N', '', '-C', comment],
      ...['-f', privateKeyFile],
    ]);
  }
  const publicKey = (await readFile(`${privateKeyFile}.pub`, 'utf8')).trim();
  return { privateKeyFile, publicKey };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SECRET_NAME = 'onsil:aws-secret-access-key';

/**
 * The keys that the administrator signs AWS calls with, the same at each `up`: shells that have
 * them go on. The id follows from the secret and says nothing of it.
 */
export async function ensureKeys(lab: string) {
  const kept = (await ensureSecrets(lab, [SECRET_NAME])).get(SECRET_NAME) ?? '';
  const digest = createHash('sha256').update(`access key id ${kept}`).digest();
  const letters = [...digest.subarray(0, 16)].map((byte) => BASE32[byte % 32]);
  return { accessKeyId: `AKIA${letters.join('')}`, secretAccessKey: kept };
}
