import { describe, expect, test } from 'vitest';
import type { ServiceDefinition } from '../../config/definition.ts';
import { CommandError, run } from '../../lab/process.ts';
import { nameOf, resourcesOf, templateOf, userDataOf } from '../test-support.ts';
import { fill, part } from './text.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJH3cUVFZGe2dVbG8Iv3NQZjPH4gZ5oYyKtWlT8cTkCk me@laptop';
const OTHER = KEY.replace('me@laptop', 'me@desk');

function scripts(overrides: Partial<ServiceDefinition> = {}): ReadonlyMap<string, string> {
  return new Map(
    resourcesOf(templateOf(overrides), 'EC2::Instance').map(([, instance]) => [
      nameOf(instance),
      userDataOf(instance),
    ]),
  );
}

const node = scripts();
const java = scripts({ api: { source: './app.jar', runtime: 'java', instances: 50 } });
const all = [...node, ...[...java].map(([name, text]) => [`${name} (java)`, text] as const)];

describe.each(all.filter(([name]) => !/api-([3-9]|\d\d)/.test(name)))('%s', (_name, text) => {
  test('parses as bash', async () => {
    await run('bash', ['-n'], { input: text });
  });

  test('fits in what EC2 takes', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(16_384);
  });

  test('has no placeholder left, never traces, and holds no secret', () => {
    expect(text).not.toMatch(/@[A-Z_]+@/);
    expect(text).not.toMatch(/set -\w*x/);
    expect(text).not.toMatch(/PRIVATE KEY|AKIA[0-9A-Z]{16}/);
  });
});

test('only web, api and database know how to call AWS', () => {
  const callers = [...node]
    .filter(([, text]) => text.includes('--aws-sigv4'))
    .map(([name]) => name);
  expect(callers).toEqual(['web', 'api-1', 'api-2', 'database']);
});

test('the gateway balances over every API by name', () => {
  expect(node.get('gateway')).toContain(
    'api 8080 api-1.everydaehwa.internal api-2.everydaehwa.internal\n',
  );
});

test('java runs a jar, and gets the database in the words of Spring', () => {
  const text = java.get('api-1') ?? '';
  expect(text).toContain('ExecStart=/usr/bin/java -jar app.jar\n');
  expect(text).toContain('need java=openjdk-17-jre-headless');
  expect(text).toContain(
    'Environment=SPRING_DATASOURCE_URL=jdbc:mysql://database.everydaehwa.internal:3306/everydaehwa\n',
  );
  expect(java.get('web')).toContain('ExecStart=/srv/web/runtime/bin/node dist/server.mjs\n');
});

test('keys beyond the first are written on every host', () => {
  const hosts = scripts({ admin: { sshPublicKeys: [KEY, OTHER] } });
  expect([...hosts.values()].filter((text) => text.includes(OTHER))).toHaveLength(8);
  expect([...hosts.values()].join('')).not.toContain(KEY);
});

describe('fill', () => {
  test('replaces, also inside what was replaced', () => {
    expect(fill('a @ONE@ c', { ONE: 'b@TWO@', TWO: '2' })).toBe('a b2 c');
  });
  test('refuses a name without a value, and a value without a name', () => {
    expect(() => fill('@ONE@', {})).toThrow('no value for @ONE@');
    expect(() => fill('', { ONE: '1' })).toThrow('nothing takes ONE');
  });
});

describe('the beginning and the end', () => {
  /** Runs a script between the real beginning and end, with a curl that notes what it was sent. */
  async function setUp(script: string) {
    const preamble = `
      root=$(mktemp -d); trap 'rm -rf "$root"' EXIT; export root
      mkdir "$root/bin"
      printf '#!/bin/bash\\ncat >>"$root/signals"\\n' >"$root/bin/curl"; chmod +x "$root/bin/curl"
      cat >"$root/script"
      bash "$root/script" >"$root/log" 2>&1; code=$?
      cat "$root/log" >&2; cat "$root/signals"; exit "$code"`;
    const text = [
      '#!/bin/bash',
      'HOST=web REVISION=1 SIGNAL_URL=http://signal.invalid SERVICE=shop',
      part('begin.sh'),
      script,
      part('end.sh'),
    ]
      .join('\n')
      .replaceAll('export PATH=', 'export PATH=$root/bin:')
      .replaceAll(/(?<=[ =])\/(var|etc|usr\/local\/lib)\//g, '$root/$1/');
    const result = await run('bash', ['-c', preamble], { input: text }).catch((error: unknown) => {
      if (error instanceof CommandError) return { ...error.output, exitCode: error.exitCode };
      throw error;
    });
    return { exitCode: 0, ...result };
  }

  test('signal success once everything ran', async () => {
    const { exitCode, stdout } = await setUp("data='release: 1'");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      Status: 'SUCCESS',
      Reason: 'web is set up',
      UniqueId: 'web',
      Data: 'release: 1',
    });
  });

  test.each([
    [
      'a failing command',
      'true\nls "/no/such file"',
      /^line \d+: ls "\/no\/such file" \(exit code 2\)$/,
    ],
    [
      'one in a function',
      'inner() {\n  false\n  true\n}\ninner',
      /^line \d+: false \(exit code 1\)$/,
    ],
    ['one in a pipe', 'false | cat', /^line \d+: false \| cat \(exit code 1\)$/],
    [
      'one in a command substitution',
      'x=$(sh -c "exit 7"; true)',
      /^line \d+: x=\$\(sh -c "exit 7"; true\) \(exit code 7\)$/,
    ],
    ['an unset variable', 'echo "$missing"', /^exited with \d+$/],
    ['a reason', 'die "no volume"', /^no volume$/],
  ])('signal failure of %s, once, and exit with an error', async (_name, script, reason) => {
    const { exitCode, stdout, stderr } = await setUp(script);
    expect(exitCode).not.toBe(0);
    const signal = JSON.parse(stdout);
    expect(signal).toMatchObject({ Status: 'FAILURE', UniqueId: 'web' });
    expect(signal.Reason).toMatch(reason);
    expect(stderr).toContain(`set-up of web failed: ${signal.Reason}`);
  });
});
