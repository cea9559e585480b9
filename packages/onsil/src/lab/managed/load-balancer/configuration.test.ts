import { describe, expect, test } from 'vitest';
import { stackOf } from '../../../cloudformation/testing.ts';
import { balancersIn } from '../load-balancers.ts';
import type { Balancer } from './balancer.ts';
import { configurationFiles, haproxyConfiguration } from './configuration.ts';
import { inShop, SHOP } from './testing.ts';

function only(text: string): Balancer {
  const [first, ...others] = [...balancersIn(stackOf(text).region).values()];
  if (first === undefined || others.length > 0) throw new Error('not one load balancer');
  return first();
}

/** The lines of a section, without their indentation. */
function section(balancer: Balancer, head: string): readonly string[] {
  const lines = haproxyConfiguration(balancer).split('\n');
  const start = lines.indexOf(head);
  expect(start, head).toBeGreaterThan(-1);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('  '));
  return lines.slice(start + 1, end).map((line) => line.trim());
}
const servers = (lines: readonly string[]) =>
  lines.flatMap((line) => /^server \S+ (\S+)/.exec(line)?.[1] ?? []);

/** With attributes of the load balancer, of a group, or other properties in the place of some. */
const changed = (from: string, to: string): Balancer => {
  expect(SHOP).toContain(from);
  return only(SHOP.replace(from, to));
};
const withGroup = (attributes: string): Balancer =>
  changed(
    '{Name: main, ',
    `{Name: main, TargetGroupAttributes: [${attributes}], HealthCheckPath: /ok, Matcher: {HttpCode: '200-299,302'}, HealthCheckIntervalSeconds: 7, HealthCheckTimeoutSeconds: 3, HealthyThresholdCount: 4, UnhealthyThresholdCount: 6, `,
  );
const pair = (key: string, value: string) => `{Key: ${key}, Value: '${value}'}`;

