import { describe, expect, test } from 'vitest';
import { refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';
import { publicAddresses } from '../elastic-ip.ts';

/** Two public subnets in two zones, one private one; `more` are further resources. */
const inZones = (more: string) => `
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Igw: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: ap-northeast-2a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: ap-northeast-2b}}
  A2: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2a}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: d}}
${more.replace(/^/gm, '  ')}`;

const ALB = `
Web:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  DependsOn: Attached
  Properties: {Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref Group]}
`;
const TARGETS = `
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {VpcId: !Ref Vpc, Port: '8080', Protocol: HTTP, HealthCheckPath: /ok, Matcher: {HttpCode: 200-299}}
`;
const LISTENER = `
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Ref Web
    Port: 80
    Protocol: HTTP
    DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
`;
const withWeb = (properties: string) =>
  inZones(
    `Web:\n  Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n  DependsOn: Attached\n  Properties: ${properties}`,
  );

describe('AWS::ElasticLoadBalancingV2::LoadBalancer', () => {
  test('an application one has an interface with its groups and a public address in each zone', () => {
    const { region, stack } = stackOf(inZones(ALB));
    const [balancer] = Object.values(region.loadBalancers);
    const group = stack.resources['Group']?.physicalId;
    expect(balancer).toMatchObject({
      ...{ type: 'application', scheme: 'internet-facing', securityGroupIds: [group] },
      arn: stack.resources['Web']?.physicalId,
      canonicalHostedZoneId: 'ZWKZPGTI48KDX',
    });
    const own = balancer?.zones.map(({ networkInterfaceId: id }) => region.networkInterfaces[id]);
    expect(own?.map((each) => each?.managedBy?.id)).toEqual([
      'Web (ap-northeast-2a)',
      'Web (ap-northeast-2b)',
    ]);
    expect(own?.map((each) => each?.subnetId)).toEqual(
      ['A', 'B'].map((name) => stack.resources[name]?.physicalId),
    );
    expect(own?.every((each) => each?.securityGroupIds[0] === group)).toBe(true);
    const visible = new Set(publicAddresses(region).map((each) => each.networkInterfaceId));
    expect(own?.every((each) => visible.has(each?.id ?? ''))).toBe(true);
  });
  test('attributes in the forms of AWS', () => {
    const attributes = stackOf(inZones(ALB)).stack.resources['Web']?.attributes;
    expect(attributes).toMatchObject({
      LoadBalancerArn: expect.stringMatching(
        /^arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:loadbalancer\/app\/shop-Web-\w{12}\/[0-9a-f]{16}$/,
      ),
      LoadBalancerFullName: expect.stringMatching(/^app\/shop-Web-\w{12}\/[0-9a-f]{16}$/),
      DNSName: expect.stringMatching(
        /^shop-web-\w{12}-\d{10}\.ap-northeast-2\.elb\.amazonaws\.com$/,
      ),
    });
  });
  test('an internal one has no public address, and says so in its name', () => {
    const { region, stack } = stackOf(withWeb('{Subnets: [!Ref A, !Ref B], Scheme: internal}'));
    expect(stack.resources['Web']?.attributes['DNSName']).toMatch(/^internal-shop-web-/);
    expect(publicAddresses(region)).toEqual([]);
    // Groups left out: the default one of the VPC.
    const [balancer] = Object.values(region.loadBalancers);
    expect(balancer?.securityGroupIds).toEqual([
      region.vpcs[balancer?.vpcId ?? '']?.defaultSecurityGroupId,
    ]);
  });
  test('a network one without groups, with an Elastic IP in its one zone', () => {
    const { region, stack } = stackOf(
      inZones(`Ip: {Type: AWS::EC2::EIP}
Web:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  DependsOn: Attached
  Properties: {Type: network, Name: front, SubnetMappings: [{SubnetId: !Ref A, AllocationId: !GetAtt Ip.AllocationId}]}`),
    );
    const [balancer] = Object.values(region.loadBalancers);
    expect(balancer).toMatchObject({ name: 'front', securityGroupIds: [], type: 'network' });
    expect(balancer?.dnsName).toMatch(/^front-[0-9a-f]{16}\.elb\.ap-northeast-2\.amazonaws\.com$/);
    expect(publicAddresses(region)).toMatchObject([
      {
        publicIp: stack.resources['Ip']?.physicalId,
        networkInterfaceId: balancer?.zones[0]?.networkInterfaceId,
      },
    ]);
  });
  test.each([
    [
      '{Subnets: [!Ref A]}',
      'Resources.Web.Properties.Subnets: At least two subnets in two different Availability Zones must be specified; this is ap-northeast-2a.',
    ],
    [
      '{Subnets: [!Ref A, !Ref A2]}',
      'Resources.Web.Properties.Subnets: Several of the subnets are in ap-northeast-2a; a load balancer has one in each zone.',
    ],
    [
      '{Subnets: [!Ref A, !Ref B], Name: -x}',
      'Resources.Web.Properties.Name: "-x" is not a name of a load balancer. Use at most 32 letters, digits and hyphens, no hyphen at the ends.',
    ],
  ])('refuses %s', (properties, message) => {
    expect(refusal(withWeb(properties))).toEqual([message]);
  });
  test('one that faces the Internet needs a gateway', () => {
    const text = inZones(ALB.replace('  DependsOn: Attached\n', '')).replace(
      / {2}Attached:\n.*\n.*\n/,
      '',
    );
    expect(refusal(text)[0]).toMatch(
      /Resources\.Web\.Properties\.Scheme: vpc-\w+ has no Internet gateway/,
    );
  });
});

describe('target groups, listeners and rules', () => {
  test('health checks with the defaults of AWS', () => {
    const { region } = stackOf(inZones(TARGETS));
    expect(Object.values(region.targetGroups)).toMatchObject([
      {
        ...{ protocol: 'HTTP', port: 8080, targetType: 'instance', targets: [] },
        healthCheck: {
          ...{ enabled: true, protocol: 'HTTP', path: '/ok', matcher: '200-299' },
          ...{ interval: 30, timeout: 5, healthyThreshold: 5, unhealthyThreshold: 2 },
        },
      },
    ]);
  });
  test('actions and conditions in both of their forms', () => {
    const { region } = stackOf(
      inZones(`${ALB}${TARGETS}${LISTENER}
Rule:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    ListenerArn: !Ref Listener
    Priority: 10
    Conditions:
      - {Field: path-pattern, Values: [/api/*]}
      - {Field: host-header, HostHeaderConfig: {Values: [a.example]}}
    Actions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, Port: '443', StatusCode: HTTP_301}}]`),
    );
    const [group] = Object.keys(region.targetGroups);
    expect(Object.values(region.listeners)).toMatchObject([
      {
        ...{ port: 80, protocol: 'HTTP' },
        defaultActions: [{ kind: 'forward', targetGroups: [{ arn: group, weight: 1 }] }],
      },
    ]);
    expect(Object.values(region.listenerRules)).toMatchObject([
      {
        priority: 10,
        conditions: [
          { field: 'path-pattern', values: ['/api/*'] },
          { field: 'host-header', values: ['a.example'] },
        ],
        actions: [{ kind: 'redirect', protocol: 'HTTPS', host: '#{host}', statusCode: 301 }],
      },
    ]);
  });
  test.each([
    ['Protocol: HTTP', 'Protocol: TCP', /Protocol: The load balancer is an application one/],
    [
      'Protocol: HTTP',
      'Protocol: HTTPS',
      /Certificates: A certificate must be specified for HTTPS/,
    ],
    ['!Ref Targets}', 'arn:none}', /TargetGroupArn: "arn:none" is no target group of this region/],
    ['Type: forward', 'Type: forwards', /Type: "forwards" is none of forward, redirect/],
  ])('refuses %s as %s', (from, to, message) => {
    const listener = LISTENER.replace(from, to);
    expect(refusal(inZones(`${ALB}${TARGETS}${listener}`)).join('\n')).toMatch(message);
  });
});

describe('AWS::ElasticLoadBalancing::LoadBalancer', () => {
  const CLASSIC = `
Old:
  Type: AWS::ElasticLoadBalancing::LoadBalancer
  DependsOn: Attached
  Properties:
    Subnets: [!Ref A]
    Listeners: {LoadBalancerPort: '80', InstancePort: '8080', Protocol: http}
    HealthCheck: {Target: 'HTTP:8080/', HealthyThreshold: '3', UnhealthyThreshold: '5', Interval: '30', Timeout: '5'}
`;
  test('with its listeners, health check and DNS name', () => {
    const { region, stack } = stackOf(inZones(CLASSIC));
    const [balancer] = Object.values(region.classicLoadBalancers);
    expect(balancer).toMatchObject({
      listeners: [
        { protocol: 'HTTP', loadBalancerPort: 80, instanceProtocol: 'HTTP', instancePort: 8080 },
      ],
      healthCheck: { target: 'HTTP:8080/', healthyThreshold: 3, interval: 30 },
      dnsName: stack.resources['Old']?.attributes['DNSName'],
    });
    expect(balancer?.zones).toHaveLength(1);
  });
});

test('an alias record to a load balancer is real, with or without dualstack', () => {
  const zone = (prefix: string) => `${ALB}
Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: example.net}}
Name:
  Type: AWS::Route53::RecordSet
  Properties:
    HostedZoneId: !Ref Zone
    Name: www.example.net
    Type: A
    AliasTarget: {DNSName: !Sub "${prefix}\${Web.DNSName}", HostedZoneId: !GetAtt Web.CanonicalHostedZoneID}`;
  for (const prefix of ['', 'dualstack.']) {
    const result = stackOf(inZones(zone(prefix)));
    expect(warningsOf(result)).toEqual([]);
    const [balancer] = Object.values(result.region.loadBalancers);
    expect(Object.values(result.region.hostedZones)[0]?.records).toMatchObject([
      { name: 'www.example.net.', type: 'A', alias: { dnsName: `${balancer?.dnsName}.` } },
    ]);
  }
});
