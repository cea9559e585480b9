import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import type { StackInput } from './stack-service.ts';
import { input, testEngine } from './testing.ts';

describe('a nested stack', () => {
  const inner = (cidr: string, more = '') => `
Parameters: {VpcId: {Type: String}}
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VpcId, CidrBlock: ${cidr}}}
  Host: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Subnet, ImageId: ami-0a}}
${more}
Outputs: {Subnet: {Value: !Ref Subnet}}`;
  const outer = (url: string) =>
    inVpc(`Below:
  Type: AWS::CloudFormation::Stack
  Properties: {TemplateURL: '${url}', Parameters: {VpcId: !Ref Vpc}}
Beside: {Type: AWS::EC2::Instance, Properties: {SubnetId: !GetAtt Below.Outputs.Subnet, ImageId: ami-0a}}`);
  const bodies: Readonly<Record<string, string>> = {
    'https://one': inner('10.0.20.0/24'),
    'https://two': inner('10.0.21.0/24', '  More: {Type: AWS::EC2::InternetGateway}'),
  };
  const templates = Object.fromEntries(
    Object.entries(bodies).map(([url, body]) => [url, { body, fileName: url }] as const),
  );
  const asked = (url: string, more: Partial<StackInput> = {}) =>
    input(outer(url), { nestedTemplates: templates, ...more });

  it('is made in its own order, and what is replaced in it replaces what refers to it', async () => {
    const { engine, applier } = testEngine();
    engine.createStack(asked('https://one'));
    expect((await engine.settled('shop')).status).toBe('CREATE_COMPLETE');
    const made = applier.done;
    expect(made.indexOf('create Host')).toBeGreaterThan(made.indexOf('create Subnet'));
    expect(made.indexOf('create Beside')).toBeGreaterThan(made.indexOf('create Host'));
    applier.done.length = 0;
    engine.updateStack(asked('https://two'));
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(applier.done.toSorted()).toEqual(
      ['create Beside', 'create Host', 'create More', 'create Subnet'].concat([
        'remove Beside',
        'remove Host',
        'remove Subnet',
      ]),
    );
    expect(Object.keys(applier.region().instances)).toHaveLength(2);
  });

  it('that fails inside is taken back with everything around it', async () => {
    const { engine, applier } = testEngine();
    engine.createStack(asked('https://one'));
    await engine.settled('shop');
    const before = applier.region();
    applier.done.length = 0;
    applier.faults.set('create More', 'it broke');
    engine.updateStack(asked('https://two'));
    const record = await engine.settled('shop');
    expect(record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(record.resourceStatus['Below']?.status).toBe('UPDATE_COMPLETE');
    expect(applier.region()).toBe(before);
    expect(applier.done).toContain('remove Subnet');
  });
});
