import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addRoot, ensureAuthority } from './authority.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authority-'));
});
afterEach(() => rm(folder, { recursive: true }));

const DAY = 86_400_000;

test('the root is made once, by whoever is first, and its key is private', async () => {
  const made = await Promise.all([1, 2, 3].map(() => ensureAuthority(folder)));
  expect(new Set(made.map((authority) => authority.rootPem)).size).toBe(1);
  expect((await stat(join(folder, 'authority.pem'))).mode & 0o777).toBe(0o600);
  expect(await readFile(made[0]?.rootFile ?? '', 'utf8')).toBe(made[0]?.rootPem);
  const root = new X509Certificate(made[0]?.rootPem ?? '');
  expect(root.subject).toBe('CN=Onsil Lab Root');
  expect(root.ca).toBe(true);
});

test('a root that another process made meanwhile is taken', async () => {
  const elsewhere = join(folder, 'elsewhere');
  const other = await ensureAuthority(elsewhere);
  const here = join(folder, 'here');
  await mkdir(here);
  let theirs = 0;
  const authority = await ensureAuthority(here, () => {
    // Asked for when it was seen that there is none: now there is one.
    if (theirs === 0) copyFileSync(join(elsewhere, 'authority.pem'), join(here, 'authority.pem'));
    theirs += 1;
    return Date.now();
  });
  expect(theirs).toBeGreaterThan(0);
  expect(authority.rootPem).toBe(other.rootPem);
});

test('OpenSSL accepts a leaf for its name and for no other', async () => {
  const authority = await ensureAuthority(folder);
  const leaf = await authority.leaf('releases.s3.ap-northeast-2.amazonaws.com');
  const file = join(folder, 'leaf.pem');
  await writeFile(file, leaf.certificate);
  const verify = (...more: string[]) =>
    execFileSync(
      'openssl',
      ['verify', '-x509_strict', '-CAfile', authority.rootFile, ...more, file],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );
  expect(
    verify('-purpose', 'sslserver', '-verify_hostname', 'releases.s3.ap-northeast-2.amazonaws.com'),
  ).toContain('OK');
  expect(() => verify('-verify_hostname', 'other.example')).toThrow(/[Hh]ostname mismatch/);
});

test('a leaf for several names is another one than for the first alone', async () => {
  const authority = await ensureAuthority(folder);
  const [one, both] = [
    await authority.leaf('a.example'),
    await authority.leaf('a.example', 'B.example'),
  ];
  const namesOf = (leaf: { certificate: string }) =>
    new X509Certificate(leaf.certificate).subjectAltName;
  expect(namesOf(one)).toBe('DNS:a.example');
  expect(namesOf(both)).toBe('DNS:a.example, DNS:b.example');
  const again = await ensureAuthority(folder);
  expect((await again.leaf('a.example', 'b.example')).certificate).toBe(both.certificate);
  expect((await again.leaf('a.example')).certificate).toBe(one.certificate);
});

test('leaves are kept across restarts and renewed a month before their end', async () => {
  let now = Date.now();
  const first = await (await ensureAuthority(folder, () => now)).leaf('Name.Example');
  const again = await ensureAuthority(folder, () => now);
  expect((await again.leaf('name.example')).certificate).toBe(first.certificate);
  now += 59 * DAY;
  expect((await again.leaf('name.example')).certificate).toBe(first.certificate);
  now += 2 * DAY;
  const renewed = await again.leaf('name.example');
  expect(renewed.certificate).not.toBe(first.certificate);
  expect(
    new X509Certificate(renewed.certificate).verify(new X509Certificate(again.rootPem).publicKey),
  ).toBe(true);
});

test('a damaged authority or leaf is replaced', async () => {
  const before = await ensureAuthority(folder);
  await before.leaf('a.example');
  await writeFile(join(folder, 'leaves', 'a.example.pem'), 'rubbish');
  await writeFile(join(folder, 'authority.pem'), 'rubbish');
  const after = await ensureAuthority(folder);
  expect(after.rootPem).not.toBe(before.rootPem);
  expect((await after.leaf('a.example')).certificate).toContain('BEGIN CERTIFICATE');
});

test('a name that would leave the folder gets no certificate', async () => {
  const authority = await ensureAuthority(folder);
  await expect(authority.leaf('../authority')).rejects.toThrow('not a host name');
  await expect(authority.leaf('..')).rejects.toThrow('not a host name');
});

test('a public root is added once', async () => {
  const file = join(folder, 'public-roots.pem');
  expect(await addRoot(file, 'ONE\n')).toBe(true);
  expect(await addRoot(file, 'TWO\n')).toBe(true);
  expect(await addRoot(file, 'ONE')).toBe(false);
  expect(await readFile(file, 'utf8')).toBe('ONE\nTWO\n');
});

test('a certificate for several names, one with an asterisk, is kept as one', async () => {
  const authority = await ensureAuthority(folder);
  const names = ['Shop.example.com', '*.shop.example.com'] as const;
  const leaf = await authority.leaf(...names);
  const certificate = new X509Certificate(leaf.certificate);
  expect(certificate.checkHost('shop.example.com')).toBe('shop.example.com');
  expect(certificate.checkHost('a.shop.example.com')).toBe('*.shop.example.com');
  expect(certificate.checkHost('a.b.shop.example.com')).toBeUndefined();
  expect(await (await ensureAuthority(folder)).leaf(...names)).toEqual(leaf);
  expect(await authority.leaf('shop.example.com')).not.toEqual(leaf);
  for (const wrong of ['*', '*.', 'a.*.b', '../up']) {
    await expect(authority.leaf('a.example', wrong)).rejects.toThrow(/no certificate for/);
  }
});
