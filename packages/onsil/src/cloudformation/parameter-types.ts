/** What the type of a parameter asks of its value, and whether the value is a list. */
import type { Json } from '../region/json.ts';
import { gather, list, problem } from '../region/problem.ts';
import type { Region } from '../region/region.ts';
import type { ParameterDeclaration } from './template.ts';

interface Existing {
  readonly noun: string;
  readonly names: (region: Region) => readonly string[];
}

/** Types whose values must exist in the region. */
const EXISTING: Readonly<Record<string, Existing>> = {
  'AWS::EC2::AvailabilityZone::Name': { noun: 'zone', names: ({ zones }) => zones },
  'AWS::EC2::Instance::Id': {
    noun: 'instance',
    names: ({ instances }) => Object.keys(instances),
  },
  'AWS::EC2::KeyPair::KeyName': {
    noun: 'key pair',
    names: ({ keyPairs }) => Object.values(keyPairs).map(({ name }) => name),
  },
  'AWS::EC2::SecurityGroup::GroupName': {
    noun: 'security group',
    names: ({ securityGroups }) => Object.values(securityGroups).map(({ name }) => name),
  },
  'AWS::EC2::SecurityGroup::Id': {
    noun: 'security group',
    names: ({ securityGroups }) => Object.keys(securityGroups),
  },
  'AWS::EC2::Subnet::Id': { noun: 'subnet', names: ({ subnets }) => Object.keys(subnets) },
  'AWS::EC2::VPC::Id': { noun: 'VPC', names: ({ vpcs }) => Object.keys(vpcs) },
  'AWS::EC2::Volume::Id': { noun: 'volume', names: ({ volumes }) => Object.keys(volumes) },
  'AWS::Route53::HostedZone::Id': {
    noun: 'hosted zone',
    names: ({ hostedZones }) => Object.keys(hostedZones),
  },
  'AWS::SSM::Parameter::Name': {
    noun: 'parameter of the parameter store',
    names: ({ parameters }) => Object.keys(parameters),
  },
};
const PLAIN = ['String', 'Number', 'CommaDelimitedList', 'AWS::EC2::Image::Id'];
const STORED = /^AWS::SSM::Parameter::Value<(.+)>$/;
const LIST = /^List<(.+)>$/;

/** The value of a parameter, a list for a list type. Throws ProblemsError. */
export function checkType(
  { type }: Pick<ParameterDeclaration, 'type'>,
  text: string,
  path: string,
  region: Region,
): Json {
  const stored = STORED.exec(type)?.[1];
  if (stored !== undefined) {
    return checkType({ type: stored }, storedValue(text, path, region), path, region);
  }
  const item = type === 'CommaDelimitedList' ? 'String' : LIST.exec(type)?.[1];
  if (item !== undefined) {
    const items = text === '' ? [] : text.split(',').map((each) => each.trim());
    return gather(items, (each) => checkOne(item, each, path, region));
  }
  return checkOne(type, text, path, region);
}

function checkOne(type: string, text: string, path: string, region: Region): string {
  const existing = EXISTING[type];
  if (existing !== undefined) {
    const names = existing.names(region);
    if (names.includes(text)) return text;
    const { noun } = existing;
    throw problem(path, `"${text}" is not a ${noun} of this region; it has ${list(names)}.`);
  }
  if (!PLAIN.includes(type)) {
    const known = list([...PLAIN, ...Object.keys(EXISTING)], 99);
    throw problem(
      `${path}.Type`,
      `"${type}" is not a parameter type.`,
      `There are ${known}, List<…> and AWS::SSM::Parameter::Value<…> of them.`,
    );
  }
  if (type === 'Number' && (text === '' || !Number.isFinite(Number(text)))) {
    throw problem(path, `"${text}" is not a number.`);
  }
  if (type === 'AWS::EC2::Image::Id' && !/^ami-[0-9a-f]{8,17}$/.test(text)) {
    throw problem(path, `"${text}" is not an AMI id.`, 'It looks like ami-0abcdef1234567890.');
  }
  return text;
}

function storedValue(name: string, path: string, region: Region): string {
  const found = region.parameters[name.replace(/:[0-9]+$/, '')];
  if (found === undefined) {
    const parts = name.split('/').slice(0, 4).join('/');
    const near = Object.keys(region.parameters).filter((each) => each.startsWith(parts));
    throw problem(
      path,
      `There is no parameter "${name}" in the parameter store.`,
      near.length === 0 ? 'Create it first.' : `There are ${list(near, 6)}.`,
      { text: 'Unable to fetch parameters [*] from parameter store for this account.', name },
    );
  }
  if (found.type === 'SecureString') {
    throw problem(path, `"${name}" is a SecureString, which a parameter cannot take.`);
  }
  return found.value;
}
