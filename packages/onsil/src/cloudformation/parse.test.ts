import { describe, expect, test } from 'vitest';
import { parseTemplate } from './parse.ts';
import { locate } from './template.ts';
import { TemplateError } from './template-error.ts';

/** Properties of the one resource of a YAML template. */
function properties(yaml: string) {
  const text = `Resources:\n  A:\n    Type: AWS::EC2::VPC\n    Properties:\n${yaml.replace(/^/gm, '      ')}`;
  return parseTemplate(text, 'a.yaml').resources['A']?.properties;
}

function errorOf(text: string): TemplateError {
  try {
    parseTemplate(text, 'a.yaml');
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('The template was accepted.');
}

const VALID = 'Resources:\n  A: {Type: AWS::EC2::VPC}\n';

describe('short forms', () => {
  test.each([
    ['!Ref B', { Ref: 'B' }],
    ['!Condition C', { Condition: 'C' }],
    ['!GetAtt B.Outputs.X', { 'Fn::GetAtt': ['B', 'Outputs.X'] }],
    ['!GetAtt [B, Arn]', { 'Fn::GetAtt': ['B', 'Arn'] }],
    [`!Sub "\${B}-x"`, { 'Fn::Sub': `\${B}-x` }],
    [`!Sub ["\${X}", {X: !Ref B}]`, { 'Fn::Sub': [`\${X}`, { X: { Ref: 'B' } }] }],
    ['!Join [",", [a, !Ref B]]', { 'Fn::Join': [',', ['a', { Ref: 'B' }]] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }],
    ['!GetAZs', { 'Fn::GetAZs': null }],
    ['!Split [",", "a,b"]', { 'Fn::Split': [',', 'a,b'] }],
    ['!If [C, a, b]', { 'Fn::If': ['C', 'a', 'b'] }],
    ['!Equals [a, b]', { 'Fn::Equals': ['a', 'b'] }],
    [
      '!And [!Condition C, !Not [!Condition D]]',
      { 'Fn::And': [{ Condition: 'C' }, { 'Fn::Not': [{ Condition: 'D' }] }] },
    ],
    ['!Or [!Condition C, !Condition D]', { 'Fn::Or': [{ Condition: 'C' }, { Condition: 'D' }] }],
    ['!FindInMap [M, a, b]', { 'Fn::FindInMap': ['M', 'a', 'b'] }],
    ['!ImportValue x', { 'Fn::ImportValue': 'x' }],
    ['!Base64 x', { 'Fn::Base64': 'x' }],
    ['!Cidr [10.0.0.0/16, 2, 8]', { 'Fn::Cidr': ['10.0.0.0/16', '2', '8'] }],
    ['!Transform {Name: M}', { 'Fn::Transform': { Name: 'M' } }],
    ['!Length [a]', { 'Fn::Length': ['a'] }],
    ['!ToJsonString {a: b}', { 'Fn::ToJsonString': { a: 'b' } }],
  ])('%s', (short, long) => {
    expect(properties(`X: ${short}`)).toEqual({ X: long });
  });
  test('also over several lines', () => {
    expect(properties('X: !Join\n  - ","\n  - - a\n    - !Ref B')).toEqual({
      X: { 'Fn::Join': [',', ['a', { Ref: 'B' }]] },
    });
  });
  test('an unknown one is named', () => {
    expect(errorOf(`${VALID}Outputs: {B: {Value: !Reff C}}`).message).toContain(
      'a.yaml:3:28: Outputs.B.Value: The tag !Reff is no function of CloudFormation. There are !Ref, ',
    );
  });
});

describe('plain scalars', () => {
  test.each([
    '000500',
    '027434742980',
    '2010-09-09',
    '1.10',
    '0x10',
    '1e3',
    'yes',
    '12:30:45',
    '-1',
  ])('%s stays as written', (text) => {
    expect(properties(`X: ${text}`)).toEqual({ X: text });
  });
  test('only true, false and null are told apart, and not in quotes', () => {
    expect(properties('A: True\nB: false\nC: "true"\nD: ~\nE: "null"')).toEqual({
      A: true,
      B: false,
      C: 'true',
      D: null,
      E: 'null',
    });
  });
});

test('JSON and YAML give the same template', () => {
  const json =
    '{\n\t"Resources": {"A": {"Type": "AWS::EC2::Subnet", "Properties":{"VpcId":{"Ref":"B"}}}}}';
  const yaml =
    'Resources:\n  A:\n    Type: AWS::EC2::Subnet\n    Properties:\n      VpcId: !Ref B\n';
  const { positions: _a, ...a } = parseTemplate(json, 'x');
  const { positions: _b, ...b } = parseTemplate(yaml, 'x');
  expect(a).toEqual(b);
});

test('every section and attribute is read', () => {
  const template = parseTemplate(
    `AWSTemplateFormatVersion: 2010-09-09
Description: d
Metadata: {onsil: {name: x}}
Parameters:
  P: {Type: Number, Default: 5, MinValue: 1, MaxValue: 9, NoEcho: true, AllowedValues: [5, 6]}
Mappings: {M: {a: {b: c}}}
Conditions: {C: !Equals [a, a]}
Rules: {R: {Assertions: []}}
Resources:
  A:
    Type: AWS::EC2::VPC
    DependsOn: B
    Condition: C
    DeletionPolicy: Retain
    CreationPolicy: {ResourceSignal: {Count: 1}}
  B: {Type: AWS::EC2::VPC, DependsOn: []}
Outputs:
  O: {Value: v, Description: d, Condition: C, Export: {Name: n}}
`,
    'a.yaml',
  );
  const { positions: _positions, ...rest } = template;
  expect(rest).toEqual({
    fileName: 'a.yaml',
    description: 'd',
    metadata: { onsil: { name: 'x' } },
    parameters: {
      P: {
        type: 'Number',
        default: '5',
        minValue: 1,
        maxValue: 9,
        noEcho: true,
        allowedValues: ['5', '6'],
      },
    },
    mappings: { M: { a: { b: 'c' } } },
    conditions: { C: { 'Fn::Equals': ['a', 'a'] } },
    rules: { R: { Assertions: [] } },
    resources: {
      A: {
        type: 'AWS::EC2::VPC',
        properties: {},
        dependsOn: ['B'],
        condition: 'C',
        deletionPolicy: 'Retain',
        creationPolicy: { ResourceSignal: { Count: '1' } },
      },
      B: { type: 'AWS::EC2::VPC', properties: {}, dependsOn: [] },
    },
    outputs: { O: { value: 'v', description: 'd', condition: 'C', exportName: 'n' } },
    transforms: [],
  });
});

describe('errors', () => {
  test('malformed YAML: file, line, column, what and how', () => {
    const error = errorOf('Resources:\n  A: {Type: AWS::EC2::VPC\n');
    expect(error).toMatchObject({ fileName: 'a.yaml', line: 2, column: 6 });
    expect(error.message).toBe(
      'a.yaml:2:6: This is not well-formed YAML: the { here is not closed. Close it.',
    );
  });
  test.each([
    ['Resources:\n  A:\n    Type: "AWS::EC2::VPC\n', '3:11', 'the " here is not closed.'],
    ["Resources:\n  A: {Type: 'AWS}\n  B: {}\n", '2:13', "the ' here is not closed."],
    ['Resources:\n  A: [a, [b]\nOutputs: {}\n', '2:6', 'the [ here is not closed.'],
    ['Resources:\n  A:\n\tType: x\n', '3:1', 'Tabs are not allowed as indentation.'],
    ['Resources:\n  A: {}\n B: {}\n', '3:1', 'All mapping items must start at the same column.'],
    ['Resources:\n  A: x\n    B: y\n', '2:6', 'this is the value of its key, and yet more keys'],
    ['A: {}\n---\nB: {}\n', '2:1', 'a second document begins here.'],
    ['{"A": {\n  "B": 1\n  "C": 2}}', '2:8', 'what begins here ends on a later line'],
    ['{"A": {"B": "c},\n "C": 2}}', '1:13', 'what begins here ends on a later line'],
    ['{"A": {"B": {}}', '1:1', 'the { here is not closed.'],
    ['{"A": }}', '1:8', 'this is not expected here.'],
  ])('%j: one message, at %s', (text, place, message) => {
    const { problems, message: shown } = errorOf(text);
    expect(problems).toHaveLength(1);
    const kind = text.startsWith('{') ? 'JSON' : 'YAML';
    expect(shown).toContain(`a.yaml:${place}: This is not well-formed ${kind}: ${message}`);
  });
  test.each([
    [`${VALID}  A: {Type: AWS::EC2::VPC}\n`, 'a.yaml:3:3: A is a key of this map already.'],
    ['{"A": 1,\n "A": 2}', 'a.yaml:2:2: "A" is a key of this map already.'],
  ])('%j has a key twice', (text, message) => {
    expect(errorOf(text).message).toBe(`${message} Keep one of the two.`);
  });
  test.each([
    ['Metadata: {A: *a}', '1:15: Metadata.A: No anchor &a comes before the alias *a.'],
    ['Metadata: &a {A: *a}', '1:18: Metadata.A.A: The alias *a is inside what it stands for.'],
    ['Metadata: {A: !<tag:x.y,1:z> b}', '1:30: Metadata.A: The tag tag:x.y,1:z is no function'],
  ])('%s', (line, message) => {
    expect(errorOf(`${line}\n${VALID}`).message).toContain(`a.yaml:${message}`);
  });
  test('aliases of aliases do not make it endless', () => {
    const lists = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, index, all) => {
      const items = Array<string>(10).fill(index === 0 ? 'x' : `*${all[index - 1]}`);
      return `  ${name}: &${name} [${items.join(', ')}]`;
    });
    const { message } = errorOf(`Metadata:\n${lists.join('\n')}\n${VALID}`);
    expect(message).toMatch(/^a\.yaml:2:\d+: .+ has more than 500000 values\./);
  });
  test.each(['[', '{"a":'])('%s, very often, is nested too deeply', (open) => {
    const error = errorOf(`Resources: ${open.repeat(20_000)}`);
    expect(error.problems).toHaveLength(1);
    expect(error.message).toMatch(/^a\.yaml:1:\d+: The template is nested too deeply to be read\./);
  });
  test.each([
    ['', 'a.yaml: The template is empty.'],
    ['- a', 'a.yaml: A template is a map with a Resources section; this is ["a"].'],
    [
      'Description: x',
      'a.yaml: The template has no resources. Add a Resources section with at least one resource.',
    ],
    [
      'Resources: {}',
      'a.yaml:1:1: Resources: The template has no resources. Add a Resources section with at least one resource.',
    ],
    [
      'Resources:\n  A:\n    Properties: {}\n',
      'a.yaml:2:3: Resources.A: The resource has no Type. A type is written like AWS::EC2::Instance.',
    ],
    [
      'Resources:\n  A: {Type: Instance}',
      'a.yaml:2:7: Resources.A.Type: "Instance" is not a resource type. A type is written like AWS::EC2::Instance.',
    ],
    [
      'Resources:\n  my-vpc: {Type: AWS::EC2::VPC}',
      'a.yaml:2:3: Resources.my-vpc: "my-vpc" is not a logical id. Use letters and digits only.',
    ],
    [
      'Resources:\n  A: {Type: AWS::EC2::VPC, Propertys: {}}',
      'a.yaml:2:28: Resources.A.Propertys: "Propertys" is not known here. Known are Type, Properties, DependsOn, Condition, Metadata, DeletionPolicy, UpdateReplacePolicy, CreationPolicy, UpdatePolicy, Version.',
    ],
    [
      `Resource: {}\n${VALID}`,
      'a.yaml:1:1: Resource: "Resource" is not a section of a template. The sections are AWSTemplateFormatVersion, Description, Metadata, Parameters, Rules, Mappings, Conditions, Transform, Resources, Outputs.',
    ],
    [
      `AWSTemplateFormatVersion: 2012-10-17\n${VALID}`,
      'a.yaml:1:1: AWSTemplateFormatVersion: "2012-10-17" is not a version; the only one is "2010-09-09".',
    ],
    [
      `${VALID}Outputs: {O: {}}`,
      'a.yaml:3:11: Outputs.O: The output has no Value. Add one, e.g. Value: !Ref Vpc.',
    ],
  ])('%j', (text, message) => {
    expect(errorOf(text).message).toBe(message);
  });
  test('all at once', () => {
    const error = errorOf('Foo: 1\nParameters: {P: {}}\nResources: {A: {}, B-: {Type: A::B}}');
    expect(error.problems.map(({ path }) => path)).toEqual([
      'Foo',
      'Parameters.P',
      'Resources.A',
      'Resources.B-',
    ]);
  });
});

test('a path that is in no file is located at what is around it', () => {
  const template = parseTemplate(VALID, 'a.yaml');
  expect(locate(template, 'Resources.A.Properties.CidrBlock')).toEqual({ line: 2, column: 3 });
});
