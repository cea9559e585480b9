import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ADMINISTRATOR,
  article,
  openTo,
  spaceOf,
  withIngress,
  withoutSelf,
  withPublicDatabase,
} from '../../blueprint/test-region.ts';
import { put, type Region } from '../../region/region.ts';
import { runsOf, seedOf } from '../fuzz.ts';
import { compile } from '../model.ts';
import { contains } from '../packet-set/packet-set.ts';
import { isIpv6 } from '../packet-trace/address.ts';
import { packetIn } from '../packet-trace/asked.ts';
import { tracePacket } from '../packet-trace/packet-trace.ts';
import { randomPacket } from '../packet-trace/random-packet.ts';
import { randomRegion } from '../packet-trace/random-region.ts';
import { changeLines, shownChanges } from '../text/diff.ts';
import { type Diff, diff, type PathChange } from './diff.ts';

const ARTICLE = article();

function linesOf(before: Region, after: Region) {
  const [old, now] = [spaceOf(before), spaceOf(after)];
  const found = diff(old, now);
  const lines = (changes: readonly PathChange[]): readonly string[] =>
    shownChanges(changes).flatMap(changeLines);
  return {
    exposed: lines(found.exposed),
    unexposed: lines(found.unexposed),
    opened: lines(found.opened),
    closed: lines(found.closed),
  };
}

const NOTHING = { exposed: [], unexposed: [], opened: [], closed: [] };

/** The instance called `name` under another name, or another logical id. */
function renamed(
  region: Region,
  name: string,
  change: { name?: string; logicalId?: string },
): Region {
  const found = Object.values(region.instances).find((each) => each.name === name);
  if (found === undefined) throw new RangeError(name);
  return put(region, 'instances', found.id, { ...found, ...change });
}

describe('the article', () => {
  test('and itself: no difference', () => {
    expect(linesOf(ARTICLE, ARTICLE)).toEqual(NOTHING);
    expect(diff(spaceOf(ARTICLE), spaceOf(ARTICLE)).hosts).toEqual({
      ...{ added: [], removed: [], renamed: [] },
    });
  });
  test('22 of the bastion open to the world: an exposure, with its rule', () => {
    const open = withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo('0.0.0.0/0', 22)]);
    expect(linesOf(ARTICLE, open)).toEqual({
      ...NOTHING,
      exposed: ['the Internet → bastion  tcp 22', '  bastion in: tcp 22 from 0.0.0.0/0'],
      opened: [
        'edge, web, gateway and 3 more → bastion  tcp 22',
        '  bastion in: tcp 22 from 0.0.0.0/0',
      ],
    });
  });
  test('a port that was open to one block, and now is to a larger one', () => {
    const to = (cidr: string) =>
      withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo(cidr, 25)]);
    expect(linesOf(to('203.0.113.0/25'), to('203.0.113.0/24'))).toEqual({
      ...NOTHING,
      exposed: [
        'the Internet (203.0.113.128–203.0.113.255) → bastion  tcp 25',
        '  bastion in: tcp 25 from 203.0.113.0/24',
      ],
    });
    expect(linesOf(to('203.0.113.0/24'), to('203.0.113.0/25')).exposed).toEqual([]);
  });
  test('to the administrator', () => {
    const open = withIngress(ARTICLE, 'bastion', (rules) => [...rules, openTo(ADMINISTRATOR, 25)]);
    expect(linesOf(ARTICLE, open).exposed[0]).toBe('the administrator → bastion  tcp 25');
  });
  test('a public database: address, rule and route', () => {
    expect(linesOf(ARTICLE, withPublicDatabase(ARTICLE)).exposed).toEqual([
      'the Internet → database  tcp 3306',
      '  database has a public address',
      '  database in: tcp 3306 from 0.0.0.0/0',
      '  route table database: 0.0.0.0/0 → Internet gateway',
    ]);
  });
  test('what stops, with the rule that is gone', () => {
    expect(linesOf(ARTICLE, withoutSelf(ARTICLE))).toEqual({
      ...NOTHING,
      closed: [
        'web, gateway, api-1…api-2 → web, gateway, api-1…api-2  tcp 8080',
        '  app in: tcp 8080 from app',
      ],
    });
  });
});

