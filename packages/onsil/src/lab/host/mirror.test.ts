import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { debianMirror } from './mirror.ts';

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

function host(files: Readonly<Record<string, string>>): string {
  root = mkdtempSync(join(tmpdir(), 'onsil-mirror-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('deb822: comments, lists over several lines, several suites, a trailing slash', () => {
  const sources = `Types: deb deb-src
# a comment in the middle
URIs: https://mirror.example/debian/
Suites: bookworm
 bookworm-updates
Components: main

Types: deb
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;
  expect(debianMirror(host({ 'etc/apt/sources.list.d/debian.sources': sources }))).toEqual({
    archive: 'https://mirror.example/debian',
    security: 'https://mirror.example/debian-security',
  });
});

test('deb822: disabled stanzas and source packages are not mirrors', () => {
  const sources = `Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: bookworm

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
`;
  expect(debianMirror(host({ 'etc/apt/sources.list.d/debian.sources': sources }))).toBeUndefined();
});

test('one line: options, comments, other vendors', () => {
  const list = `# deb http://old.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://vendor.example/cloud stable main
deb [arch=amd64] http://mirror.example/debian bookworm main # near
deb-src http://source.example/debian bookworm main
`;
  expect(debianMirror(host({ 'etc/apt/sources.list': list }))).toEqual({
    archive: 'http://mirror.example/debian',
  });
});

test('the mirror list of a cloud image', () => {
  const files = {
    'etc/apt/sources.list.d/debian.sources':
      'Types: deb\nURIs: mirror+file:///etc/apt/mirrors/debian.list\nSuites: bookworm\n',
    'etc/apt/mirrors/debian.list': '# near ones first\nhttps://near.example/debian\tpriority:1\n',
  };
  expect(debianMirror(host(files))).toEqual({ archive: 'https://near.example/debian' });
});

test('a host of another Debian release has bookworm on the same mirror', () => {
  const list = 'deb http://mirror.example/debian trixie main\n';
  expect(debianMirror(host({ 'etc/apt/sources.list': list }))?.archive).toBe(
    'http://mirror.example/debian',
  );
});

test('Ubuntu, and a host without apt, have none', () => {
  const list = 'deb http://archive.example/ubuntu noble main universe\n';
  expect(debianMirror(host({ 'etc/apt/sources.list': list }))).toBeUndefined();
  expect(debianMirror('/nonexistent')).toBeUndefined();
});
