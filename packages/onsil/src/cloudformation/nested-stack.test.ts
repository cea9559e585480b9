import { expect, test } from 'vitest';
import { refusal, stackOf, warningsOf } from './testing.ts';

const OUTER = `
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: https://bucket.s3.amazonaws.com/net.yaml, Parameters: {Block: 10.3.0.0/16}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d, VpcId: !GetAtt Net.Outputs.VpcId}}
`;
const INNER = `
Parameters: {Block: {Type: String}}
Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Block}}}
Outputs: {VpcId: {Value: !Ref Vpc}}
`;
const at = (body: string) => ({
  nestedTemplate: (url: string) =>
    url.endsWith('/net.yaml') ? { body, fileName: 'net.yaml' } : undefined,
});

test('a nested stack is made, and its outputs are its attributes', () => {
  const { region, stack } = stackOf(OUTER, at(INNER));
  const nested = stack.resources['Net']?.nested;
  expect(nested?.name).toMatch(/^shop-Net-\w{12}$/);
  expect(stack.resources['Net']).toMatchObject({ physicalId: nested?.id, status: 'modelled' });
  const [vpc] = Object.values(region.vpcs);
  expect(vpc?.cidrs).toEqual(['10.3.0.0/16']);
  expect(stack.resources['Group']?.attributes['VpcId']).toBe(vpc?.id);
});

test('what is wrong in its template is told with its own file and line', () => {
  expect(refusal(OUTER, at(INNER.replace('AWS::EC2::VPC,', 'AWS::EC2::Subnet,')))[0]).toBe(
    'Resources.Net.Properties: net.yaml:3:43: Resources.Vpc.Properties.VpcId: This property is required.',
  );
  expect(refusal(OUTER.replace('net.yaml', 'no.yaml'), at(INNER))).toEqual([
    'Resources.Net.Properties.TemplateURL: There is no template at https://bucket.s3.amazonaws.com/no.yaml. Put the template where the URL says.',
  ]);
});

test('without the templates it is recorded, and said', () => {
  const text = OUTER.replace(/ {2}Group.*\n/, '');
  expect(warningsOf(stackOf(text))).toEqual([
    'Resources.Net: The template of the nested stack is not at hand: AWS::CloudFormation::Stack is recorded, not run.',
  ]);
});
