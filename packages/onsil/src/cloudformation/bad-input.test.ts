/** Mistakes: told in the file, by line, and in the words of CloudFormation to its clients. */
import { expect, test } from 'vitest';
import { messageOfCloudFormation, ProblemsError } from '../region/problem.ts';
import { stackOf } from './testing.ts';

const VPC = '  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n';
const subnet = (name: string, properties: string) =>
  `  ${name}: {Type: AWS::EC2::Subnet, Properties: {${properties}}}\n`;
const group = (name: string, other: string) =>
  `  ${name}: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 1, ToPort: 1, SourceSecurityGroupId: !Ref ${other}}]}}\n`;

function refused(text: string): ProblemsError {
  try {
    stackOf(text);
  } catch (error) {
    if (error instanceof ProblemsError) return error;
    throw error;
  }
  throw new Error('The template was accepted.');
}

test.each([
  [
    'a circle',
    `Resources:\n${VPC}${group('A', 'B')}${group('B', 'A')}`,
    'vpc.yaml:3:3',
    'Circular dependency between resources: [A, B]',
  ],
  [
    'parameters without a value, all of them',
    `Parameters: {P: {Type: String}, Q: {Type: Number}}\nResources:\n${VPC}`,
    'vpc.yaml:1:14',
    'Parameters: [P, Q] must have values',
  ],
  [
    'a value that a constraint forbids',
    `Parameters: {P: {Type: String, Default: x, AllowedValues: [a], ConstraintDescription: be a}}\nResources:\n${VPC}`,
    'vpc.yaml:1:14',
    "Parameter 'P' must satisfy constraint: be a",
  ],
  [
    'references to nothing, all of them',
    `Resources:\n${VPC}${subnet('S', 'VpcId: !Ref Vp, CidrBlock: !Ref Block')}`,
    'vpc.yaml:3:44',
    'Template format error: Unresolved resource dependencies [Vp, Block] in the Resources block of the template',
  ],
  [
    'a DependsOn on nothing',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, DependsOn: Gate, Properties: {CidrBlock: 10.0.0.0/16}}',
    'vpc.yaml:2:30',
    'Template format error: Unresolved resource dependencies [Gate] in the Resources block of the template',
  ],
  [
    'an output that refers to nothing',
    `Resources:\n${VPC}Outputs: {O: {Value: !Ref Vp}}`,
    'vpc.yaml:3:15',
    'Template format error: Unresolved resource dependencies [Vp] in the Outputs block of the template',
  ],
  [
    'an attribute that the type does not have',
    `Resources:\n${VPC}${subnet('S', 'VpcId: !Ref Vpc, CidrBlock: !GetAtt Vpc.Cidr')}`,
    'vpc.yaml:3:61',
    'Template error: resource Vpc does not support attribute type Cidr in Fn::GetAtt',
  ],
  [
    'overlapping blocks',
    `Resources:\n${VPC}${subnet('S', 'VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24')}${subnet('T', 'VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/22')}`,
    'vpc.yaml:4:61',
    "The CIDR '10.0.0.0/22' conflicts with another subnet",
  ],
  [
    'a block outside of the VPC',
    `Resources:\n${VPC}${subnet('S', 'VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/24')}`,
    'vpc.yaml:3:61',
    "The CIDR '10.1.0.0/24' is invalid.",
  ],
  [
    'a mapping that is not there',
    `Mappings: {M: {a: {b: 10.0.0.0/16}}}\nResources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !FindInMap [M, a, c]}}`,
    'vpc.yaml:3:72',
    'Template error: Unable to get mapping for M::a::c',
  ],
  [
    'an entry that is not there',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Select [1, [a]]}}',
    'vpc.yaml:2:63',
    'Template error: Fn::Select cannot select nonexistent value at index 1',
  ],
  [
    'an export that is not there',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !ImportValue net}}',
    'vpc.yaml:2:67',
    'No export named net found.',
  ],
  [
    'null',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: }}',
    'vpc.yaml:2:43',
    "[/Resources/Vpc/Properties/CidrBlock] 'null' values are not allowed in templates",
  ],
  [
    'an attribute of a resource that there is none of',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, Propertys: {CidrBlock: 10.0.0.0/16}}',
    'vpc.yaml:2:30',
    "Invalid template resource property 'Propertys'",
  ],
  [
    'a property that is needed',
    'Resources:\n  Vpc: {Type: AWS::EC2::Subnet}',
    'vpc.yaml:2:3',
    'Property VpcId cannot be empty.',
  ],
  [
    'a wrong type',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: [10.0.0.0/16]}}',
    'vpc.yaml:2:43',
    'Resources.Vpc.Properties.CidrBlock: ["10.0.0.0/16"] is not a text.',
  ],
  [
    'a macro in the place of properties',
    'Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {Fn::Transform: {Name: AWS::Include}}}',
    'vpc.yaml:2:30',
    'Resources.Vpc.Properties: The macro AWS::Include is code that runs in AWS; it cannot be run here.',
  ],
])('%s', (_what, text, place, says) => {
  const error = refused(text);
  const { file, line, column } = error.problems[0] ?? {};
  expect(messageOfCloudFormation(error)).toBe(says);
  expect(`${file}:${line}:${column}`).toBe(place);
});
