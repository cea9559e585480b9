/**
 * What a region offers for a parameter that nobody gave a value: the one VPC and its subnets, the
 * only key pair. Where there is no obvious choice there is none, and the choices are named.
 */
import type { Region } from '../region/region.ts';
import type { Subnet } from '../region/subnet.ts';
import type { ParameterDeclaration } from './template.ts';

export interface Offer {
  /** As it would be given; absent where several would do. */
  readonly value?: string;
  /** What was taken, and why: `its only key pair`. */
  readonly why: string;
  readonly choices: readonly string[];
}

/** Latest general purpose image of AWS: what consoles offer first. */
const FIRST_IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const LIST = /^List<(.+)>$/;

/**
 * @param index which one of the parameters of this type it is, from 0: the second subnet of a
 * template is not the first one again
 * @returns nothing for a type that says nothing about the region
 */
export function offeredValue(
  { type }: Pick<ParameterDeclaration, 'type'>,
  region: Region,
  index: number,
): Offer | undefined {
  const item = LIST.exec(type)?.[1];
  switch (item ?? type) {
    case 'AWS::EC2::VPC::Id': {
      const vpc = mainVpc(region);
      return { ...one(vpc?.id, 'VPC'), choices: Object.keys(region.vpcs) };
    }
    case 'AWS::EC2::Subnet::Id':
      return several(subnetsOf(region), item !== undefined, index, 'subnet', region);
    case 'AWS::EC2::SecurityGroup::Id': {
      const group = mainVpc(region)?.defaultSecurityGroupId;
      const choices = Object.keys(region.securityGroups);
      return { ...one(group, 'security group'), why: 'the default group of its VPC', choices };
    }
    case 'AWS::EC2::KeyPair::KeyName': {
      const names = Object.values(region.keyPairs).map(({ name }) => name);
      return { ...one(only(names), 'key pair'), choices: names };
    }
    case 'AWS::EC2::AvailabilityZone::Name':
      return item === undefined
        ? {
            ...one(region.zones[index % region.zones.length], 'zone'),
            choices: region.zones,
            why: 'a zone of it',
          }
        : { value: region.zones.join(','), why: 'its zones', choices: region.zones };
    case 'AWS::Route53::HostedZone::Id': {
      const ids = Object.keys(region.hostedZones);
      return { ...one(only(ids), 'hosted zone'), choices: ids };
    }
    case 'AWS::EC2::Image::Id': {
      const image = region.parameters[FIRST_IMAGE]?.value;
      return { ...one(image, 'image'), why: 'Amazon Linux 2023', choices: [] };
    }
    default:
      return undefined;
  }
}

function one(value: string | undefined, noun: string): { value?: string; why: string } {
  return { ...(value === undefined ? {} : { value }), why: `its only ${noun}` };
}

function only<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** The only VPC, or the only one beside the default VPC. */
function mainVpc({ vpcs }: Region) {
  const all = Object.values(vpcs);
  return only(all) ?? only(all.filter(({ isDefault }) => isDefault !== true));
}

function subnetsOf(region: Region): readonly Subnet[] {
  const vpc = mainVpc(region);
  return Object.values(region.subnets).filter(({ vpcId }) => vpcId === vpc?.id);
}

function several(
  subnets: readonly Subnet[],
  isList: boolean,
  index: number,
  noun: string,
  region: Region,
): Offer {
  const choices = Object.values(region.subnets).map(({ id, cidr }) => `${id} (${cidr})`);
  const ids = subnets.map(({ id }) => id);
  if (ids.length === 0) return { why: '', choices };
  return isList
    ? { value: ids.join(','), why: `the ${noun}s of its VPC`, choices }
    : { value: ids[index % ids.length] ?? '', why: `a ${noun} of its VPC`, choices };
}
