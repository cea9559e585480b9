/** What may not be there before its turn. */
import { expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { input, statuses, testEngine, WEB } from './testing.ts';

const RULE = (port: number, after = 'DependsOn: Web, ') =>
  WEB(
    `Rule: {Type: AWS::EC2::SecurityGroupIngress, ${after}Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: ${port}, ToPort: ${port}, CidrIp: 0.0.0.0/0}}`,
  );

function lab() {
  const { engine, applier } = testEngine();
  const ports = (): readonly unknown[] =>
    Object.values(applier.region().securityGroups)
      .filter(({ name }) => name === 'test')
      .flatMap(({ ingress }) => ingress.map(({ fromPort }) => fromPort));
  const begin = async (work: () => void): Promise<() => void> => {
    const slow = Promise.withResolvers<void>();
    applier.waits.set('create Web', slow.promise);
    work();
    await new Promise((resolve) => setImmediate(resolve));
    return slow.resolve;
  };
  return { engine, applier, ports, begin };
}

it('a rule that DependsOn an instance is there when the instance is complete', async () => {
  const { engine, ports, begin } = lab();
  const go = await begin(() => engine.createStack(input(inVpc(RULE(80)))));
  expect(statuses(engine)).toContain('Group CREATE_COMPLETE');
  expect(ports()).toEqual([]);
  go();
  expect((await engine.settled('shop')).status).toBe('CREATE_COMPLETE');
  expect(ports()).toEqual([80]);
  const events = engine.events(engine.find('shop')?.id ?? '').toReversed();
  const at = (words: string) =>
    events.findIndex((each) => `${each.logicalId} ${each.status}` === words);
  expect(at('Rule CREATE_IN_PROGRESS')).toBeGreaterThan(at('Web CREATE_COMPLETE'));
  expect(events.map((each) => each.at)).toEqual(
    events.map((each) => each.at).toSorted((a, b) => a - b),
  );
});

it('one that does not is there from the beginning', async () => {
  const { engine, ports, begin } = lab();
  const go = await begin(() => engine.createStack(input(inVpc(RULE(80, '')))));
  expect(ports()).toEqual([80]);
  go();
  await engine.settled('shop');
});

it('a subnet that DependsOn a wait condition holds back what is in it', async () => {
  const { engine, applier } = lab();
  const slow = Promise.withResolvers<void>();
  applier.waits.set('create Condition', slow.promise);
  const template = inVpc(`
Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
Condition: {Type: AWS::CloudFormation::WaitCondition, Properties: {Handle: !Ref Handle, Timeout: 10}}
Later: {Type: AWS::EC2::Subnet, DependsOn: Condition, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.7.0/24}}
In: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Later, ImageId: ami-0a}}`);
  engine.createStack(input(template));
  await new Promise((resolve) => setImmediate(resolve));
  const { instances, networkInterfaces } = applier.region();
  expect([Object.keys(instances), Object.keys(networkInterfaces)]).toEqual([[], []]);
  expect(Object.values(applier.region().subnets).map(({ cidr }) => cidr)).not.toContain(
    '10.0.7.0/24',
  );
  slow.resolve();
  await engine.settled('shop');
  expect(Object.keys(applier.region().instances)).toHaveLength(1);
});

it('an update changes it in its turn; a failure before leaves it as it was', async () => {
  const { engine, applier, ports, begin } = lab();
  engine.createStack(input(inVpc(RULE(80))));
  await engine.settled('shop');
  const before = applier.region();
  // The instance is replaced, and with it comes the other port.
  const next = inVpc(RULE(81)).replace('ami-0web', 'ami-0new');
  applier.faults.set('create Web', 'it broke');
  engine.updateStack(input(next));
  expect((await engine.settled('shop')).status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(applier.region()).toEqual(before);
  const go = await begin(() => engine.updateStack(input(next)));
  expect(ports()).toEqual([80]);
  go();
  expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
  expect(ports()).toEqual([81]);
});

it('a rule that the service refuses in an update leaves the one that is there', async () => {
  const { engine, applier, ports, begin } = lab();
  engine.createStack(input(inVpc(RULE(80, ''))));
  await engine.settled('shop');
  const wrong = inVpc(RULE(80, '').replace('FromPort: 80', 'FromPort: 90')).replace(
    'ami-0web',
    'ami-0new',
  );
  const go = await begin(() => engine.updateStack(input(wrong)));
  expect(ports()).toEqual([80]);
  go();
  const { status, id } = await engine.settled('shop');
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  const failed = engine.events(id).filter((each) => each.status === 'UPDATE_FAILED');
  expect(failed.map(({ logicalId }) => logicalId)).toContain('Rule');
  expect(ports()).toEqual([80]);
  // It was never changed: there is nothing to change back.
  expect(applier.done).not.toContain('update Rule');
});
