import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, refusalOf, WEB } from './testing.ts';

describe('a deletion', () => {
  it('leaves the region as it was before the stack', async () => {
    const { engine, applier, record } = await created(inVpc(WEB()));
    engine.deleteStack('shop');
    expect((await engine.settled(record.id)).status).toBe('DELETE_COMPLETE');
    expect(Object.keys(applier.region().vpcs)).toEqual([]);
    expect(Object.keys(applier.region().networkInterfaces)).toEqual([]);
    expect(engine.find('shop')).toBeUndefined();
    expect(engine.find(record.id)?.status).toBe('DELETE_COMPLETE');
    engine.createStack(input(inVpc('')));
    expect(engine.find('shop')?.id).not.toBe(record.id);
  });

  it('fails where something else is in what it would take away, and can be tried again', async () => {
    const { engine, applier, record } = await created(inVpc(''));
    const vpcId = record.stack?.resources['Vpc']?.physicalId ?? '';
    engine.createStack({
      stackName: 'guest',
      parameters: {},
      templateBody: `Resources: {Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: ${vpcId}, CidrBlock: 10.0.8.0/24}}}`,
    });
    await engine.settled('guest');
    engine.deleteStack('shop');
    const after = await engine.settled(record.id);
    expect(after.status).toBe('DELETE_FAILED');
    expect(after.statusReason).toBe('The following resource(s) failed to delete: [Vpc].');
    expect(after.resourceStatus['Vpc']?.reason).toContain(
      'has dependencies and cannot be deleted.',
    );
    expect(after.resourceStatus['Public']?.status).toBe('DELETE_COMPLETE');
    expect(Object.keys(applier.region().vpcs)).toEqual([vpcId]);
    engine.deleteStack('guest');
    await engine.settled(engine.stacks()[0]?.id ?? '');
    engine.deleteStack('shop');
    expect((await engine.settled(record.id)).status).toBe('DELETE_COMPLETE');
    expect(Object.keys(applier.region().vpcs)).toEqual([]);
    expect(Object.keys(applier.region().routeTables)).toEqual([]);
  });

  it('is refused under termination protection', async () => {
    const { engine } = await created(inVpc(''), { terminationProtection: true });
    expect(refusalOf(() => engine.deleteStack('shop'))).toBe(
      'ValidationError: Stack [shop] cannot be deleted while TerminationProtection is enabled',
    );
  });
});
