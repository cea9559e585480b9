import { expect, test } from 'vitest';
import type { Template } from './synthesize.ts';
import { property, resourcesOf, templateOf } from './test-support.ts';

const MY_IP = '<AdministratorCidr>';
const ANYWHERE = '0.0.0.0/0';

/**
 * The article's four tables, line by line, then what they lack. group ← or → peer: port.
 * "ALB" of the article is edge; "private ec2" is app.
 */
const TABLES = [
  // bastion host
  `Bastion ← ${MY_IP}: 443`,
  `Bastion ← ${MY_IP}: 22`,
  `Bastion → ${ANYWHERE}: all`,
  // ALB
  `Edge ← ${ANYWHERE}: 80`,
  `Edge ← ${ANYWHERE}: 443`,
  `Edge → ${ANYWHERE}: all`,
  // Private ec2 (nginx, react)
  'App ← Bastion: 22',
  'App ← Edge: 8080',
  'App ← Edge: 3000',
  'App ← Edge: 80',
  'App ← Edge: 443',
  `App → ${ANYWHERE}: all`,
  // DB
  'Database ← Bastion: 22',
  'Database ← App: 3306',
  `Database → ${ANYWHERE}: all`,
  // Not in the article: gateway and api are on different hosts of one group.
  'App ← App: 8080',
  // Not in the article: the NAT instance.
  'Nat ← 10.0.1.0/24: 80',
  'Nat ← 10.0.1.0/24: 443',
  'Nat ← 10.0.2.0/24: 80',
  'Nat ← 10.0.2.0/24: 443',
  'Nat ← Bastion: 22',
  `Nat → ${ANYWHERE}: 80`,
  `Nat → ${ANYWHERE}: 443`,
];

type Rule = Readonly<Record<string, unknown>>;

function groupName(reference: unknown): string {
  const match = /"SecurityGroup(\w+)","GroupId"/.exec(JSON.stringify(reference));
  return match?.[1] ?? `? ${JSON.stringify(reference)}`;
}

function peer(rule: Rule): string {
  if (rule.SourceSecurityGroupId !== undefined) return groupName(rule.SourceSecurityGroupId);
  return typeof rule.CidrIp === 'string'
    ? rule.CidrIp
    : `<${String(Reflect.get(Object(rule.CidrIp), 'Ref'))}>`;
}

function port(rule: Rule): string {
  if (rule.IpProtocol === '-1') return 'all';
  return rule.IpProtocol === 'tcp' && rule.FromPort === rule.ToPort
    ? String(rule.FromPort)
    : `? ${JSON.stringify(rule)}`;
}

function rulesOf(template: Template): readonly { readonly line: string; readonly rule: Rule }[] {
  const inline = resourcesOf(template, 'EC2::SecurityGroup').flatMap(([id, group]) =>
    (['SecurityGroupIngress', 'SecurityGroupEgress'] as const).flatMap((direction) => {
      const arrow = direction === 'SecurityGroupIngress' ? '←' : '→';
      const rules = property(group, direction);
      const name = id.replace('SecurityGroup', '');
      return (Array.isArray(rules) ? rules : []).map((rule: Rule) => ({
        line: `${name} ${arrow} ${peer(rule)}: ${port(rule)}`,
        rule,
      }));
    }),
  );
  const apart = resourcesOf(template, 'EC2::SecurityGroupIngress').map(
    ([, { Properties = {} }]) => ({
      line: `${groupName(Properties.GroupId)} ← ${peer(Properties)}: ${port(Properties)}`,
      rule: Properties,
    }),
  );
  return [...inline, ...apart];
}

test("the groups are the article's tables and what they lack, nothing else", () => {
  const lines = rulesOf(templateOf()).map(({ line }) => line);
  expect(lines.toSorted()).toEqual(TABLES.toSorted());
});

test('every rule says why, in characters that EC2 takes', () => {
  const rules = rulesOf(templateOf());
  expect(rules).toHaveLength(TABLES.length);
  for (const { rule } of rules) {
    expect(rule.Description).toMatch(/^[\w .:/()#,@[\]+=&;{}!$*-]{5,255}$/);
  }
});

test('equal ports of web and api make one rule, not two that EC2 refuses', () => {
  const same = { web: { source: './web', port: 8080 }, api: { source: './api', port: 8080 } };
  const lines = rulesOf(templateOf(same)).map(({ line }) => line);
  expect(lines.filter((line) => line === 'App ← Edge: 8080')).toHaveLength(1);
  expect(lines).not.toContain('App ← Edge: 3000');
});

test('each host carries the group of its part', () => {
  const template = templateOf();
  const carriers = [
    ...resourcesOf(template, 'EC2::Instance'),
    ...resourcesOf(template, 'EC2::NetworkInterface'),
  ].flatMap(([id, resource]) => {
    const text = JSON.stringify(resource.Properties?.NetworkInterfaces ?? resource.Properties);
    const group = /"GroupSet":\[\{"Fn::GetAtt":\["SecurityGroup(\w+)"/.exec(text)?.[1];
    return group === undefined ? [] : [`${id}: ${group}`];
  });
  expect(carriers.toSorted()).toEqual([
    'Api1Instance: App',
    'Api2Instance: App',
    'BastionInstance: Bastion',
    'DatabaseInstance: Database',
    'EdgeNetworkInterface: Edge',
    'GatewayInstance: App',
    'NatNetworkInterface: Nat',
    'WebInstance: App',
  ]);
});
