import { inVpc } from '../../cloudformation/testing.ts';

export interface Options {
  /** Properties of the group. */
  readonly more?: string;
  readonly sizes?: string;
  /** Attributes of the group, indented by two. */
  readonly policies?: string;
  readonly instanceType?: string;
  readonly version?: string;
  /** Further resources. */
  readonly others?: string;
}

/** The group `Workers` of two, in two zones. */
export function template({
  more = '',
  sizes = "MinSize: '1', MaxSize: '4', DesiredCapacity: '2'",
  policies = '',
  instanceType = 't3.micro',
  version = '!GetAtt Config.LatestVersionNumber',
  others = '',
}: Options): string {
  return inVpc(`
Other: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.3.0/24, AvailabilityZone: ap-northeast-2b}}
Config:
  Type: AWS::EC2::LaunchTemplate
  Properties: {LaunchTemplateData: {ImageId: ami-0123456789abcdef0, InstanceType: ${instanceType}}}
Workers:
  Type: AWS::AutoScaling::AutoScalingGroup
${policies.replace(/^/gm, '  ')}
  Properties: {${sizes}, VPCZoneIdentifier: [!Ref Private, !Ref Other], LaunchTemplate: {LaunchTemplateId: !Ref Config, Version: ${version}}${more === '' ? '' : `, ${more}`}}
${others}`);
}
