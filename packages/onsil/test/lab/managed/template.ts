/** A small VPC: three targets, of which one admits nobody, and a load balancer in two zones. */
export const TEMPLATE = `
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Igw: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Out:
    Type: AWS::EC2::Route
    DependsOn: Attached
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: ap-northeast-2a}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: ap-northeast-2b}}
  OfA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref A}}
  OfB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref B}}
  Front:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: everybody
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
  Back:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !Ref Vpc
      GroupDescription: the load balancer
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !Ref Front}]
  Nobody: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: nobody}}
  one: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref A, SecurityGroupIds: [!Ref Back]}}
  two: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref B, SecurityGroupIds: [!Ref Back]}}
  blocked: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0a, SubnetId: !Ref B, SecurityGroupIds: [!Ref Nobody]}}
  Web:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    DependsOn: Attached
    Properties: {Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref Front]}
  Main:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      {Name: main, VpcId: !Ref Vpc, Port: 8080, Protocol: HTTP, HealthCheckPath: /health, Targets: [{Id: !Ref one}, {Id: !Ref two}]}
  Api:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Name: api, VpcId: !Ref Vpc, Port: 8080, Protocol: HTTP, HealthCheckPath: /health, Targets: [{Id: !Ref two}]}
  Sticky:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Name: sticky
      VpcId: !Ref Vpc
      Port: 8080
      Protocol: HTTP
      HealthCheckPath: /health
      Targets: [{Id: !Ref one}, {Id: !Ref two}]
      TargetGroupAttributes: [{Key: stickiness.enabled, Value: true}, {Key: stickiness.type, Value: lb_cookie}]
  Shut:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Name: shut, VpcId: !Ref Vpc, Port: 8080, Protocol: HTTP, Targets: [{Id: !Ref blocked}]}
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: shop.example.com, SubjectAlternativeNames: ['*.shop.example.com']}
  Secure:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Web
      Port: 443
      Protocol: HTTPS
      Certificates: [{CertificateArn: !Ref Certificate}]
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Main}]
  Plain:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Web
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Main}]
  ByPath:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 10
      Conditions: [{Field: path-pattern, Values: [/api/*]}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Api}]
  ByHeader:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 11
      Conditions: [{Field: http-header, HttpHeaderConfig: {HttpHeaderName: X-Stage, Values: [beta-?]}}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Api}]
  ByQuery:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 12
      Conditions: [{Field: query-string, QueryStringConfig: {Values: [{Key: canary, Value: yes}]}}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Api}]
  ByMethod:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 13
      Conditions: [{Field: http-request-method, HttpRequestMethodConfig: {Values: [DELETE]}}]
      Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 405, ContentType: text/plain, MessageBody: not here}}]
  BySource:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 14
      Conditions:
        - {Field: path-pattern, Values: [/from]}
        - {Field: source-ip, SourceIpConfig: {Values: [198.51.100.0/24]}}
      Actions:
        - Type: fixed-response
          FixedResponseConfig: {StatusCode: 403, ContentType: text/plain, MessageBody: "you aren't 100% \\"welcome\\"\\n"}
  ByHost:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 15
      Conditions: [{Field: host-header, Values: ['OLD.*']}]
      Actions:
        - Type: redirect
          RedirectConfig: {Protocol: HTTPS, Port: '443', Host: shop.example.com, Path: '/new/#{path}', StatusCode: HTTP_301}
  BySticky:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 16
      Conditions: [{Field: path-pattern, Values: [/sticky]}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Sticky}]
  ByShut:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Plain
      Priority: 17
      Conditions: [{Field: path-pattern, Values: [/shut]}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Shut}]
  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: shop.example.com}}
  Alias:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref Zone
      Name: shop.example.com
      Type: A
      AliasTarget: {DNSName: !GetAtt Web.DNSName, HostedZoneId: !GetAtt Web.CanonicalHostedZoneID}
`;
