import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, WEB } from './testing.ts';

describe('a failed update', () => {
  it('brings back exactly the region before it, whichever resource fails', async () => {
    const changed = inVpc(
      WEB(`Extra: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.9.0/24}}
Route:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}`),
    )
      .replace('10.0.2.0/24', '10.0.3.0/24')
      .replace('GroupName: test', 'GroupName: other')
      .replace('EnableDnsHostnames: true', 'EnableDnsHostnames: false');
    const first = await created(inVpc(WEB()));
    const set = first.engine.createChangeSet({
      ...input(changed),
      changeSetName: 'look',
      type: 'UPDATE',
    });
    const touched = set.changes.filter(({ action }) => action !== 'Remove');
    expect(touched.map(({ logicalId }) => logicalId).sort()).toEqual([
      'Extra',
      'Group',
      'Private',
      'Route',
      'Vpc',
      'Web',
    ]);
    for (const { logicalId, action, replacement } of touched) {
      const { engine, applier, record } = await created(inVpc(WEB()));
      const before = applier.region();
      const word = action === 'Add' || replacement === 'True' ? 'create' : 'update';
      applier.faults.set(`${word} ${logicalId}`, 'it broke');
      engine.updateStack(input(changed));
      const { status, statusReason, stack, templateBody } = await engine.settled('shop');
      expect([status, statusReason], logicalId).toEqual(['UPDATE_ROLLBACK_COMPLETE', undefined]);
      expect(applier.region(), logicalId).toBe(before);
      expect(stack).toEqual(record.stack);
      expect(templateBody).toBe(record.templateBody);
    }
  });
});

describe('what is new and shall be retained', () => {
  const data =
    '  Data: {Type: AWS::EC2::Volume, DeletionPolicy: Retain, Properties: {AvailabilityZone: ap-northeast-2a, Size: 1}}\n';

  it.each([
    [false, 1],
    [true, 0],
  ])('with RetainExceptOnCreate %s', async (retainExceptOnCreate, left) => {
    const { engine, applier } = await created(inVpc(WEB()));
    const later = '  Later: {Type: AWS::EC2::InternetGateway, DependsOn: Data}\n';
    applier.faults.set('create Later', 'it broke');
    engine.updateStack(input(`${inVpc(WEB())}${data}${later}`, { retainExceptOnCreate }));
    const { status, resourceStatus } = await engine.settled('shop');
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(Object.keys(applier.region().volumes)).toHaveLength(left + 1);
    expect(resourceStatus['Data']).toBeUndefined();
    expect(applier.done.includes('remove Data')).toBe(left === 0);
  });
});

describe('what cannot be changed back', () => {
  it('is told, and the region is the one before nonetheless', async () => {
    const { engine, applier } = await created(inVpc(WEB()));
    const before = applier.region();
    applier.faults.set('create Extra', 'it broke');
    applier.faults.set('remove Extra', 'it does not end');
    const extra = WEB('Extra: {Type: AWS::EC2::InternetGateway}');
    engine.updateStack(input(inVpc(extra)));
    const { status, statusReason } = await engine.settled('shop');
    expect(status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(statusReason).toBe('The following resource(s) failed to delete: [Extra].');
    expect(applier.region()).toBe(before);
  });
});
