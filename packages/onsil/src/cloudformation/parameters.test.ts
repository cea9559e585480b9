import { describe, expect, test } from 'vitest';
import { put } from '../region/region.ts';
import { inVpc, refusal, stackOf, testRegion } from './testing.ts';

const RESOURCES = 'Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}\n';
const template = (parameter: string) => `Parameters: {P: ${parameter}}\n${RESOURCES}`;
const value = (parameter: string, P?: string) =>
  stackOf(template(parameter), { parameters: P === undefined ? {} : { P } }).stack.parameters['P'];
const refused = (parameter: string, P?: string) =>
  refusal(template(parameter), { parameters: P === undefined ? {} : { P } });

describe('values', () => {
  test.each([
    ['{Type: String, Default: x}', undefined, 'x'],
    ['{Type: String, Default: x}', '', ''],
    ['{Type: String, Default: 000500}', undefined, '000500'],
    ['{Type: Number, Default: 5, MinValue: 5, MaxValue: 5}', '5.0', '5.0'],
    ['{Type: CommaDelimitedList}', 'a, b', ['a', 'b']],
    ['{Type: List<Number>, Default: "1,2"}', undefined, ['1', '2']],
    ['{Type: List<String>, Default: ""}', undefined, []],
    ['{Type: AWS::EC2::KeyPair::KeyName}', 'operator', 'operator'],
    ['{Type: AWS::EC2::Image::Id}', 'ami-0123456789abcdef0', 'ami-0123456789abcdef0'],
    [
      '{Type: List<AWS::EC2::AvailabilityZone::Name>}',
      'ap-northeast-2a,ap-northeast-2c',
      ['ap-northeast-2a', 'ap-northeast-2c'],
    ],
    ['{Type: AWS::SSM::Parameter::Value<String>}', '/cdk-bootstrap/hnb659fds/version', '30'],
    ['{Type: String, NoEcho: true}', 'hunter2', '****'],
    ['{Type: String, AllowedPattern: "[a-z]+", MinLength: 2, MaxLength: 3}', 'abc', 'abc'],
  ])('%s of %j', (parameter, given, expected) => {
    expect(value(parameter, given)).toEqual(expected);
  });
  test('an AMI by the public parameter', () => {
    const type =
      '{Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /aws/service/debian/release/12/latest/arm64}';
    expect(value(type)).toMatch(/^ami-0[0-9a-f]{16}$/);
  });
  test('ids of what the region has', () => {
    const { region, stack } = stackOf(inVpc(''));
    const id = (name: string) => stack.resources[name]?.physicalId ?? '';
    const text = `
Parameters:
  Vpc: {Type: "AWS::EC2::VPC::Id"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: d}}
  Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Select [1, !Ref Subnets]}}
`;
    const parameters = { Vpc: id('Vpc'), Subnets: `${id('Public')},${id('Private')}` };
    const next = stackOf(text, { stackName: 'second', parameters }, region);
    const eni = next.region.networkInterfaces[next.stack.resources['Eni']?.physicalId ?? ''];
    expect(eni?.subnetId).toBe(id('Private'));
  });
});

describe('refusals', () => {
  test.each([
    [
      '{Type: String, Description: your name}',
      undefined,
      'Parameters.P: The parameter (String) has no value and no default. Give it one: P=… (your name)',
    ],
    [
      '{Type: String, AllowedValues: [dev, prod]}',
      'test',
      'Parameters.P: "test" is none of the allowed values dev, prod.',
    ],
    [
      '{Type: String, AllowedPattern: "[a-z]+", ConstraintDescription: Use letters.}',
      'abc1',
      'Parameters.P: "abc1" does not match the pattern [a-z]+. Use letters.',
    ],
    [
      '{Type: String, MinLength: 2}',
      'a',
      'Parameters.P: "a" has 1 characters; 2 or more are allowed.',
    ],
    [
      '{Type: String, MinLength: 2, MaxLength: 3}',
      'abcd',
      'Parameters.P: "abcd" has 4 characters; 2 to 3 are allowed.',
    ],
    [
      '{Type: Number, MaxValue: 5}',
      '6',
      'Parameters.P: "6" is out of range; 5 or less is allowed.',
    ],
    ['{Type: Number}', 'six', 'Parameters.P: "six" is not a number.'],
    ['{Type: List<Number>}', '1,x', 'Parameters.P: "x" is not a number.'],
    [
      '{Type: CommaDelimitedList, AllowedValues: [a, b]}',
      'a, c',
      'Parameters.P: "c" is none of the allowed values a, b.',
    ],
    [
      '{Type: String, NoEcho: true, MinLength: 9}',
      'hunter2',
      'Parameters.P: The value has 7 characters; 9 or more are allowed.',
    ],
    [
      '{Type: AWS::EC2::KeyPair::KeyName}',
      'me',
      'Parameters.P: "me" is not a key pair of this region; it has operator.',
    ],
    [
      '{Type: AWS::EC2::VPC::Id}',
      'vpc-1',
      'Parameters.P: "vpc-1" is not a VPC of this region; it has none.',
    ],
    [
      '{Type: AWS::EC2::Image::Id}',
      'debian',
      'Parameters.P: "debian" is not an AMI id. It looks like ami-0abcdef1234567890.',
    ],
    [
      '{Type: AWS::SSM::Parameter::Value<String>}',
      '/aws/service/debian/release/12/latest/x86',
      'Parameters.P: There is no parameter "/aws/service/debian/release/12/latest/x86" in the parameter store. There are /aws/service/debian/release/11/latest/amd64, /aws/service/debian/release/11/latest/arm64, /aws/service/debian/release/12/latest/amd64, /aws/service/debian/release/12/latest/arm64, /aws/service/debian/release/13/latest/amd64, /aws/service/debian/release/13/latest/arm64.',
    ],
  ])('%s of %j', (parameter, given, message) => {
    expect(refused(parameter, given)).toEqual([message]);
  });
  test('an unknown type', () => {
    expect(refused('{Type: Boolean}', 'x')[0]).toMatch(
      /^Parameters\.P\.Type: "Boolean" is not a parameter type\. There are String, Number, /,
    );
  });
  test('a parameter that the template does not have', () => {
    expect(refusal(template('{Type: String, Default: x}'), { parameters: { Q: '1' } })).toEqual([
      'Parameters.Q: The template has no parameter "Q"; it has P.',
    ]);
  });
  test('a SecureString', () => {
    const secret = { name: '/s', type: 'SecureString', value: 'x' } as const;
    const region = put(testRegion(), 'parameters', '/s', secret);
    const text = template('{Type: AWS::SSM::Parameter::Value<String>, Default: /s}');
    expect(refusal(text, {}, region)).toEqual([
      'Parameters.P: "/s" is a SecureString, which a parameter cannot take.',
    ]);
  });
});

test('a pattern of a form that JavaScript does not know is a warning, not an answer', () => {
  const { problems } = stackOf(template('{Type: String, Default: x, AllowedPattern: "(?i)[a-"}'));
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'Parameters.P.AllowedPattern: The pattern (?i)[a- is of a form that is not checked here.',
  ]);
});