describe('hosts', () => {
  const without = (name: string): Region => {
    const found = Object.values(ARTICLE.instances).find((each) => each.name === name);
    const { [found?.id ?? '']: _gone, ...instances } = ARTICLE.instances;
    const [id = ''] = found?.networkInterfaceIds ?? [];
    const { [id]: _with, ...networkInterfaces } = ARTICLE.networkInterfaces;
    return { ...ARTICLE, instances, networkInterfaces };
  };
  test('that are new, and gone', () => {
    const less = without('api-2');
    expect(diff(spaceOf(less), spaceOf(ARTICLE)).hosts.added).toEqual(['api-2']);
    expect(diff(spaceOf(ARTICLE), spaceOf(less)).hosts.removed).toEqual(['api-2']);
    expect(linesOf(less, ARTICLE).opened).toContain('api-2 → database  tcp 3306');
    expect(linesOf(ARTICLE, less).closed).toContain('api-2 → database  tcp 3306');
  });
  test('are the same by the logical id, under another name', () => {
    const other = renamed(ARTICLE, 'web', { name: 'front' });
    expect(diff(spaceOf(ARTICLE), spaceOf(other)).hosts.renamed).toEqual([['web', 'front']]);
    expect(linesOf(ARTICLE, other)).toEqual(NOTHING);
  });
  test('are the same by their name, with another logical id', () => {
    const other = renamed(ARTICLE, 'web', { logicalId: 'Frontend' });
    expect(linesOf(ARTICLE, other)).toEqual(NOTHING);
    expect(diff(spaceOf(ARTICLE), spaceOf(other)).hosts.added).toEqual([]);
  });
});

const bare = ({ from, to, packets }: PathChange) => ({ from, to, packets });
const flip = ({ exposed, unexposed, opened, closed }: Diff) => ({
  gained: [...exposed, ...opened].map(bare),
  lost: [...unexposed, ...closed].map(bare),
});

/** The same interfaces, so that only settings differ. */
const twoRegions = fc.tuple(randomRegion, randomRegion).map(([one, other]) => ({
  one,
  other: { ...one, securityGroups: other.securityGroups, networkAcls: other.networkAcls },
}));

test('of a region and itself nothing, and what is gained one way is lost the other way', () => {
  let changes = 0;
  fc.assert(
    fc.property(twoRegions, ({ one, other }) => {
      const [a, b] = [{ model: compile(one) }, { model: compile(other) }];
      expect(flip(diff(a, a))).toEqual({ gained: [], lost: [] });
      const [there, back] = [flip(diff(a, b)), flip(diff(b, a))];
      changes += there.gained.length + there.lost.length;
      expect(there.gained).toEqual(back.lost);
      expect(there.lost).toEqual(back.gained);
    }),
    { numRuns: runsOf(process.env, 40), seed: seedOf(process.env) },
  );
  expect(changes).toBeGreaterThan(100);
});

/** By the plain tracer, packet by packet. */
test('a packet that fares otherwise is in the difference, and no other one', () => {
  let seen = 0;
  const question = twoRegions.chain((regions) =>
    fc
      .array(randomPacket(regions.one), { minLength: 120, maxLength: 120 })
      .map((packets) => ({ ...regions, packets })),
  );
  fc.assert(
    fc.property(question, ({ one, other, packets }) => {
      const found = diff({ model: compile(one) }, { model: compile(other) });
      for (const { from, packet: sent } of packets) {
        const to = receiverOf(one, from, sent.destination);
        if (isIpv6(sent.destination)) continue;
        const packet = packetIn(compile(one), sent);
        if (to === undefined || to === from || hasMore(one, to) || hasMore(one, from)) continue;
        const [before, after] = [one, other].map((each) => tracePacket(each, from, sent).kind);
        if (![before, after].every((kind) => kind === 'reachable' || kind === 'blocked')) continue;
        const isIn = (changes: readonly PathChange[]): boolean =>
          changes.some(
            (each) =>
              each.space.model.space.family === 'ipv4' &&
              each.from?.includes(nameOf(from)) === (from === undefined ? undefined : true) &&
              each.to?.includes(nameOf(to)) === true &&
              // A host's own address outside is of no meaning in the answer.
              contains(each.packets, from === undefined ? { ...packet, destination: 0 } : packet),
          );
        const gained = before !== 'reachable' && after === 'reachable';
        const lost = before === 'reachable' && after !== 'reachable';
        if (gained || lost) seen += 1;
        expect(isIn([...found.exposed, ...found.opened])).toBe(gained);
        expect(isIn([...found.unexposed, ...found.closed])).toBe(lost);
      }
    }),
    { numRuns: runsOf(process.env, 100), seed: seedOf(process.env) },
  );
  expect(seen).toBeGreaterThan(50);
});

/** `eni-3` is the interface of the instance `3`. */
const nameOf = (id: string | undefined): string => id?.replace('eni-', '') ?? '';

/** Of an interface with several addresses the answer is about all of them. */
const hasMore = (region: Region, id: string | undefined): boolean =>
  (region.networkInterfaces[id ?? '']?.privateIps.length ?? 0) > 1;

/** Who is asked: by a private address from inside, by a public one from outside. */
function receiverOf(region: Region, from: string | undefined, address: string): string | undefined {
  return Object.values(region.networkInterfaces).find(({ privateIps, publicIp }) =>
    from === undefined ? publicIp === address : privateIps.includes(address),
  )?.id;
}
