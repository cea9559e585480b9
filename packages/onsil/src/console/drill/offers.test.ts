import { expect, test } from 'vitest';
import { withDefaultVpc, withoutUnusedDefaultVpc } from '../../region/default-vpc.ts';
import { RegionBuilder, rule } from '../../region/testing.ts';
import { Shell } from '../server/names.ts';
import { offersOf } from './offers.ts';

const shell = new Shell(() => ({ lab: 'shop', service: 'shop', project: '/shop' }));

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .internetGateway('igw-1', 'vpc-1')
  .subnet('subnet-1', 'vpc-1', '10.0.1.0/24')
  .group('sg-unused', 'vpc-1', [rule('tcp 1', '0.0.0.0/0')])
  .group('sg-all', 'vpc-1', [rule('tcp 22', '10.0.0.0/8')], [rule('-1', '0.0.0.0/0')])
  .group('sg-api', 'vpc-1', [rule('tcp 80', '10.0.0.0/8'), rule('tcp 8080', 'sg-all')], [])
  .instance('alone', { subnet: 'subnet-1', ip: '10.0.1.10', groups: ['sg-all', 'sg-api'] })
  .instance('edge', { subnet: 'subnet-1', ip: '10.0.1.20', groups: ['sg-all'] })
  .elasticIp('eip-1', '203.0.113.9', { eni: 'eni-edge', privateIp: '10.0.1.20' })
  .instance('api-1', { subnet: 'subnet-1', ip: '10.0.1.30', groups: ['sg-api'] })
  .instance('api-2', { subnet: 'subnet-1', ip: '10.0.1.31', groups: ['sg-api'] })
  .instance('old-gateway', { subnet: 'subnet-1', ip: '10.0.1.32', groups: ['sg-api'] })
  .instance('nat', {
    ...{ subnet: 'subnet-1', ip: '10.0.1.40', groups: [], sourceDestCheck: false },
  })
  .routeTable('rtb-1', 'vpc-1', { '192.0.2.0/24': 'igw-1', '0.0.0.0/0': 'igw-1' })
  .routeTable('rtb-2', 'vpc-1', { '0.0.0.0/0': 'eni-nat' });

const offers = (of = region) => offersOf(of, ({ name }) => name !== 'api-2', shell);
const textsOf = (kind: string): readonly string[] =>
  offers()
    .filter(({ request }) => request.kind === kind)
    .map(({ text }) => text);

test('machines that run: what forwards, one of several alike, what has a fixed address, others', () => {
  expect(textsOf('stop')).toEqual([
    'stop nat',
    'stop api-1',
    'stop edge',
    'stop alone',
    'stop old-gateway',
  ]);
  expect(offers()[0]).toEqual({
    ...{ request: { kind: 'stop', host: 'nat' }, text: 'stop nat' },
    commands: ['npx onsil stop nat'],
  });
});

test('routes: the way out of what is private, the way out, others; none that is local', () => {
  expect(textsOf('cut-route')).toEqual([
    'cut route 0.0.0.0/0 → nat of rtb-2',
    'cut route 0.0.0.0/0 → Internet gateway of rtb-1',
    'cut route 192.0.2.0/24 → Internet gateway of rtb-1',
  ]);
});

test('rules of groups that something carries: between groups first, and outbound ones last', () => {
  expect(textsOf('revoke-rule')).toEqual([
    'revoke inbound rule tcp 8080 from sg-all of sg-api',
    'revoke inbound rule tcp 22 from 10.0.0.0/8 of sg-all',
    'revoke inbound rule tcp 80 from 10.0.0.0/8 of sg-api',
    'revoke outbound rule everything to 0.0.0.0/0 of sg-all',
  ]);
});

test('each has what takes it, and a shell line of its own', () => {
  const lines = offers().flatMap(({ commands }) => commands);
  expect(new Set(lines).size).toBe(offers().length);
});

test('a default VPC that nobody uses has nothing to break, once it is left out', () => {
  const whole = withDefaultVpc(region);
  expect(offers(whole)).not.toEqual(offers());
  expect(offers(withoutUnusedDefaultVpc(whole))).toEqual(offers());
});
