import { expect, test } from 'vitest';
import type { InstanceStatus, LabStatus } from '../../lab/daemon/status.ts';
import { banner } from './banner.ts';

const instance = (name: string, more: Partial<InstanceStatus> = {}): InstanceStatus => ({
  ...{ name, id: `i-${name}`, state: 'running', setup: 'done', privateIp: '10.0.0.5' },
  ...{ publicIp: null, subnet: 'app', securityGroups: [], purpose: 'answers' },
  reason: null,
  image: { ami: 'ami-1', name: null, os: null, runs: 'debian-12', standsIn: true },
  ...more,
});
const status = (more: Partial<LabStatus> = {}): LabStatus => ({
  ...{ lab: 'shop', project: '/shop', service: 'shop', ready: true, phase: 'ready' },
  ...{ seconds: 4.26, site: 'http://shop.localhost:8080', endpoint: null, pid: 1 },
  console: 'http://127.0.0.1:4173',
  managed: [],
  instances: [instance('bastion', { publicIp: '198.18.0.5' }), instance('api-1')],
  ...more,
});

test('the site, the machines, how to ssh and how to stop', () => {
  expect(banner(status(), '0.1.0')).toEqual({
    heading: 'ONSIL 0.1.0  shop  ready in 4.3 s',
    lines: [
      '➜ Site    http://shop.localhost:8080',
      '➜ ssh     npx onsil ssh api-1',
      '➜ Console npx onsil console',
      '➜ Stop    npx onsil down',
      '',
      'name     private IP  public IP   subnet  state    what it is for',
      'bastion  10.0.0.5    198.18.0.5  app     running  answers',
      'api-1    10.0.0.5    -           app     running  answers',
    ],
  });
});

test('no site, no time before it is ready, and a failed set-up shows', () => {
  const instances = [
    instance('nat', { publicIp: '198.18.0.6', setup: 'failed', reason: 'yum: not found' }),
    instance('web', { publicIp: '198.18.0.7', state: 'stopped' }),
  ];
  const { heading, lines } = banner(status({ site: null, phase: 'failed', instances }), '0.1.0');
  expect(heading).toBe('ONSIL 0.1.0  shop  failed');
  expect(lines[0]).toBe('➜ ssh     npx onsil ssh nat');
  expect(lines.slice(5, 7).map((line) => line.split(/ {2,}/)[4])).toEqual(['failed', 'stopped']);
  expect(lines.slice(7)).toEqual(['', 'The set-up of nat failed: yum: not found']);
});

test('a lab without machines has no name to suggest', () => {
  expect(banner(status({ instances: [] }), '0.1.0').lines).toContain(
    '➜ ssh     npx onsil ssh <instance>',
  );
});

test('what AWS would run has a table of its own', () => {
  const managed = [
    {
      ...{ name: 'Web', id: 'elb-1', type: 'Application Load Balancer', state: 'running' as const },
      ...{
        reason: null,
        privateIps: ['10.0.1.9'],
        publicIps: [],
        detail: '1 of 2 healthy',
      },
    },
  ];
  expect(banner(status({ managed }), '0.1.0').lines.slice(-3)).toEqual([
    '',
    'run by AWS  type                       addresses  state',
    'Web         Application Load Balancer  10.0.1.9   running  1 of 2 healthy',
  ]);
});
