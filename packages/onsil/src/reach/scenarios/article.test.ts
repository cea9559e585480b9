import { describe, expect, test } from 'vitest';
import { templateOf } from '../../blueprint/test-support.ts';
import { stackOf } from '../../cloudformation/testing.ts';
import type { Region } from '../../region/region.ts';
import { ask } from './support.ts';

/** The example's template in a region; the administrator is 198.51.100.10. */
function article(change: (template: string) => string = (text) => text): Region {
  const template = templateOf();
  const parameters = Object.entries(template.Parameters ?? {});
  const named = (word: RegExp) => parameters.find(([name]) => word.test(name))?.[0] ?? '';
  return stackOf(change(JSON.stringify(template)), {
    parameters: {
      [named(/cidr/i)]: '198.51.100.10/32',
      [named(/key/i)]: 'ssh-ed25519 AAAAC3Nz operator',
    },
  }).region;
}

const region = article();
const NAMES = Object.values(region.instances).map(({ name }) => name);
const ENDS = ['internet', 'admin', ...NAMES];
const PORTS = [22, 80, 443, 3000, 3306, 8080];

/** By hand, from the article's four tables and the table of the NAT instance. */
const APP = ['web', 'gateway', 'api-1', 'api-2'].filter((name) => NAMES.includes(name));
const PRIVATE = [...APP, 'database'];
function expected(from: string, to: string): readonly number[] {
  const fromPrivate = PRIVATE.includes(from);
  // Anybody reaches the edge; from private hosts, that is by the NAT instance's 80 and 443.
  if (to === 'edge') {
    const inside = ['bastion', 'nat', ...PRIVATE].includes(from);
    return from === 'edge'
      ? PORTS
      : from === 'internet' || from === 'admin' || inside
        ? [80, 443]
        : [];
  }
  if (to === 'bastion') return from === 'admin' ? [22, 443] : [];
  if (to === 'nat') return from === 'bastion' ? [22] : fromPrivate ? [80, 443] : [];
  if (APP.includes(to)) {
    if (from === 'bastion') return [22];
    if (from === 'edge') return [80, 443, 3000, 8080];
    return APP.includes(from) ? [8080] : [];
  }
  if (to === 'database') {
    if (from === 'bastion') return [22];
    return APP.includes(from) ? [3306] : [];
  }
  // Outwards: who has a public address, everywhere; private hosts by the NAT instance.
  if (from === 'edge' || from === 'bastion') return PORTS;
  return fromPrivate || from === 'nat' ? [80, 443] : [];
}

describe("the article's system", () => {
  test('has the hosts that the matrix is about', () => {
    expect([...NAMES].sort()).toEqual(['bastion', 'edge', 'nat', ...PRIVATE].sort());
  });
  test.each(ENDS.flatMap((from) => ENDS.filter((to) => to !== from).map((to) => [from, to])))(
    '%s → %s',
    (from, to) => {
      const outside = ['internet', 'admin'];
      if (outside.includes(from) && outside.includes(to)) return;
      const open = PORTS.filter((port) => {
        const words = ask(region, from, to, port);
        expect(words).toHaveLength(1);
        return words[0] === 'reachable';
      });
      expect(open).toEqual(expected(from, to));
    },
  );
});

describe("what the tables' rules are needed for", () => {
  /** Without the rules that the filter does not keep. */
  function keeping(name: string, keep: (port: number | undefined) => boolean): Region {
    const groups = Object.entries(region.securityGroups).map(([id, group]) => {
      const isMeant = group.tags['Name'] === name;
      const ingress = group.ingress.filter(({ fromPort }) => !isMeant || keep(fromPort));
      return [id, { ...group, ingress }] as const;
    });
    return { ...region, securityGroups: Object.fromEntries(groups) };
  }
  test('443 in at the bastion is not needed to reach out', () => {
    const less = keeping('bastion', (port) => port !== 443);
    expect(ask(less, 'bastion', 'internet', 443)).toEqual(['reachable']);
    expect(ask(less, 'admin', 'bastion', 22)).toEqual(['reachable']);
  });
  test('80 and 443 in at private hosts are not needed to reach out', () => {
    const less = keeping('app', (port) => port !== 80 && port !== 443);
    expect(less).not.toEqual(region);
    for (const port of [80, 443]) expect(ask(less, 'web', 'internet', port)).toEqual(['reachable']);
  });
  test("without the group's rule for itself, the gateway does not reach the API", () => {
    const groups = Object.entries(region.securityGroups).map(([id, group]) => {
      const ingress = group.ingress.filter(
        ({ peer }) => peer.kind !== 'group' || peer.groupId !== id,
      );
      return [id, { ...group, ingress }] as const;
    });
    const tables = { ...region, securityGroups: Object.fromEntries(groups) };
    expect(ask(tables, 'gateway', 'api-1', 8080)).toEqual(['forward ENI_SG_RULES_MISMATCH']);
    expect(ask(tables, 'edge', 'gateway', 80)).toEqual(['reachable']);
  });
});
