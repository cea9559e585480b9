import { describe, expect, test } from 'vitest';
import type { Parameter } from '../region/parameter.ts';
import { messageOfCloudFormation, ProblemsError } from '../region/problem.ts';
import { refusal, stackOf } from './testing.ts';

const role = (value: string) =>
  `Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /p, Type: String, Value: '${value}'}}}`;

function said(text: string): string {
  try {
    stackOf(text);
  } catch (error) {
    if (error instanceof ProblemsError) return messageOfCloudFormation(error);
    throw error;
  }
  throw new Error('The template was accepted.');
}

describe('what CloudFormation says', () => {
  test.each([
    ['{{resolve:ssm:/no}}', 'Parameters: [ssm:/no] cannot be found.'],
    ['{{resolve:ssm:/no:3}}', 'Parameters: [ssm:/no:3] cannot be found.'],
    [
      '{{resolve:ssm-secure:/no:1}}',
      'SSM Secure reference is not supported in: [AWS::SSM::Parameter/Properties/Value]',
    ],
    [
      '{{resolve:ssm-secure:/no:}}',
      'Incorrect format is used in the following SSM reference: [{{resolve:ssm-secure:/no:}}]',
    ],
  ])('of %s', (reference, message) => {
    expect(said(role(reference))).toBe(message);
  });
  test('of a parameter that takes its value from the store', () => {
    const text = `Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /no}}\nResources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}`;
    expect(said(text)).toBe(
      'Unable to fetch parameters [/no] from parameter store for this account.',
    );
  });
});

test('a SecureString is for passwords of databases', () => {
  const cluster = (property: string) =>
    `Resources: {C: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, ${property}: '{{resolve:ssm-secure:/db:1}}'}}}`;
  const [first = ''] = refusal(cluster('MasterUsername'));
  expect(first).toMatch(/MasterUsername: A SecureString is not taken here\./);
  // It goes on to the next mistake.
  expect(refusal(cluster('MasterUserPassword')).join()).toMatch(/DBSubnetGroupName/);
  expect(
    refusal(
      "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}\nOutputs: {O: {Value: '{{resolve:ssm-secure:/db:1}}'}}",
    ),
  ).toMatchObject([expect.stringMatching(/^Outputs\.O\.Value: A SecureString is not taken here/)]);
});

describe('what calls put into the parameter store', () => {
  const stored: Parameter = { name: '/net', type: 'String', value: '10.9.0.0/16', version: 2 };
  const parameterStore = { '/net': stored };
  const vpc = (reference: string) =>
    `Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: '{{resolve:ssm:${reference}}}'}}}`;
  test.each(['/net', '/net:2'])('counts as the region’s own does: %s', (reference) => {
    const { region } = stackOf(vpc(reference), { parameterStore });
    expect(Object.values(region.vpcs)[0]?.cidrs).toEqual(['10.9.0.0/16']);
    expect(region.parameters['/net']).toBeUndefined();
  });
  test('also for a parameter of the template', () => {
    const text = `Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /net}}\nResources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref P}}}`;
    const { region } = stackOf(text, { parameterStore });
    expect(Object.values(region.vpcs)[0]?.cidrs).toEqual(['10.9.0.0/16']);
  });
  test('an older version is not kept', () => {
    expect(refusal(vpc('/net:1'), { parameterStore })).toEqual([
      'Resources.V.Properties.CidrBlock: The parameter "/net" is at version 2; version 1 is not kept here. Ask for version 2, or for the newest: {{resolve:ssm:/net}}.',
    ]);
  });
});