describe('an Application Load Balancer', () => {
  const shop = only(SHOP);
  const [a] = shop.nodes;

  test('listens at the address of each of its nodes, and asks from there', () => {
    for (const { zone, address } of shop.nodes) {
      expect(section(shop, `frontend 80.${zone}`)).toContain(`bind ${address}:80`);
      expect(section(shop, `backend main.${zone}`)).toContain(`source ${address}`);
      expect(section(shop, `backend check.main.${zone}`)).toContain(`source ${address}`);
    }
    expect(shop.nodes.map(({ zone }) => zone)).toEqual(['ap-northeast-2a', 'ap-northeast-2b']);
  });
  test('sends to the targets of its zones, at each of its nodes', () => {
    expect(servers(section(shop, 'backend main.ap-northeast-2b'))).toEqual([
      ...['10.0.1.11:80', '10.0.2.12:80'],
    ]);
    expect(servers(section(shop, 'backend other.ap-northeast-2a'))).toEqual([
      ...['10.0.2.99:81', '10.9.9.9:8443'],
    ]);
  });
  test('encrypts to a group of HTTPS, whose certificates nobody checks', () => {
    const lines = section(shop, 'backend other.ap-northeast-2a');
    expect(lines.filter((line) => line.startsWith('server'))).toEqual([
      expect.stringContaining(' ssl verify none'),
      expect.stringContaining(' ssl verify none'),
    ]);
  });
  test('draws among groups by their weights', () => {
    const lines = section(shop, 'frontend 80.ap-northeast-2a');
    const open = 'if { var(txn.rule) -m int 0 } !{ var(txn.pool) -m found }';
    expect(lines).toEqual(
      expect.arrayContaining([
        'http-request set-var(txn.draw) rand(4) if { var(txn.rule) -m int 0 }',
        `http-request set-var(txn.pool) str(main.ap-northeast-2a) ${open} { var(txn.draw) -m int lt 3 }`,
        `http-request set-var(txn.pool) str(other.ap-northeast-2a) ${open} { var(txn.draw) -m int lt 4 }`,
      ]),
    );
    expect(lines.join('\n')).not.toContain('AWSALBTG');
  });
  test('asks its rules by their priority, whatever their order', () => {
    const rule = (name: string, priority: number) => `
  ${name}:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: ${priority}
      Conditions: [{Field: path-pattern, Values: [/${name}]}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Main}]
`;
    const ruled = only(`${SHOP}${rule('Late', 20)}${rule('Early', 3)}`);
    const lines = section(ruled, 'frontend 80.ap-northeast-2a').filter((line) =>
      line.startsWith('http-request set-var(txn.rule)'),
    );
    expect(lines.map((line) => /'\^\/(\w+)\$'/.exec(line)?.[1])).toEqual([
      ...['Early', 'Late', undefined],
    ]);
  });
  test('keeps a client with its group where the action says so', () => {
    const sticky = changed(
      'ForwardConfig:\n',
      'ForwardConfig:\n            TargetGroupStickinessConfig: {Enabled: true, DurationSeconds: 90}\n',
    );
    const lines = section(sticky, 'frontend 80.ap-northeast-2a').join('\n');
    expect(lines).toMatch(/str\(main\.\S+\) if .* \{ req\.cook\(AWSALBTG\) -m str [0-9a-f]{32} \}/);
    expect(lines).toMatch(/str\('AWSALBTG=[0-9a-f]{32}; Max-Age=90; Path=\/'\)/);
    expect(lines).toContain('http-response add-header Set-Cookie');
  });
  test('checks with the times and codes of the group', () => {
    const lines = section(withGroup(''), 'backend check.main.ap-northeast-2a');
    expect(lines).toEqual(
      expect.arrayContaining([
        ...['timeout connect 3s', 'timeout check 3s', 'option httpchk'],
        'http-check expect status 200-299,302',
        expect.stringContaining("meth GET uri '/ok' ver HTTP/1.1"),
        expect.stringMatching(/^server \S+ 10\.0\.1\.11:80 check inter 7s rise 4 fall 6$/),
      ]),
    );
    expect(section(withGroup(''), 'backend main.ap-northeast-2a').join('\n')).toMatch(
      /server (\S+) 10\.0\.1\.11:80 track check\.main\.ap-northeast-2a\/\1$/m,
    );
  });
  test('sends to all where nobody is healthy', () => {
    expect(section(shop, 'frontend 80.ap-northeast-2a')).toContain(
      'use_backend open.main.ap-northeast-2a if { var(txn.pool) -m str main.ap-northeast-2a } ' +
        '{ nbsrv(main.ap-northeast-2a) eq 0 }',
    );
    expect(section(shop, 'backend open.main.ap-northeast-2a').join('\n')).not.toContain('track');
  });
  test.each([
    [pair('load_balancing.algorithm.type', 'least_outstanding_requests'), 'balance leastconn'],
    [pair('load_balancing.algorithm.type', 'weighted_random'), 'balance random(1)'],
    [pair('slow_start.duration_seconds', '45'), 'slowstart 45s'],
    [
      `${pair('stickiness.enabled', 'true')}, ${pair('stickiness.type', 'app_cookie')}, ${pair('stickiness.app_cookie.cookie_name', 'SID')}`,
      "stick match 'req.cook(SID)'",
    ],
    [
      `${pair('stickiness.enabled', 'true')}, ${pair('stickiness.lb_cookie.duration_seconds', '7')}`,
      "cookie AWSALB insert maxidle 7s attr 'Max-Age=7'",
    ],
  ])('with the attribute %s', (attributes, expected) => {
    const lines = section(withGroup(attributes), 'backend main.ap-northeast-2a').join('\n');
    expect(lines).toContain(expected);
    expect(section(shop, 'backend main.ap-northeast-2a').join('\n')).not.toContain(expected);
  });
  test('without cross-zone, each node has the targets of its own zone', () => {
    const own = withGroup(pair('load_balancing.cross_zone.enabled', 'false'));
    expect(servers(section(own, 'backend main.ap-northeast-2a'))).toEqual(['10.0.1.11:80']);
    expect(servers(section(own, 'backend check.main.ap-northeast-2b'))).toEqual(['10.0.2.12:80']);
  });
  test('ends old connections when the longest delay is over', () => {
    const quick = withGroup(pair('deregistration_delay.timeout_seconds', '5'));
    expect(section(quick, 'global')).toContain('hard-stop-after 300s');
    const both = { ...quick, pools: quick.pools.filter(({ name }) => name === 'main') };
    expect(section(both, 'global')).toContain('hard-stop-after 5s');
  });
  test.each([
    ['preserve', false],
    ['remove', false],
    ['append', true],
  ])('does with X-Forwarded-For what it is told: %s', (mode, sets) => {
    const attribute = pair('routing.http.xff_header_processing.mode', mode);
    const told = changed(
      'Scheme: internal,',
      `Scheme: internal, LoadBalancerAttributes: [${attribute}],`,
    );
    const lines = section(told, 'frontend 80.ap-northeast-2a').join('\n');
    expect(lines.includes('set-header X-Forwarded-For')).toBe(sets);
    expect(lines.includes('del-header X-Forwarded-For')).toBe(mode === 'remove');
  });
  test('closes what was silent for too long', () => {
    const slow = changed(
      'Scheme: internal,',
      `Scheme: internal, LoadBalancerAttributes: [${pair('idle_timeout.timeout_seconds', '7')}],`,
    );
    expect(section(slow, 'defaults')).toEqual(
      expect.arrayContaining(['timeout client 7s', 'timeout server 7s']),
    );
  });
  test('answers by itself, with whatever body', () => {
    const body = 'a\n"b" \'c\' 100%';
    const fixed = changed(
      SHOP.slice(SHOP.indexOf('- Type: forward')),
      `- {Type: fixed-response, FixedResponseConfig: {StatusCode: 503, ContentType: text/html, MessageBody: ${JSON.stringify(body)}}}`,
    );
    const answer = configurationFiles(fixed).find(({ path }) =>
      path.startsWith('etc/haproxy/answers'),
    );
    expect(answer?.content).toBe(body);
    expect(section(fixed, 'frontend 80.ap-northeast-2a')).toContain(
      `http-request return status 503 content-type 'text/html' file /${answer?.path} ` +
        'hdr Server awselb/2.0 if { var(txn.rule) -m int 0 }',
    );
  });
  test('is the same text for the same region', () => {
    expect(haproxyConfiguration(only(SHOP))).toBe(haproxyConfiguration(shop));
    expect(a?.address).toMatch(/^10\.0\.1\./);
  });
});

