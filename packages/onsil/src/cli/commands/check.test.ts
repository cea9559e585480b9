import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateOf } from '../../blueprint/test-support.ts';
import { webInVpc } from '../../cloudformation/testing.ts';
import { runMain } from '../testing.ts';

const ARTICLE = templateOf();

type Template = { Resources: Record<string, { Properties?: Record<string, unknown> }> };

/** The article's template after a change, as a file. */
async function changed(name: string, change: (template: Template) => void): Promise<string> {
  const copy: Template = JSON.parse(JSON.stringify(ARTICLE));
  change(copy);
  return write(`${name}.json`, JSON.stringify(copy));
}

const withoutSelf = ({ Resources }: Template): void => {
  delete Resources['SecurityGroupAppFromApp8080'];
};
const withOpenSsh = ({ Resources }: Template): void => {
  const { Properties } = Resources['SecurityGroupBastion'] ?? {};
  const rules = Properties?.['SecurityGroupIngress'];
  if (!Array.isArray(rules)) throw new Error('the bastion has no rules');
  rules.push({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
};

let folder = '';
const write = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onsil-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

const isWide = (line: string): boolean => line.length > 80;

describe('check', () => {
  test('of the article: every policy is kept, and what can be removed is listed', async () => {
    const file = await changed('article', () => undefined);
    const { exitCode, stdout, stderr } = await runMain('check', '--template', file);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter(isWide)).toEqual([]);
    expect(lines[0]).toBe('What holds for every service');
    expect(lines[1]).toBe('  kept     the Internet may reach only edge on tcp 80, 443');
    expect(lines).toContain('  bastion in: tcp 443 from 198.51.100.10/32');
    expect(lines).toContain('  app in: tcp 443 from edge');
    expect(lines).toContain('  app in: tcp 80 from edge');
    expect(lines.at(-1)).toBe('14 policies: 14 kept, 0 broken. 3 rules can be removed.');
  });

  test('of the tables as they are: what is missing, and the change that mends it', async () => {
    const file = await changed('self', withoutSelf);
    const { exitCode, stdout } = await runMain('check', '--template', file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`
Broken: gateway must reach api-1…api-2 on tcp 8080
  since requests to /api
    gateway → api-1…api-2  tcp 8080
      blocked: no inbound rule of app at api-1 (ENI_SG_RULES_MISMATCH)
      needs: group app, ingress: allow tcp 8080 from app
`);
  });

  test('as JSON', async () => {
    const file = await changed('ssh', withOpenSsh);
    const { exitCode, stdout } = await runMain('check', '--template', file, '--json');
    expect(exitCode).toBe(1);
    const { policies, removable } = JSON.parse(stdout);
    expect(policies).toHaveLength(14);
    expect(policies[0]).toMatchObject({
      text: 'the Internet may reach only edge on tcp 80, 443',
      verdict: 'broken',
      policy: { from: 'internet', mayReachOnly: 'edge', origin: 'built-in' },
      findings: [{ from: [], to: ['bastion'], services: 'tcp 22' }],
    });
    expect(removable.unwanted.map(({ text }: { text: string }) => text)).toContain(
      'bastion in: tcp 22 from 0.0.0.0/0',
    );
  });

  const VPC = webInVpc(22);

  test('of any other template: what can be said of any VPC, named as such', async () => {
    const file = await write('vpc.yaml', VPC);
    const { exitCode, stdout } = await runMain('check', '--template', file);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^What can be said of any VPC \(the template names no policies\)\n/);
    expect(stdout).toContain('    the Internet → Web  tcp 22\n');
    expect(stdout.split('\n').filter(isWide)).toEqual([]);
    const closed = await write('closed.yaml', VPC.replaceAll('22', '443'));
    expect((await runMain('check', '--template', closed)).exitCode).toBe(0);
  });

  test('what cannot be told is a breach, unless it is allowed', async () => {
    const metadata = `
Metadata:
  Onsil:
    administrator: {cidrParameter: Cidr, keyParameter: Key}
    policy: [{from: Web, mustNotReach: 198.51.100.0/24, on: tcp 80, origin: config}]
Parameters: {Cidr: {Type: String}, Key: {Type: String}}
`;
    const unknown = `
  Unknown:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 198.51.100.0/24, TransitGatewayId: tgw-1}
`;
    const file = await write('unknown.yaml', metadata + VPC + unknown);
    const asked = await runMain('check', '--template', file);
    expect(asked.stdout).toContain('What the configuration says\n  unknown  Web must not reach');
    expect(asked.stdout).toContain('Cannot be told: Web must not reach 198.51.100.0/24 on tcp 80');
    expect(asked.stdout).toMatch(/not modelled: depends on (Unknown|tgw-1)/);
    expect(asked.stdout).toContain('1 policy: 0 kept, 0 broken, 1 cannot be told.');
    expect(asked.exitCode).toBe(1);
    expect((await runMain('check', '--template', file, '--allow-unknown')).exitCode).toBe(0);
  });

  test('a policy about nobody is no policy', async () => {
    const file = await changed('name', (template) => {
      const { Onsil } = Reflect.get(template, 'Metadata');
      Onsil.policy.push({ from: 'wbe', mustNotReach: 'database', origin: 'config' });
    });
    const { exitCode, stderr } = await runMain('check', '--template', file);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'The policies cannot be checked: a policy names "wbe", which nothing is called. Did you mean web?',
    );
  });
});

