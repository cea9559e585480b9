import { expect, test } from 'vitest';
import { rowsOf } from '../../reach/matrix.ts';
import { compile } from '../../reach/model.ts';
import { servicesText } from '../../reach/text/packets.ts';
import { RegionBuilder, rule } from '../../region/testing.ts';

const { region } = new RegionBuilder()
  .vpc('vpc-1', '10.0.0.0/16')
  .ipv6('vpc-1', '2001:db8:1::/56')
  .internetGateway('igw-1', 'vpc-1')
  .prefixList('com.amazonaws.ap-northeast-2.s3')
  .gatewayEndpoint('vpce-1', 'vpc-1')
  .routeTable('rtb-1', 'vpc-1', {
    ...{ '::/0': 'igw-1', 'com.amazonaws.ap-northeast-2.s3': 'vpce-1' },
  })
  .networkAcl('acl-1', 'vpc-1', [
    ...['0.0.0.0/0', '::/0'].flatMap((cidr, index) =>
      [true, false].map((egress) => ({
        ...{ number: index + 1, protocol: -1, action: 'allow' as const, cidr, egress },
      })),
    ),
  ])
  .subnet('subnet-1', 'vpc-1', '10.0.0.0/24', {
    ...{ routeTable: 'rtb-1', acl: 'acl-1', ipv6Cidr: '2001:db8:1::/64' },
  })
  .group('sg-1', 'vpc-1', [rule('tcp 22', '::/0'), rule('tcp 80', 'sg-1')])
  .interfaceEndpoint('vpce-ssm', { subnet: 'subnet-1', ip: '10.0.0.20', groups: ['sg-1'] })
  .instance('web', {
    subnet: 'subnet-1',
    ip: '10.0.0.10',
    groups: ['sg-1'],
    ipv6: ['2001:db8:1::10'],
  })
  .instance('app', { subnet: 'subnet-1', ip: '10.0.0.11', groups: ['sg-1'] });

test('both families, each marked; services of AWS and endpoints by name', () => {
  const rows = rowsOf({ model: compile(region) }).flatMap(({ from, to, family, services }) =>
    services.length === 0 ? [] : [[from, to, family ?? 'ipv4', servicesText(services)].join(' ')],
  );
  // Closed to IPv4's Internet, and open to IPv6's.
  expect(rows).toEqual([
    'internet web ipv6 tcp 22',
    'web s3 ipv4 icmp type 8; tcp',
    'web vpce-ssm ipv4 tcp 80',
    'web app ipv4 tcp 80',
    'app s3 ipv4 icmp type 8; tcp',
    'app vpce-ssm ipv4 tcp 80',
    'app web ipv4 tcp 80',
  ]);
});
