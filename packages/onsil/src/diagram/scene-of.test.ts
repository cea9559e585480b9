import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../reach/matrix.ts';
import { compile } from '../reach/model.ts';
import { largeRegion } from '../reach/scenarios/large-region.ts';
import type { Region } from '../region/region.ts';
import { RegionBuilder, rule } from '../region/testing.ts';
import { sceneOf } from './scene-of.ts';
import { svgOf } from './svg.ts';
import { faultsOf } from './testing.ts';

const draw = (region: Region) => sceneOf(region, rowsOf({ model: compile(region) }));

test('regions of any size: nothing lies on anything else, and no line says more than the proof', () => {
  fc.assert(
    fc.property(
      fc.record({
        interfaces: fc.integer({ min: 1, max: 18 }),
        groups: fc.integer({ min: 1, max: 8 }),
        groupsEach: fc.integer({ min: 1, max: 2 }),
        rules: fc.integer({ min: 0, max: 4 }),
      }),
      (size) => {
        const region = largeRegion(size);
        const rows = rowsOf({ model: compile(region) });
        const scene = sceneOf(region, rows);
        expect(faultsOf(scene)).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});

/** Four equal machines, and one that may be reached by them. */
function four(change: (builder: RegionBuilder) => RegionBuilder = (same) => same) {
  let builder = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
    .group('sg-api', 'vpc-1', [rule('tcp 8080', 'sg-api')], [rule('-1', '10.0.0.0/16')])
    .group('sg-db', 'vpc-1', [rule('tcp 3306', 'sg-api')], []);
  for (const number of [1, 2, 3, 4]) {
    builder = builder.instance(`api-${number}`, {
      ...{ subnet: 'subnet-1', ip: `10.0.1.${10 + number}`, groups: ['sg-api'] },
    });
  }
  builder = builder.instance('db', { subnet: 'subnet-1', ip: '10.0.1.20', groups: ['sg-db'] });
  return draw(change(builder).region);
}

const titles = ({ nodes }: ReturnType<typeof draw>) => nodes.map(({ title }) => title);

test('equal machines fold, and an arrow from the node to itself is what they say to each other', () => {
  const scene = four();
  expect(titles(scene)).toEqual(['api ×4', 'db']);
  const [api, db] = scene.nodes;
  expect(api?.names).toEqual(['api-1', 'api-2', 'api-3', 'api-4']);
  const loop = scene.arrows.find(({ fromId, toId }) => fromId === toId);
  expect(loop?.pairs).toHaveLength(12);
  expect(scene.arrows.find(({ toId }) => toId === db?.id)?.pairs).toHaveLength(4);
});

test('one that somebody else reaches is no equal one', () => {
  const scene = four((builder) =>
    builder
      .group('sg-ops', 'vpc-1', [], [rule('tcp 22', '10.0.1.12/32')])
      .group(
        'sg-api',
        'vpc-1',
        [rule('tcp 8080', 'sg-api'), rule('tcp 22', 'sg-ops')],
        [rule('-1', '10.0.0.0/16')],
      )
      .instance('ops', { subnet: 'subnet-1', ip: '10.0.1.30', groups: ['sg-ops'] }),
  );
  expect(titles(scene)).toEqual(['api ×3', 'api-2', 'db', 'ops']);
});

test('a small change changes few lines of the picture', () => {
  const lines = (text: string) => new Set(text.split('\n'));
  const before = lines(svgOf(four()));
  const after = lines(
    svgOf(four((same) => same.group('sg-db', 'vpc-1', [rule('tcp 5432', 'sg-api')], []))),
  );
  expect([...after.difference(before)]).toHaveLength(1);
});

test('names are data, whatever they have in them', () => {
  const { region } = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
    .group('sg-1', 'vpc-1', [], [])
    .instance('<script>&"\u0007', { subnet: 'subnet-1', ip: '10.0.1.5', groups: ['sg-1'] });
  const svg = svgOf(draw(region));
  expect(svg).toContain('&lt;script&gt;&amp;');
  expect(svg).not.toContain('<script');
  // XML has no such character: a browser would show nothing of the picture.
  expect(svg).not.toContain('\u0007');
});

test('who is forwarded and who is let in are two lines, where they are not the same hosts', () => {
  const { region } = new RegionBuilder()
    .vpc('vpc-1', '10.0.0.0/16')
    .internetGateway('igw-1', 'vpc-1')
    .routeTable('rtb-out', 'vpc-1', { '0.0.0.0/0': 'igw-1' })
    .routeTable('rtb-nat', 'vpc-1', { '0.0.0.0/0': 'eni-nat' })
    .subnet('subnet-out', 'vpc-1', '10.0.0.0/24', { routeTable: 'rtb-out' })
    .subnet('subnet-in', 'vpc-1', '10.0.1.0/24', { routeTable: 'rtb-nat' })
    .group('sg-nat', 'vpc-1', [rule('tcp 443', '10.0.0.0/16')], [rule('tcp 443', '0.0.0.0/0')])
    .group('sg-all', 'vpc-1', [], [rule('tcp 443', '0.0.0.0/0')])
    .group('sg-far', 'vpc-1', [], [rule('tcp 443', '198.18.0.0/15')])
    .instance('nat', {
      ...{ subnet: 'subnet-out', ip: '10.0.0.5', groups: ['sg-nat'] },
      ...{ publicIp: '198.18.0.9', sourceDestCheck: false },
    })
    .instance('near', { subnet: 'subnet-in', ip: '10.0.1.5', groups: ['sg-all'] })
    .instance('far', { subnet: 'subnet-in', ip: '10.0.1.6', groups: ['sg-far'] });
  const scene = draw(region);
  const arrows = scene.arrows.map(({ pairs }) => `${pairs[0]?.from} → ${pairs[0]?.to}`);
  expect(arrows).toEqual(
    expect.arrayContaining(['near → internet', 'far → internet', 'near → nat', 'nat → internet']),
  );
  expect(arrows).not.toContain('far → nat');
  expect(faultsOf(scene)).toEqual([]);
});
