import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AWS_ENDPOINTS, AWS_S3, METADATA, PUBLIC_DNS } from '../../../src/lab/addresses.ts';
import { identities } from '../../../src/lab/fabric/identity.ts';
import { put } from '../../../src/region/region.ts';
import { entry, RegionBuilder, rule } from '../../../src/region/testing.ts';
import { Lab } from '../support/lab.ts';

const S3 = 'com.amazonaws.ap-northeast-2.s3';
const ofList = (packet: string, prefixListId: string) => ({
  ...rule(packet, '0.0.0.0/0'),
  peer: { kind: 'prefix-list', prefixListId } as const,
});
const lists = new RegionBuilder()
  .prefixList('pl-some', '10.0.1.10/32', '10.0.1.11/32', '10.0.3.0/24')
  .prefixList('pl-unknown');
const s3 = { id: 'pl-s3', name: S3, family: 'ipv4', tags: {} } as const;

/** Without an Internet gateway. */
const world = new RegionBuilder(put(lists.region, 'prefixLists', 'pl-s3', s3))
  .vpc('vpc-pl', '10.0.0.0/16')
  .gatewayEndpoint('vpce-s3', 'vpc-pl', 'rtb-s3')
  .routeTable('rtb-s3', 'vpc-pl', { 'pl-s3': 'vpce-s3' })
  .routeTable('rtb-boxed', 'vpc-pl', { 'pl-far': 'eni-box' })
  .prefixList('pl-far', '203.0.113.0/24', '10.9.0.0/16')
  .subnet('subnet-s3', 'vpc-pl', '10.0.1.0/24', { routeTable: 'rtb-s3' })
  .subnet('subnet-server', 'vpc-pl', '10.0.2.0/24')
  .subnet('subnet-boxed', 'vpc-pl', '10.0.3.0/24', { routeTable: 'rtb-boxed' })
  .group('sg-s3', 'vpc-pl', [], [ofList('tcp 443', 'pl-s3'), rule('tcp 8080', '10.0.0.0/16')])
  .group('sg-open', 'vpc-pl', [rule('-1', '10.0.3.0/24')])
  .group('sg-listed', 'vpc-pl', [ofList('tcp 8080', 'pl-some'), ofList('tcp 9000', 'pl-unknown')])
  .instance('one', { subnet: 'subnet-s3', ip: '10.0.1.10', groups: ['sg-s3'] })
  .instance('two', { subnet: 'subnet-s3', ip: '10.0.1.12', groups: ['sg-open'] })
  .instance('boxed', { subnet: 'subnet-boxed', ip: '10.0.3.10', groups: ['sg-open'] })
  .instance('box', {
    ...{ subnet: 'subnet-server', ip: '10.0.2.20', groups: ['sg-open'] },
    sourceDestCheck: false,
  })
  .instance('server', { subnet: 'subnet-server', ip: '10.0.2.10', groups: ['sg-listed'] });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start('test-pl', world);
  await lab.listen('server', 8080, 9000);
  await lab.listen('the-internet', `${AWS_S3}:443`, `${AWS_S3}:444`);
  await lab.listen('the-internet', `${PUBLIC_DNS}:53`, `${AWS_ENDPOINTS}:443`);
});
afterEach(() => lab.change(world.region));
afterAll(() => lab.stop());

describe('a prefix list', () => {
  test('in a rule stands for its entries; one whose entries are unknown for nothing', async () => {
    const to = ['10.0.2.10:8080', '10.0.2.10:9000'];
    expect(await lab.probe('one', ...to)).toEqual(['connected', 'timeout']);
    expect(await lab.probe('two', ...to)).toEqual(['timeout', 'timeout']);
    expect(await lab.probe('boxed', ...to)).toEqual(['connected', 'timeout']);
    await lab.change(world.prefixList('pl-some', '10.0.1.12/32').region);
    expect(await lab.probe('two', ...to)).toEqual(['connected', 'timeout']);
  });

  test('in a route stands for its entries', async () => {
    await lab.exec('box', 'ip', 'address', 'add', '203.0.113.9/32', 'dev', 'lo');
    await lab.listen('box', 80);
    expect(await lab.probe('boxed', '203.0.113.9:80', '198.51.100.20:80')).toEqual([
      'connected',
      'timeout',
    ]);
    await lab.change(world.prefixList('pl-far', '10.9.0.0/16').region);
    expect(await lab.probe('boxed', '203.0.113.9:80')).toEqual(['timeout']);
  });
});

describe('a gateway endpoint for S3', () => {
  test('leads to the lab’s S3 and to nothing else, without a way out', async () => {
    const identity = [...identities(world.region)].find(([, id]) => id === 'eni-two')?.[0];
    expect(await lab.seenAs('two', AWS_S3, 443)).toBe(identity);
    const to = [`${AWS_ENDPOINTS}:443`, `${AWS_S3}:444`, `${PUBLIC_DNS}:53`, `${METADATA}:81`];
    expect(await lab.probe('two', ...to)).toEqual(Array(4).fill('timeout'));
    expect(await lab.ping('two', AWS_S3)).toBe(true);
  });

  test('needs its route and its group', async () => {
    expect(await lab.probe('one', `${AWS_S3}:443`)).toEqual(['connected']);
    expect(await lab.ping('one', AWS_S3)).toBe(false);
    expect(await lab.probe('boxed', `${AWS_S3}:443`)).toEqual(['timeout']);
    await lab.change(world.group('sg-s3', 'vpc-pl', [], []).region);
    expect(await lab.probe('one', `${AWS_S3}:443`)).toEqual(['timeout']);
  });

  test('is under the ACL of the subnet, in both directions', async () => {
    const all = (way: 'egress' | 'ingress', cidr: string) => entry(100, way, 'allow', '-1', cidr);
    for (const acl of [
      [all('egress', '10.0.0.0/8'), all('ingress', '0.0.0.0/0')],
      [all('egress', '0.0.0.0/0'), all('ingress', '10.0.0.0/8')],
    ]) {
      await lab.change(world.networkAcl('acl-of-vpc-pl', 'vpc-pl', acl).region);
      expect(await lab.probe('two', `${AWS_S3}:443`)).toEqual(['timeout']);
    }
    await lab.change(world.region);
    expect(await lab.probe('two', `${AWS_S3}:443`)).toEqual(['connected']);
  });

  test('carries TCP and echo requests only', async () => {
    const before = lab.counted('vpc-pl', 'vpc-endpoint');
    const send = `require('node:dgram').createSocket('udp4').send('?', 443,
      ${JSON.stringify(AWS_S3)}, () => process.exit());`;
    await lab.exec('two', process.execPath, '--eval', send);
    expect(lab.counted('vpc-pl', 'vpc-endpoint')).toBe(before + 1);
  });
});