describe('TLS', () => {
  const tls = (certificate: string, more = '') =>
    only(`${SHOP}${more}
  Secure:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Web
      Port: 443
      Protocol: HTTPS
      Certificates: [{CertificateArn: ${certificate}}]
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Main}]
`);
  const names = ({ fronts }: Balancer) =>
    fronts.flatMap(({ certificates }) => (certificates ?? []).map((each) => each.names));
  test('with the names of a certificate of the region', () => {
    const balancer = tls(
      '!Ref Certificate',
      `
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: Shop.example.com, SubjectAlternativeNames: ['*.example.com', shop.example.com]}`,
    );
    expect(names(balancer)).toEqual([['shop.example.com', '*.example.com']]);
    expect(section(balancer, 'frontend 443.ap-northeast-2a').join('\n')).toMatch(
      /bind 10\.0\.1\.\d+:443 ssl crt \/etc\/haproxy\/certificates\/[0-9a-f]{16}\.pem alpn h2,http\/1\.1/,
    );
  });
  test('one that only AWS has is for the names that lead here', () => {
    const arn = 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1';
    const balancer = tls(arn);
    expect(names(balancer)).toEqual([[balancer.dnsName]]);
    const named = tls(
      arn,
      `
  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: example.com}}
  Alias:
    Type: AWS::Route53::RecordSet
    Properties: {HostedZoneId: !Ref Zone, Name: a.example.com, Type: A, AliasTarget: {DNSName: !GetAtt Web.DNSName, HostedZoneId: !GetAtt Web.CanonicalHostedZoneID}}
  Cname:
    Type: AWS::Route53::RecordSet
    Properties: {HostedZoneId: !Ref Zone, Name: c.example.com, Type: CNAME, TTL: 1, ResourceRecords: [!GetAtt Web.DNSName]}`,
    );
    expect(names(named)).toEqual([['a.example.com', 'c.example.com']]);
  });
});

