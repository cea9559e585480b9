/** A stack with many security groups that are all in force, and two instances with a service. */

export interface ManyGroups {
  readonly groups: number;
  /** Of each group. */
  readonly rules: number;
  /** The port at which the first group lets `Client` in to `Server`; all rules differ with it. */
  readonly port: number;
}

/** The port that is open whatever else is. */
export const STEADY_PORT = 80;
/** Of one interface, as AWS allows it by default. */
const GROUPS_EACH = 5;

/** A template in JSON, without the many groups where `many` is absent. */
export function manyGroups(many?: ManyGroups): string {
  const vpc = { VpcId: { Ref: 'Vpc' } };
  const groups = Array.from({ length: many?.groups ?? 0 }, (_, index) => `Group${index}`);
  const [first] = groups;
  const instance = (group: string, ...more: readonly string[]) => ({
    Type: 'AWS::EC2::Instance',
    Properties: {
      ImageId: 'ami-0a',
      SubnetId: { Ref: 'Subnet' },
      SecurityGroupIds: refs([group, ...more]),
    },
  });
  return JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { ...vpc, CidrBlock: '10.0.0.0/20' } },
      ClientGroup: group('client', []),
      ServerGroup: group('server', [
        { ...ports(STEADY_PORT), SourceSecurityGroupId: { Ref: 'ClientGroup' } },
      ]),
      Client: instance('ClientGroup'),
      Server: instance('ServerGroup', ...(first === undefined ? [] : [first])),
      ...Object.fromEntries(
        groups.map((name, index) => [
          name,
          group(name, many === undefined ? [] : rulesOf(index, many)),
        ]),
      ),
      ...Object.fromEntries(
        groups
          .filter((_, index) => index % GROUPS_EACH === 0)
          .map((name, index) => {
            const own = groups.slice(index * GROUPS_EACH, (index + 1) * GROUPS_EACH);
            const properties = { SubnetId: { Ref: 'Subnet' }, GroupSet: refs(own) };
            return [
              `Interface${name}`,
              { Type: 'AWS::EC2::NetworkInterface', Properties: properties },
            ];
          }),
      ),
    },
  });
}

function rulesOf(index: number, { rules, port }: ManyGroups): readonly object[] {
  return Array.from({ length: rules }, (_, rule) => {
    if (rule === 0) return { ...ports(port), SourceSecurityGroupId: { Ref: 'ClientGroup' } };
    if (rule % 4 === 0 && index > 0) {
      return { ...ports(port + rule), SourceSecurityGroupId: { Ref: `Group${index - 1}` } };
    }
    return { ...ports(port + rule), CidrIp: `172.16.${index % 256}.${rule}/32` };
  });
}

const ports = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
const refs = (names: readonly string[]) => names.map((name) => ({ Ref: name }));

function group(description: string, ingress: readonly object[]) {
  return {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: { Ref: 'Vpc' },
      GroupDescription: description,
      SecurityGroupIngress: ingress,
    },
  };
}
