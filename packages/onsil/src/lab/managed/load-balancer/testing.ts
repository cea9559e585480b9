/** A VPC with load balancers of all kinds, for tests. */
export const inShop = (more: string): string => `
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: ap-northeast-2a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: ap-northeast-2b}}
  C: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2c}}
  one: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref A, PrivateIpAddress: 10.0.1.11}}
  two: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref B, PrivateIpAddress: 10.0.2.12}}
  far: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref C, PrivateIpAddress: 10.0.3.13}}
${more.replace(/^/gm, '  ')}`;

/** An Application Load Balancer in the zones of `one` and `two`, with the groups main and other. */
export const SHOP = inShop(`
Web:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties: {Scheme: internal, Subnets: [!Ref A, !Ref B]}
Main:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties:
    {Name: main, VpcId: !Ref Vpc, Port: 80, Protocol: HTTP, Targets: [{Id: !Ref one}, {Id: !Ref two}, {Id: !Ref far}]}
Other:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties:
    {Name: other, VpcId: !Ref Vpc, Port: 81, Protocol: HTTPS, TargetType: ip, Targets: [{Id: 10.0.2.99}, {Id: 10.9.9.9, Port: 8443}]}
Plain:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Ref Web
    Port: 80
    Protocol: HTTP
    DefaultActions:
      - Type: forward
        ForwardConfig:
          TargetGroups: [{TargetGroupArn: !Ref Main, Weight: 3}, {TargetGroupArn: !Ref Other, Weight: 1}]
`);