describe('a Network Load Balancer', () => {
  const network = (attributes = '', group = '') =>
    only(
      inShop(`
Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Scheme: internal, Subnets: [!Ref A, !Ref B]${attributes}}}
Group:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {Name: tcp, VpcId: !Ref Vpc, Port: 22, Protocol: TCP, Targets: [{Id: !Ref one}, {Id: !Ref two}]${group}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Front, Port: 2222, Protocol: TCP, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]}`),
    );
  test('hands on streams, each node to its own zone', () => {
    const plain = network();
    expect(section(plain, 'frontend 2222.ap-northeast-2a')).toEqual([
      'mode tcp',
      `bind ${plain.nodes[0]?.address}:2222`,
      'use_backend open.tcp.ap-northeast-2a if { nbsrv(tcp.ap-northeast-2a) eq 0 }',
      'default_backend tcp.ap-northeast-2a',
    ]);
    expect(servers(section(plain, 'backend tcp.ap-northeast-2b'))).toEqual(['10.0.2.12:22']);
    expect(section(plain, 'defaults')).toContain('timeout client 350s');
    expect(section(plain, 'backend check.tcp.ap-northeast-2a').join('\n')).not.toContain('http');
  });
  test('across zones and with the proxy protocol where it is told so', () => {
    const cross = `, LoadBalancerAttributes: [${pair('load_balancing.cross_zone.enabled', 'true')}]`;
    const proxy = `, TargetGroupAttributes: [${pair('proxy_protocol_v2.enabled', 'true')}]`;
    const lines = section(network(cross, proxy), 'backend tcp.ap-northeast-2b');
    expect(servers(lines)).toHaveLength(2);
    expect(lines.filter((line) => line.includes(' send-proxy-v2'))).toHaveLength(2);
  });
});

test('a classic one has its own listeners, instances and check', () => {
  const classic = only(
    inShop(`
Old:
  Type: AWS::ElasticLoadBalancing::LoadBalancer
  Properties:
    Scheme: internal
    Subnets: [!Ref A, !Ref B]
    CrossZone: true
    ConnectionSettings: {IdleTimeout: 9}
    ConnectionDrainingPolicy: {Enabled: true, Timeout: 33}
    Instances: [!Ref one, !Ref two, !Ref far]
    Listeners:
      - {LoadBalancerPort: '80', InstancePort: '8080', Protocol: http}
      - {LoadBalancerPort: '2222', InstancePort: '22', Protocol: TCP}
    HealthCheck: {Target: 'HTTP:8080/ok', HealthyThreshold: '3', UnhealthyThreshold: '5', Interval: '30', Timeout: '4'}`),
  );
  expect(section(classic, 'global')).toContain('hard-stop-after 33s');
  expect(section(classic, 'defaults')).toContain('timeout client 9s');
  expect(servers(section(classic, 'backend http-8080.ap-northeast-2a'))).toEqual([
    ...['10.0.1.11:8080', '10.0.2.12:8080'],
  ]);
  const tcp = section(classic, 'backend tcp-22.ap-northeast-2a').join('\n');
  expect(tcp).toMatch(/server (i-\w+) 10\.0\.1\.11:22 track check\.health\.ap-northeast-2a\/\1/);
  const check = section(classic, 'backend check.health.ap-northeast-2a').join('\n');
  expect(check).toContain("uri '/ok'");
  expect(check).toMatch(/server i-\w+ 10\.0\.1\.11:\d+ check( port 8080)? inter 30s rise 3 fall 5/);
  expect(check.match(/^server/gm)).toHaveLength(2);
});
