import { describe, expect, test } from 'vitest';
import { refusal, stackOf, testRegion } from '../testing.ts';

const SECTIONS = `
Parameters:
  Name: {Type: String, Default: shop}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
Mappings:
  Sizes: {dev: {type: t4g.nano, zones: [x, y]}}
Conditions:
  Yes: !Equals [!Ref Name, shop]
  No: !Not [!Condition Yes]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Absent: {Type: AWS::EC2::VPC, Condition: No, Properties: {CidrBlock: 10.1.0.0/16}}
`;
const options = { exports: { 'base-cidr': '10.9.0.0/16' } };

function output(expression: string): string | undefined {
  const { stack } = stackOf(`${SECTIONS}Outputs:\n  O: {Value: ${expression}}\n`, options);
  return stack.outputs['O']?.value;
}
function outputRefusal(expression: string): string[] {
  return refusal(`${SECTIONS}Outputs:\n  O: {Value: ${expression}}\n`, options);
}

const vpcId = stackOf(SECTIONS).stack.resources['Vpc']?.physicalId;

describe('values', () => {
  test.each([
    ['!Ref Name', 'shop'],
    ['!Ref Vpc', vpcId],
    ['!GetAtt Vpc.CidrBlock', '10.0.0.0/16'],
    ['{"Fn::GetAtt": Vpc.CidrBlock}', '10.0.0.0/16'],
    ['{"Fn::GetAtt": [Vpc, CidrBlock]}', '10.0.0.0/16'],
    [`!Sub "\${Name}-\${Vpc.CidrBlock}-\${AWS::Region}"`, 'shop-10.0.0.0/16-ap-northeast-2'],
    [`!Sub ["\${A}\${Name}\${A}", {A: !Ref AWS::Partition}]`, 'awsshopaws'],
    [`!Sub "echo \${!HOME} $HOME \${Name}"`, `echo \${HOME} $HOME shop`],
    ['!Join ["-", [a, !Ref Name, 1]]', 'a-shop-1'],
    ['!Join ["", !Ref Names]', 'abc'],
    ['!Join [",", [a, !Ref AWS::NoValue, b]]', 'a,b'],
    ['!Select [1, !Ref Names]', 'b'],
    ['!Select ["2", !Split ["/", a/b/c]]', 'c'],
    ['!Join [",", !GetAZs ""]', 'ap-northeast-2a,ap-northeast-2b,ap-northeast-2c'],
    ['!Select [0, !GetAZs {Ref: "AWS::Region"}]', 'ap-northeast-2a'],
    ['!Select [1, !GetAZs us-east-1]', 'us-east-1b'],
    ['!If [Yes, a, b]', 'a'],
    ['!If [No, a, b]', 'b'],
    // The branch that is not taken may name what does not exist.
    ['!If [No, !Ref Absent, none]', 'none'],
    ['!FindInMap [Sizes, dev, type]', 't4g.nano'],
    ['!Select [1, !FindInMap [Sizes, dev, zones]]', 'y'],
    ['!FindInMap [Sizes, prod, type, {DefaultValue: big}]', 'big'],
    ['!ImportValue base-cidr', '10.9.0.0/16'],
    ['!Base64 안녕', '7JWI64WV'],
    ['!Join [",", !Cidr [10.0.0.0/16, 3, 8]]', '10.0.0.0/24,10.0.1.0/24,10.0.2.0/24'],
    ['!Select [255, !Cidr [2001:db8:1:100::/56, 256, 64]]', '2001:db8:1:1ff::/64'],
    ['!Length [a, b]', '2'],
    ['!ToJsonString {a: [!Ref Name]}', '{"a":["shop"]}'],
    ['!Ref AWS::AccountId', '123456789012'],
    ['!Ref AWS::StackName', 'shop'],
    ['!Ref AWS::URLSuffix', 'amazonaws.com'],
    ['"{{resolve:ssm:/cdk-bootstrap/hnb659fds/version}}"', '30'],
    [`!Sub "{{resolve:ssm:/cdk-bootstrap/\${Q}/version:1}}"`.replace(`\${Q}`, 'hnb659fds'), '30'],
  ])('%s', (expression, value) => {
    expect(value).toBeDefined();
    expect(output(expression)).toBe(value);
  });
  test('the stack id is an ARN of the stack', () => {
    expect(output('!Ref AWS::StackId')).toMatch(
      /^arn:aws:cloudformation:ap-northeast-2:123456789012:stack\/shop\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
  });
});

describe('refusals name the path, the value and what is allowed', () => {
  test.each([
    [
      '!Ref Nmae',
      'Outputs.O.Value: "Nmae" is neither a parameter nor a resource of this template; there are Name, Names, Vpc, Absent.',
    ],
    [
      '!Ref AWS::Acount',
      'Outputs.O.Value: "AWS::Acount" is not a pseudo parameter; there are AWS::AccountId, AWS::NoValue, AWS::NotificationARNs, AWS::Partition, AWS::Region, AWS::StackId, AWS::StackName, AWS::URLSuffix.',
    ],
    [
      '!Ref Absent',
      'Outputs.O.Value: "Absent" is not created: its condition No is false. Choose with Fn::If under the same condition.',
    ],
    [
      '!GetAtt Vpc.Cidr',
      'Outputs.O.Value: Vpc (AWS::EC2::VPC) has no attribute "Cidr"; it has VpcId, CidrBlock, CidrBlockAssociations, DefaultNetworkAcl, DefaultSecurityGroup, Ipv6CidrBlocks, VpcArn.',
    ],
    [
      '!GetAtt Vpc',
      'Outputs.O.Value.Fn::GetAtt: ["Vpc"] names no attribute. Write !GetAtt LogicalId.Attribute.',
    ],
    [
      `!Sub "\${HOME}"`,
      `Outputs.O.Value: "HOME" is neither a parameter nor a resource of this template; there are Name, Names, Vpc, Absent. For the shell's own \${HOME} write \${!HOME}.`,
    ],
    [
      `!Sub "\${A:-b}"`,
      `Outputs.O.Value: \${A:-b} in Fn::Sub is not a name. For the shell's own \${A:-b} write \${!A:-b}.`,
    ],
    [`!Sub "\${Names}"`, 'Outputs.O.Value: ["a","b","c"] is not a text, which Fn::Sub needs here.'],
    [
      '!Sub [a]',
      'Outputs.O.Value.Fn::Sub: ["a"] is not a text, or a list of a text and a map of names to values.',
    ],
    [
      '!Join [a]',
      'Outputs.O.Value.Fn::Join: ["a"] is not what Fn::Join takes. Write !Join [delimiter, [value, …]].',
    ],
    [
      '!Join [",", a]',
      'Outputs.O.Value.Fn::Join[1]: "a" is not a list, which Fn::Join needs here.',
    ],
    [
      '!Select [3, !Ref Names]',
      'Outputs.O.Value.Fn::Select[0]: There is no entry 3: the list has 0 to 2.',
    ],
    [
      '!Select [x, [a]]',
      'Outputs.O.Value.Fn::Select[0]: "x" is not a whole number, which Fn::Select needs here.',
    ],
    ['!Split ["", a]', 'Outputs.O.Value.Fn::Split[0]: The delimiter is empty.'],
    ['!GetAZs moon', 'Outputs.O.Value.Fn::GetAZs: "moon" is not a region.'],
    [
      '!If [Maybe, a, b]',
      'Outputs.O.Value.Fn::If[0]: There is no condition "Maybe"; there are Yes, No.',
    ],
    [
      '!FindInMap [Size, dev, type]',
      'Outputs.O.Value.Fn::FindInMap[0]: There is no mapping "Size"; there are Sizes.',
    ],
    [
      '!FindInMap [Sizes, prod, type]',
      'Outputs.O.Value.Fn::FindInMap[1]: There is no top-level key "prod"; there are dev.',
    ],
    [
      '!FindInMap [Sizes, dev, x]',
      'Outputs.O.Value.Fn::FindInMap[2]: There is no second-level key "x"; there are type, zones.',
    ],
    [
      '!ImportValue nope',
      'Outputs.O.Value.Fn::ImportValue: No export named nope found; exported are base-cidr. Create the stack that exports it first.',
    ],
    [
      '!Cidr [10.0.0.0/16, 257, 8]',
      'Outputs.O.Value.Fn::Cidr[1]: 257 is not a count from 1 to 256.',
    ],
    [
      '!Cidr [10.0.0.0/24, 4, 7]',
      'Outputs.O.Value.Fn::Cidr[1]: 10.0.0.0/24 has room for 2 blocks of 7 host bits, not for 4.',
    ],
    [
      '!Cidr [10.0.0.0/24, 1, 9]',
      'Outputs.O.Value.Fn::Cidr[2]: 9 host bits do not fit into 10.0.0.0/24; 1 to 8 do.',
    ],
    [
      '!Cidr [10.0.0, 1, 8]',
      'Outputs.O.Value.Fn::Cidr[0]: "10.0.0" is not an address block. Write a block like 10.0.0.0/16 or 2001:db8::/56.',
    ],
    [
      '!Transform {Name: M}',
      'Outputs.O.Value: The macro M is code that runs in AWS; it cannot be run here. Give the template that the macro makes of this one.',
    ],
    ['!Ref Names', 'Outputs.O.Value: ["a","b","c"] is not a text, which an output needs.'],
    ['{"Fn::Foo": a, b: c}', 'Outputs.O.Value: Fn::Foo must be the only key here.'],
    [
      '"{{resolve:ssm:/nope}}"',
      'Outputs.O.Value: There is no parameter "/nope" in the parameter store. Create it first, as an AWS::SSM::Parameter or by hand.',
    ],
    [
      '"{{resolve:vault:x}}"',
      'Outputs.O.Value: "vault" in {{resolve:vault:x}} is not a service for dynamic references. There are ssm, ssm-secure and secretsmanager.',
    ],
  ])('%s', (expression, message) => {
    expect(outputRefusal(expression)).toEqual([message]);
  });
  test('an unknown function', () => {
    const [message] = outputRefusal('{"Fn::Foo": a}');
    expect(message).toMatch(
      /^Outputs\.O\.Value: Fn::Foo is not a function that is modelled\. There are Ref, /,
    );
  });
  test('null', () => {
    expect(refusal('Resources:\n  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: }}')).toEqual([
      'Resources.V.Properties.CidrBlock: null is not allowed here. Leave it out, or use !Ref AWS::NoValue.',
    ]);
  });
});

test('secrets stay out of view, with a warning', () => {
  const text = `
Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties: {Name: /x, Type: String, Value: "{{resolve:secretsmanager:db:SecretString:password}}"}
`;
  const { region, problems } = stackOf(text);
  expect(region.parameters['/x']?.value).toBe(
    '{{resolve:secretsmanager:db:SecretString:password}}',
  );
  expect(problems).toMatchObject([
    {
      severity: 'warning',
      file: 'vpc.yaml',
      line: 5,
      path: 'Resources.P.Properties.Value',
      message:
        'The template makes no secret "db": {{resolve:secretsmanager:db:SecretString:password}} must be there when this is created.',
    },
  ]);
});

test('a SecureString is not given away by a plain reference', () => {
  const region = testRegion();
  const withSecret = {
    ...region,
    parameters: { '/db': { name: '/db', type: 'SecureString' as const, value: 'hunter2' } },
  };
  const text = `${SECTIONS}Outputs:\n  O: {Value: "{{resolve:ssm:/db}}"}\n`;
  expect(refusal(text, {}, withSecret)).toEqual([
    'Outputs.O.Value: "/db" is a SecureString. Use {{resolve:ssm-secure:/db}}.',
  ]);
});
