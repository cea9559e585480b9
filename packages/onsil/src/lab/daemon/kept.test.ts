/** What a lab keeps from one `up` to the next: its secrets and its administrator. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run } from '../process.ts';

const cache = vi.hoisted(() => {
  const fs = process.getBuiltinModule('node:fs');
  const os = process.getBuiltinModule('node:os');
  const folder = fs.mkdtempSync(`${os.tmpdir()}/onsil-kept-`);
  process.env['ONSIL_CACHE'] = folder;
  return folder;
});
const { ensureAdministrator } = await import('./administrator.ts');
const { ensureSecrets, labSecret } = await import('./secrets.ts');

afterEach(async () => {
  await rm(cache, { recursive: true, force: true });
});

const mode = async (...path: readonly string[]) =>
  (await stat(join(cache, 'labs', ...path))).mode & 0o777;

describe('secrets', () => {
  test('are made once, at random, for root alone', async () => {
    const first = await ensureSecrets('shop', ['/a', '/b']);
    expect([...first.keys()]).toEqual(['/a', '/b']);
    for (const value of first.values()) expect(value).toMatch(/^[\w-]{32}$/);
    expect(new Set(first.values()).size).toBe(2);
    expect(await ensureSecrets('shop', ['/a', '/b'])).toEqual(first);
    expect(await mode('shop', 'secrets.json')).toBe(0o600);
    expect(await mode('shop')).toBe(0o700);
  });
  test('a further one leaves those that there are', async () => {
    const first = await ensureSecrets('shop', ['/a']);
    const second = await ensureSecrets('shop', ['/b', '/a']);
    expect(second.get('/a')).toBe(first.get('/a'));
    expect(second.size).toBe(2);
    expect((await ensureSecrets('shop', ['/b'])).get('/b')).toBe(second.get('/b'));
  });
  test('differ from lab to lab', async () => {
    const [one, two] = [await ensureSecrets('one', ['/a']), await ensureSecrets('two', ['/a'])];
    expect(one.get('/a')).not.toBe(two.get('/a'));
    expect(await labSecret('one')).toBe(await labSecret('one'));
    expect(await labSecret('one')).not.toBe(await labSecret('two'));
  });
  test('none asked for, none made', async () => {
    expect((await ensureSecrets('shop', [])).size).toBe(0);
    await expect(stat(join(cache, 'labs', 'shop'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the administrator', () => {
  test('has a key pair that belongs together, the same from then on', async () => {
    const first = await ensureAdministrator('shop');
    expect(first.privateKeyFile).toBe(join(cache, 'labs', 'shop', 'administrator'));
    expect(first.publicKey).toMatch(/^ssh-ed25519 \S+ administrator@shop$/);
    const { stdout } = await run('ssh-keygen', ['-y', '-f', first.privateKeyFile]);
    expect(stdout.trim()).toBe(first.publicKey);
    expect(await mode('shop', 'administrator')).toBe(0o600);
    expect(await ensureAdministrator('shop')).toEqual(first);
    expect((await ensureAdministrator('other')).publicKey).not.toBe(first.publicKey);
    expect(await readFile(first.privateKeyFile, 'utf8')).toContain('OPENSSH PRIVATE KEY');
  });
});
