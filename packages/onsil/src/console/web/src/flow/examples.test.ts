import { expect, test } from 'vitest';
import type { Arrow, Machine, State } from '../../../api.ts';
import { examplesOf } from './examples.ts';

const arrow = (from: string, to: string, services: string): Arrow => ({
  ...{ from, to, services, family: 'ipv4' },
});
const machine = (name: string): Machine => ({
  ...{ id: `i-${name}`, name, purpose: '', type: 't4g.micro', vpcId: '', subnetId: '' },
  ...{ privateIp: '', publicIp: null, groupIds: [], forwards: false, usd: null },
});
const state = (...arrows: readonly Arrow[]): Pick<State, 'arrows' | 'machines'> => ({
  arrows,
  machines: ['edge', 'api', 'db'].map(machine),
});

test('one that the Internet may open, and one to the innermost machine by a stranger to it', () => {
  const arrows = [
    arrow('edge', 'api', 'tcp 8080; udp 53'),
    arrow('api', 'db', 'tcp 22, 3306'),
    { ...arrow('internet', 'edge', 'tcp 22'), sources: '198.51.100.10' },
    arrow('internet', 'edge', 'tcp 443'),
  ];
  expect(examplesOf(state(...arrows))).toEqual([
    { from: 'internet', to: 'edge', port: 443, accepted: true },
    { from: 'edge', to: 'db', port: 3306, accepted: false },
  ]);
});

test('nothing is offered that does not name a port, or that leads to no machine', () => {
  const arrows = ['everything', 'everything but tcp 22', 'tcp 1–65535', 'udp 53'].map((services) =>
    arrow('edge', 'api', services),
  );
  expect(examplesOf(state(...arrows, arrow('edge', 'internet', 'tcp 80')))).toEqual([]);
});