describe('diff', () => {
  test('of a template and itself', async () => {
    const file = await changed('same', () => undefined);
    const { exitCode, stdout } = await runMain('diff', file, file, '--fail-on-new-exposure');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('Nobody reaches more or less than before.\n');
  });
  test('exposure comes first, and fails where that is asked for', async () => {
    const [before, after] = [await changed('old', withoutSelf), await changed('new', withOpenSsh)];
    const { exitCode, stdout } = await runMain('diff', before, after);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Newly exposed to the outside
  + the Internet → bastion  tcp 22
      bastion in: tcp 22 from 0.0.0.0/0

Becomes reachable
  + edge, web, gateway and 3 more → bastion  tcp 22
      bastion in: tcp 22 from 0.0.0.0/0
  + web, gateway, api-1…api-2 → web, gateway, api-1…api-2  tcp 8080
      app in: tcp 8080 from app

Paths: 1 newly exposed, 2 opened.
`);
    const failing = (one: string, other: string) =>
      runMain('diff', one, other, '--fail-on-new-exposure');
    expect((await failing(before, after)).exitCode).toBe(1);
    expect((await failing(after, before)).exitCode).toBe(0);
  });
  test('as JSON, and with a parameter for both', async () => {
    const [before, after] = [await changed('a', () => undefined), await changed('b', withOpenSsh)];
    const cidr = ['--param', 'AdministratorCidr=203.0.113.9/32'];
    const { stdout } = await runMain('diff', before, after, ...cidr, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      hosts: { added: [], removed: [], renamed: [] },
      exposed: [
        {
          from: ['the Internet'],
          to: ['bastion'],
          services: 'tcp 22',
          settings: ['bastion in: tcp 22 from 0.0.0.0/0'],
        },
      ],
      closed: [],
    });
  });
  test.each([
    [['--stage', 'dev'], '--stage dev names the new side, and so does new.yaml'],
    [['--stack', 'Web'], '--stack Web names the new side'],
    [['--app', 'node app.js'], '--app node app.js names the new side'],
    [['--app'], '--app names the new side'],
    [['--lab'], '--lab is about what is deployed there, in place of old.yaml'],
    [['--lab', 'shop'], 'as in onsil diff --lab shop'],
  ])('an option that two templates leave no room for: %j', async (words, text) => {
    const { exitCode, stderr } = await runMain('diff', 'old.yaml', 'new.yaml', ...words);
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(text);
  });
  test.each([['--region', 'us-east-1'], ['--stack', 'Web'], ['--app']])(
    'an option that is for a template, of what is deployed: %s',
    async (...words) => {
      const { exitCode, stderr } = await runMain('diff', ...words);
      expect(exitCode).toBe(2);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
        `${words.join(' ')} is for the comparison with a template`,
      );
    },
  );
  test('a template that is not there', async () => {
    const { exitCode, stderr } = await runMain('diff', join(folder, 'no.yaml'), 'none.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no.yaml does not exist');
  });
});
