/** Small templates: one VPC, one public subnet, instances of one group. */

export interface SmallInstance {
  readonly name: string;
  /** A script; none for an instance that is ready once it has booted. May name \${Handle}. */
  readonly userData?: string;
  /** Seconds that the instance has to signal success; without it none is waited for. */
  readonly signalWithin?: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string;
}

/** As JSON. The group lets everyone in on 22. */
export function smallTemplate(instances: readonly SmallInstance[]): string {
  return JSON.stringify({
    Parameters: {
      Image: {
        Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
        Default: '/aws/service/debian/release/12/latest/amd64',
      },
    },
    Resources: {
      ...network(),
      ...Object.assign({}, ...instances.map(resourcesOf)),
    },
  });
}

function network(): Readonly<Record<string, Resource>> {
  const vpc = { VpcId: { Ref: 'Vpc' } };
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { ...vpc, CidrBlock: '10.0.0.0/24' } },
    Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
    Attachment: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { ...vpc, InternetGatewayId: { Ref: 'Gateway' } },
    },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: vpc },
    Route: {
      Type: 'AWS::EC2::Route',
      DependsOn: 'Attachment',
      Properties: {
        RouteTableId: { Ref: 'Table' },
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: 'Gateway' },
      },
    },
    Association: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        ...vpc,
        GroupDescription: 'ssh',
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' },
        ],
      },
    },
  };
}

function resourcesOf({ name, userData, signalWithin }: SmallInstance) {
  const handle = `Handle${name}`;
  const instance: Resource = {
    Type: 'AWS::EC2::Instance',
    DependsOn: 'Route',
    Properties: {
      ImageId: { Ref: 'Image' },
      InstanceType: 't3.micro',
      NetworkInterfaces: [
        {
          DeviceIndex: '0',
          SubnetId: { Ref: 'Subnet' },
          GroupSet: [{ Ref: 'Group' }],
          AssociatePublicIpAddress: true,
        },
      ],
      Tags: [{ Key: 'Name', Value: name }],
      ...(userData === undefined
        ? {}
        : {
            UserData: {
              'Fn::Base64': {
                'Fn::Sub':
                  signalWithin === undefined ? userData : [userData, { Handle: { Ref: handle } }],
              },
            },
          }),
    },
  };
  if (signalWithin === undefined) return { [`Instance${name}`]: instance };
  return {
    [`Instance${name}`]: instance,
    [handle]: { Type: 'AWS::CloudFormation::WaitConditionHandle', Properties: {} },
    [`Ready${name}`]: {
      Type: 'AWS::CloudFormation::WaitCondition',
      DependsOn: `Instance${name}`,
      Properties: { Handle: { Ref: handle }, Timeout: String(signalWithin), Count: 1 },
    },
  };
}
