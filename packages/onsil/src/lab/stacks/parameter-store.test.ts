import { expect, test } from 'vitest';
import { testRegion } from '../../cloudformation/testing.ts';
import type { Parameter } from '../../region/parameter.ts';
import { StackEngine } from './engine.ts';
import { causesReplacement } from './specification.ts';
import { RegionApplier } from './testing.ts';

test('a stack is planned with what the store has then; a later value changes it', async () => {
  const applier = new RegionApplier(testRegion());
  let stored: Record<string, Parameter> = {};
  const put = (value: string) => {
    stored = { '/tag': { name: '/tag', type: 'String', value } };
  };
  const engine = new StackEngine({
    ...{ applier, secret: 'salt', causesReplacement, now: () => 0 },
    parameterStore: () => stored,
  });
  const input = {
    stackName: 'shop',
    templateBody:
      "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: T, Value: '{{resolve:ssm:/tag}}'}]}}}",
    parameters: {},
  };
  const tags = () => Object.values(applier.region().vpcs)[0]?.tags['T'];
  put('one');
  engine.createStack(input);
  await engine.settled('shop');
  const [before] = Object.keys(applier.region().vpcs);
  expect(tags()).toBe('one');
  expect(() => engine.updateStack(input)).toThrow('No updates are to be performed');
  put('two');
  engine.updateStack(input);
  await engine.settled('shop');
  expect(tags()).toBe('two');
  expect(Object.keys(applier.region().vpcs)).toEqual([before]);
});
