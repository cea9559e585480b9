import { expect, test } from 'vitest';
import { parseTemplate } from './parse.ts';
import { refusal, stackOf, testRegion } from './testing.ts';

const WITH = 'Transform: AWS::LanguageExtensions\n';
const subnets = (collection: string) =>
  `${WITH}
Parameters: {Names: {Type: CommaDelimitedList, Default: "A,B"}, Other: {Type: String, Default: x}}
Mappings: {Blocks: {A: {Cidr: 10.0.1.0/24}, B: {Cidr: 10.0.2.0/24}, C: {Cidr: 10.0.3.0/24}}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Fn::ForEach::Subnets:
    - Name
    - ${collection}
    - Subnet\${Name}:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: !FindInMap [Blocks, !Ref Name, Cidr]
          Tags: [{Key: Name, Value: !Sub "subnet \${Name} of \${Other}"}]
Outputs:
  Fn::ForEach::Out:
    - Name
    - ${collection}
    - Id\${Name}: {Value: !GetAtt ["Subnet\${Name}", SubnetId]}
`;

test('a loop over a list makes a resource and an output for each', () => {
  const { stack, region } = stackOf(subnets('[A, B]'));
  expect(Object.keys(stack.resources)).toEqual(['Vpc', 'SubnetA', 'SubnetB']);
  expect(Object.values(region.subnets).map(({ cidr, tags }) => [cidr, tags['Name']])).toEqual([
    ['10.0.1.0/24', 'subnet A of x'],
    ['10.0.2.0/24', 'subnet B of x'],
  ]);
  expect(Object.keys(stack.outputs)).toEqual(['IdA', 'IdB']);
});

test('over a parameter: the value that is given, not the default', () => {
  const template = subnets('!Ref Names');
  expect(Object.keys(stackOf(template).stack.resources)).toEqual(['Vpc', 'SubnetA', 'SubnetB']);
  const given = stackOf(template, { parameters: { Names: 'C' } });
  expect(Object.keys(given.stack.resources)).toEqual(['Vpc', 'SubnetC']);
});

test('loops in loops, in properties, and names without what a logical id may not have', () => {
  const { region } = stackOf(`${WITH}
Resources:
  Fn::ForEach::Outer:
    - Net
    - ["10.0.0.0/16", "10.1.0.0/16"]
    - Vpc&{Net}:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: !Ref Net
          Fn::ForEach::Switches:
            - Switch
            - [Support, Hostnames]
            - EnableDns\${Switch}: true
`);
  expect(
    Object.values(region.vpcs).map(({ cidrs, dnsHostnames }) => [cidrs, dnsHostnames]),
  ).toEqual([
    [['10.0.0.0/16'], true],
    [['10.1.0.0/16'], true],
  ]);
});

test('what a loop made is told with the place of the loop', () => {
  const text = subnets('[A]').replace('CidrBlock: !FindInMap', 'CidrBlok: !FindInMap');
  expect(refusal(text)).toEqual([
    'Resources.SubnetA.Properties.CidrBlock: This property is required.',
  ]);
  const { line } = parseTemplate(text, 'vpc.yaml').positions['Resources.SubnetA'] ?? {};
  expect(line).toBe(text.split('\n').findIndex((each) => each.includes('ForEach::Subnets')) + 1);
});

test.each([
  [
    subnets('[A]').replace(WITH, ''),
    'Fn::ForEach needs the transform AWS::LanguageExtensions. Write Transform: AWS::LanguageExtensions.',
  ],
  [
    subnets('[A, A]'),
    'Resources.Fn::ForEach::Subnets: The loop makes "SubnetA" twice. Use its identifier in the key.',
  ],
  [
    subnets('!Ref Nobody'),
    'Resources.Fn::ForEach::Subnets[1]: The loop goes over "Nobody", which has no value; there are Names, Other.',
  ],
])('refuses', (text, message) => {
  expect(refusal(text, {}, testRegion())[0]).toBe(message);
});
