import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, refusalOf, statuses, WEB } from './testing.ts';

describe('an update', () => {
  it('changes in place what can be, and leaves everything else alone', async () => {
    const { engine, applier } = await created(inVpc(WEB()));
    const [before] = Object.values(applier.region().instances);
    applier.done.length = 0;
    engine.updateStack(
      input(inVpc(WEB('', ', InstanceType: t3.small')).replace('InstanceType: t3.nano, ', '')),
    );
    const record = await engine.settled('shop');
    expect(record.status).toBe('UPDATE_COMPLETE');
    expect(applier.done).toEqual(['update Web']);
    const [after] = Object.values(applier.region().instances);
    expect(after).toEqual({ ...before, instanceType: 't3.small' });
  });

  it('replaces, and with it what refers to it; the old ones go in the end', async () => {
    const { engine, applier } = await created(inVpc(WEB()));
    const old = Object.keys(applier.region().instances);
    applier.done.length = 0;
    // A subnet's block cannot be changed: the instance in it moves to the new one.
    engine.updateStack(input(inVpc(WEB()).replace('10.0.2.0/24', '10.0.3.0/24')));
    const record = await engine.settled('shop');
    expect(record.status).toBe('UPDATE_COMPLETE');
    expect(applier.done).toEqual(['create Private', 'create Web', 'remove Web', 'remove Private']);
    const [now, ...more] = Object.values(applier.region().instances);
    expect(more).toEqual([]);
    expect(old).not.toContain(now?.id);
    expect(
      Object.values(applier.region().subnets)
        .map(({ cidr }) => cidr)
        .sort(),
    ).toEqual(['10.0.1.0/24', '10.0.3.0/24']);
    expect(record.stack?.resources['Web']?.physicalId).toBe(now?.id);
    expect(statuses(engine)).toContain('shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  });

  it.each([
    ['has the name of', 'Delete', ['Web']],
    ['is called otherwise beside', 'Retain', ['Web', 'Web-Web']],
  ])('what replaces an instance %s it (%s)', async (_how, policy, names) => {
    const web = WEB(`  UpdateReplacePolicy: ${policy}`);
    const { engine, applier } = await created(inVpc(web));
    const [former] = Object.keys(applier.region().instances);
    engine.updateStack(input(inVpc(web.replace('ami-0web', 'ami-0other'))));
    const { status, stack } = await engine.settled('shop');
    expect(status).toBe('UPDATE_COMPLETE');
    expect(stack?.resources['Web']?.physicalId).not.toBe(former);
    const { instances } = applier.region();
    expect(
      Object.values(instances)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(names);
  });

  it('keeps what others changed in the same things', async () => {
    const { engine, applier } = await created(inVpc(''));
    const group = Object.values(applier.region().securityGroups).find(
      ({ name }) => name === 'test',
    );
    const own = {
      id: 'sgr-own',
      protocol: 6,
      fromPort: 22,
      toPort: 22,
      peer: { kind: 'cidr', cidr: '192.0.2.0/24' },
    } as const;
    await applier.change((region) => ({
      ...region,
      securityGroups: {
        ...region.securityGroups,
        ...(group === undefined ? {} : { [group.id]: { ...group, ingress: [own] } }),
      },
    }));
    const rule =
      'SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}], ';
    engine.updateStack(input(inVpc('').replace('GroupDescription', `${rule}GroupDescription`)));
    await engine.settled('shop');
    const ingress = applier.region().securityGroups[group?.id ?? '']?.ingress ?? [];
    expect(ingress.map(({ fromPort }) => fromPort)).toEqual([22, 80]);
  });

  it('cannot replace what has a name of its own while the old one has it', async () => {
    const { engine, applier } = await created(inVpc(''));
    const before = applier.region();
    engine.updateStack(input(inVpc('').replace('for tests', 'for other tests')));
    const { status, id } = await engine.settled('shop');
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const failed = engine.events(id).find((each) => each.status === 'UPDATE_FAILED');
    expect(failed?.logicalId).toBe('Group');
    expect(failed?.reason).toContain('already has a group named "test"');
    expect(applier.region()).toEqual(before);
  });

  it('that changes nothing is refused', async () => {
    const { engine } = await created(inVpc(''));
    expect(refusalOf(() => engine.updateStack(input(inVpc(''))))).toBe(
      'ValidationError: No updates are to be performed.',
    );
  });

  it('may not change the type of a resource', async () => {
    const { engine } = await created(inVpc(WEB()));
    const other = inVpc('Web: {Type: AWS::EC2::InternetGateway}');
    expect(refusalOf(() => engine.updateStack(input(other)))).toContain(
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [Web]',
    );
  });

  it('keeps what is to be retained, without the stack', async () => {
    const { engine, applier } = await created(
      inVpc(
        'Data: {Type: AWS::EC2::Volume, DeletionPolicy: Retain, Properties: {AvailabilityZone: ap-northeast-2a, Size: 1}}',
      ),
    );
    engine.updateStack(input(inVpc('')));
    const record = await engine.settled('shop');
    expect(Object.keys(applier.region().volumes)).toHaveLength(1);
    expect(record.stack?.resources['Data']).toBeUndefined();
    expect(statuses(engine)).toContain('Data DELETE_SKIPPED');
    expect(applier.done).not.toContain('remove Data');
    engine.deleteStack('shop');
    await engine.settled(record.id);
    expect(Object.keys(applier.region().volumes)).toHaveLength(1);
    expect(Object.keys(applier.region().vpcs)).toEqual([]);
  });
});
