import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepare } from '../lab/daemon/prepare.ts';
import { asksForSameLab, requestOf } from './request.ts';

const stack = (url: string, more = '') =>
  `{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ${url}${more}}}`;
const VPC = `
Parameters: {Block: {Type: String, Default: 10.0.0.0/16}}
Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Block}}}
Outputs: {VpcId: {Value: !Ref Vpc}}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nested-'));
  await mkdir(join(folder, 'parts'));
  await writeFile(join(folder, 'parts', 'vpc.yaml'), VPC);
});
afterEach(() => rm(folder, { recursive: true }));

async function request(text: string) {
  const template = join(folder, 'main.yaml');
  await writeFile(template, text);
  return (await requestOf({ template, param: [] }, 0)).request;
}
const prepared = (asked: Awaited<ReturnType<typeof request>>) =>
  prepare(asked, 'ssh-ed25519 AAAA', 'salt');

test('a path, and the end of an address, are files beside the template; also of nested ones', async () => {
  const middle = `
Resources:
  Net: ${stack('https://bucket.s3.amazonaws.com/v1/parts/vpc.yaml')}
Outputs: {VpcId: {Value: !GetAtt Net.Outputs.VpcId}}`;
  await writeFile(join(folder, 'parts', 'middle.yaml'), middle);
  const asked = await request(`
Resources:
  Middle: ${stack('parts/middle.yaml')}
  Other: ${stack('./parts/vpc.yaml', ', Parameters: {Block: 10.1.0.0/16}')}
  Gate: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !GetAtt Middle.Outputs.VpcId, InternetGatewayId: !Ref Igw}}
  Igw: {Type: AWS::EC2::InternetGateway}`);
  expect(Object.keys(asked.nestedTemplates ?? {}).toSorted()).toEqual([
    ...['./parts/vpc.yaml', 'https://bucket.s3.amazonaws.com/v1/parts/vpc.yaml'],
    'parts/middle.yaml',
  ]);
  const { region, problems } = prepared(asked);
  const blocks = Object.values(region.vpcs).flatMap(({ cidrs }) => cidrs);
  expect(blocks.toSorted()).toEqual(['10.0.0.0/16', '10.1.0.0/16', '172.31.0.0/16']);
  expect(problems).toEqual([]);
  const same = JSON.parse(JSON.stringify(asked));
  expect(asksForSameLab(asked, same)).toBe(true);
  await writeFile(
    join(folder, 'parts', 'vpc.yaml'),
    VPC.replace('Vpc:', 'Vpc1:').replace('!Ref Vpc', '!Ref Vpc1'),
  );
  const { request: now } = await requestOf({ template: join(folder, 'main.yaml'), param: [] }, 0);
  expect(asksForSameLab(asked, now)).toBe(false);
});

test('an address without a file is recorded by name; a path without one is a mistake', async () => {
  const away = await request(
    `Resources: {Net: ${stack('https://bucket.s3.amazonaws.com/away.yaml')}}`,
  );
  expect(prepared(away).problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('is recorded, not run'),
  ]);
  const wrong = await request(`Resources: {Net: ${stack('parts/none.yaml')}}`);
  expect(() => prepared(wrong)).toThrow(
    /main.yaml:1:\d+: Resources.Net.Properties.TemplateURL: There is no template at parts\/none.yaml/,
  );
});

test('what is wrong in a nested template is told with its own file and line', async () => {
  await writeFile(join(folder, 'parts', 'vpc.yaml'), VPC.replace('Block}', 'Blok}'));
  const asked = await request(`Resources: {Net: ${stack('parts/vpc.yaml')}}`);
  expect(() => prepared(asked)).toThrow(/parts\/vpc\.yaml:3:\d+: .*"Blok" is neither/);
});
