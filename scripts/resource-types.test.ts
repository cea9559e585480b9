/** The table of the docs is what the code does, and names nothing that AWS does not have. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stackOf, warningsOf } from '../packages/onsil/src/cloudformation/testing.ts';
import { Properties } from '../packages/onsil/src/region/resources/properties.ts';
import { resourceTypes } from '../packages/onsil/src/region/resources/resource-types.ts';
import { PAGE, pageOf, specification } from './resource-types.ts';

const types = [...resourceTypes.values()];
const propertiesOf = await specification();

test('the page is what the code gives: node scripts/resource-types.ts writes it', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(pageOf(types, propertiesOf));
});

test.each(types.flatMap((each) => (each.properties === undefined ? [] : [each])))(
  '$type declares properties that AWS has, each once',
  ({ type, properties }) => {
    const { real = [], recorded = [], rejected = [] } = properties ?? {};
    const declared = [...real, ...recorded, ...rejected];
    const known = propertiesOf(type) ?? [];
    expect(declared.filter((name) => !known.includes(name))).toEqual([]);
    expect(new Set(declared).size).toBe(declared.length);
  },
);

test('every real property is read by some code beside its declaration', () => {
  const folder = fileURLToPath(new URL('../packages/onsil/src/region/resources', import.meta.url));
  const code = globSync('*.ts', { cwd: folder })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n')
    .replaceAll(/^\s+real: \[.*?\],$/gms, '');
  const implied = ['Tags', 'FileSystemTags'];
  const unread = types.flatMap(({ type, properties }) =>
    (properties?.real ?? [])
      .filter((name) => !implied.includes(name) && !code.includes(`'${name}'`))
      .map((name) => `${type}.${name}`),
  );
  expect(unread).toEqual([]);
});

test('create sees no property that its type does not declare', () => {
  // An interface takes groups by the names that instances have for them; AWS's interface has none.
  const result = stackOf(`
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Net: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Eni:
    Type: AWS::EC2::NetworkInterface
    Properties: {SubnetId: !Ref Net, SecurityGroupIds: [sg-0nobody], InterfaceType: efa}
`);
  expect(warningsOf(result)).toEqual([
    'Resources.Eni.Properties.SecurityGroupIds: SecurityGroupIds of AWS::EC2::NetworkInterface is not modelled: it has no effect here.',
  ]);
});

test('a type that is recorded as a whole asks nothing of its properties', () => {
  const context = {
    ...{ account: '123456789012', regionName: 'ap-northeast-2', stackName: 's' },
    ...{ logicalId: 'L', secret: 'x' },
  };
  for (const type of types.filter(({ properties }) => properties === undefined)) {
    const { region } = stackOf('Resources: {W: {Type: AWS::EC2::InternetGateway}}');
    const made = type.create(region, new Properties({}, 'p'), context);
    expect(made.status).toBe('recorded');
    expect(made.region).toBe(region);
    expect(JSON.stringify([made.physicalId, made.attributes])).not.toContain('$');
  }
});
