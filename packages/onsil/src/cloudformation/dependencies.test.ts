import { expect, test } from 'vitest';
import { creationOrder, dependenciesOf } from './dependencies.ts';
import { parseTemplate } from './parse.ts';
import { refusal } from './testing.ts';

const template = parseTemplate(
  `
Parameters: {P: {Type: String}}
Resources:
  D: {Type: A::B, DependsOn: [C, Gone]}
  C: {Type: A::B, Properties: {X: !Sub ["\${A.Y} \${Own} \${P} \${!B}", {Own: !Ref B}]}}
  B: {Type: A::B, Properties: {X: !GetAtt A.Y, Z: !If [Yes, 1, !Ref D]}}
  A: {Type: A::B, Properties: {X: !Ref P}}
  Gone: {Type: A::B}
`,
  'x',
);
const dependencies = dependenciesOf(template, ['D', 'C', 'B', 'A'], () => true);

test('Ref, GetAtt, Sub and DependsOn count; text, parameters and branches not taken do not', () => {
  expect(dependencies).toEqual({ D: ['C'], C: ['B', 'A'], B: ['A'], A: [] });
});

test('each resource comes after what it depends on, ties as in the template', () => {
  expect(creationOrder(dependencies)).toEqual(['A', 'B', 'C', 'D']);
  expect(creationOrder({ Z: [], Y: ['X'], X: [], W: [] })).toEqual(['Z', 'X', 'Y', 'W']);
});

test('a circle is shown as its whole chain', () => {
  const text = `
Resources:
  A: {Type: AWS::EC2::VPC, DependsOn: B, Properties: {CidrBlock: 10.0.0.0/16}}
  B: {Type: AWS::EC2::VPC, DependsOn: C, Properties: {CidrBlock: 10.0.0.0/16}}
  C: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt B.CidrBlock}}
`;
  expect(refusal(text)).toEqual([
    'Resources.B: Resources depend on each other in a circle: B → C → B. Break it with a resource of its own, e.g. AWS::EC2::SecurityGroupIngress for a rule.',
  ]);
});

test('names that do not exist are told also where they are not used', () => {
  const text = `
Conditions: {No: !Equals [a, b]}
Resources:
  A: {Type: AWS::EC2::VPC, DependsOn: X, Properties: {CidrBlock: !If [No, !Ref Y, 10.0.0.0/16]}}
Outputs: {O: {Value: !GetAtt Z.W}}
`;
  expect(refusal(text)).toEqual([
    'Resources.A.DependsOn: "X" is not a resource of this template; there are A.',
    'Resources.A.Properties.CidrBlock.Fn::If[1]: "Y" is neither a parameter nor a resource of this template; there are A.',
    'Outputs.O.Value: "Z" is not a resource of this template; there are A.',
  ]);
});
