import { expect, test } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import type { AutoScalingGroup } from '../../region/auto-scaling-group.ts';
import { put } from '../../region/region.ts';
import { GroupsLab } from './testing.ts';
import { template } from './testing-template.ts';

async function lab(more = ''): Promise<GroupsLab> {
  const made = new GroupsLab();
  const { status, statusReason } = await made.put(template({ more }));
  expect([status, statusReason]).toEqual(['CREATE_COMPLETE', undefined]);
  return made;
}

/** What somebody's call changes of the group. */
async function change(made: GroupsLab, what: Partial<AutoScalingGroup>): Promise<void> {
  const group = made.group();
  await made.change((region) =>
    put(region, 'autoScalingGroups', group.name, { ...group, ...what }),
  );
  await made.quiet();
}

const causes = ({ groups }: GroupsLab): readonly string[] =>
  groups.activities
    .of()
    .toReversed()
    .map(
      ({ description, cause, status }) =>
        `${status} ${description.replace(/i-\w+/, 'i')}: ${cause.replace(/At \S+ /, '')}`,
    );

test('its instances run when its turn has come, and it grows and shrinks as it is told', async () => {
  const made = await lab();
  expect(made.members()).toEqual(['Workers-1 InService', 'Workers-2 InService']);
  await change(made, { desiredCapacity: 3 });
  expect(made.members()).toEqual([
    ...['Workers-1 InService', 'Workers-2 InService', 'Workers-3 InService'],
  ]);
  await change(made, { desiredCapacity: 1 });
  // Workers-1 and Workers-3 share a zone: one of them goes first, then the oldest one.
  expect(made.done).toEqual([
    ...['boot Workers-1', 'boot Workers-2', 'boot Workers-3', 'end Workers-1', 'end Workers-2'],
  ]);
  expect(Object.values(made.region.instances).map(({ name }) => name)).toEqual(['Workers-3']);
  expect(Object.values(made.region.volumes)).toHaveLength(1);
  expect(causes(made).slice(2)).toEqual([
    'Successful Launching a new EC2 instance: i: an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 2 to 3.',
    ...Array.from(
      { length: 2 },
      () =>
        'Successful Terminating EC2 instance: i: an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 3 to 1.',
    ),
  ]);
});

test('an instance that does not run is replaced at once, by one with a number of its own', async () => {
  const made = await lab();
  made.off.add(made.group().members[0]?.id ?? '');
  made.groups.look();
  await made.quiet();
  expect(made.members()).toEqual(['Workers-2 InService', 'Workers-3 InService']);
  const place = (name: string) =>
    Object.values(made.region.instances).find((each) => each.name === name)?.subnetId;
  expect(place('Workers-3')).not.toBe(place('Workers-2'));
  expect(causes(made).slice(2)).toEqual([
    'Successful Terminating EC2 instance: i: an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.',
    'Successful Launching a new EC2 instance: i: an instance was started in response to an unhealthy instance needing to be replaced.',
  ]);
});

test('one that was terminated behind its back is replaced, too', async () => {
  const made = await lab();
  const [first] = made.group().members;
  await made.change((region) => {
    const { [first?.id ?? '']: _gone, ...instances } = region.instances;
    return { ...region, instances };
  });
  await made.quiet();
  expect(made.members()).toEqual(['Workers-2 InService', 'Workers-3 InService']);
});

test.each([
  ['HealthCheck', 'off'],
  ['ReplaceUnhealthy', 'off'],
  ['Terminate', 'off'],
  ['Launch', 'more'],
  ['Terminate', 'less'],
] as const)('without %s, nothing is done: %s', async (process, what) => {
  const made = await lab();
  await change(made, { suspendedProcesses: [process] });
  const before = made.done.length;
  if (what === 'off') made.off.add(made.group().members[0]?.id ?? '');
  else await change(made, { desiredCapacity: what === 'more' ? 3 : 1 });
  made.groups.look();
  await made.quiet();
  expect(made.done).toHaveLength(before);
  await change(made, { suspendedProcesses: [] });
  expect(made.done.length).toBeGreaterThan(before);
});

test('what a load balancer says counts after the grace period', async () => {
  const made = await lab('HealthCheckType: ELB, HealthCheckGracePeriod: 300');
  made.silentTargets.add(made.group().members[0]?.id ?? '');
  made.now = 299_000;
  made.groups.look();
  await made.quiet();
  expect(made.members()).toEqual(['Workers-1 InService', 'Workers-2 InService']);
  made.now = 300_000;
  made.groups.look();
  await made.quiet();
  expect(made.members()).toEqual(['Workers-2 InService', 'Workers-3 InService']);
});

test('an instance that does not boot leaves nothing, says why, and is tried again later', async () => {
  const made = await lab();
  made.broken.add('Workers-3');
  await change(made, { desiredCapacity: 3 });
  expect(made.members()).toEqual(['Workers-1 InService', 'Workers-2 InService']);
  expect(Object.values(made.region.instances)).toHaveLength(2);
  expect(made.groups.activities.of()[0]).toMatchObject({
    ...{ status: 'Failed', message: 'Workers-3 does not boot' },
  });
  made.now = 59_000;
  made.groups.look();
  await made.quiet();
  expect(made.members()).toHaveLength(2);
  made.now = 60_000;
  made.groups.look();
  await made.quiet();
  expect(made.members()).toEqual([
    ...['Workers-1 InService', 'Workers-2 InService', 'Workers-4 InService'],
  ]);
});

test('instances that end as soon as they run are not replaced without end', async () => {
  const made = await lab();
  for (const _ of [1, 2, 3]) {
    made.off.add(made.group().members.at(-1)?.id ?? '');
    made.groups.look();
    await made.quiet();
  }
  expect(made.members()).toEqual(['Workers-1 InService']);
  made.now = 60_000;
  made.groups.look();
  await made.quiet();
  expect(made.members()).toHaveLength(2);
});

test('a group that cannot launch fails its stack, and nothing is left', async () => {
  const made = new GroupsLab();
  made.broken.add('Workers-2');
  const record = await made.put(template({}));
  expect(record.status).toBe('ROLLBACK_COMPLETE');
  expect(made.told()).toContain('Workers-2 does not boot');
  expect(made.done.toSorted()).toEqual([
    ...['boot Workers-1', 'boot Workers-2', 'end Workers-1', 'end Workers-2'],
  ]);
  expect(made.region.instances).toEqual({});
  expect(made.region.autoScalingGroups).toEqual({});
});

test('with the stack its instances go, also those that the group launched by itself', async () => {
  const made = await lab();
  await change(made, { desiredCapacity: 4 });
  made.engine.deleteStack('shop');
  const record = await made.engine.settled('shop');
  expect([record.status, record.statusReason]).toEqual(['DELETE_COMPLETE', undefined]);
  expect(made.region.instances).toEqual({});
  expect(made.region.networkInterfaces).toEqual({});
  expect(made.region.volumes).toEqual({});
});

test('an instance that was detached stands in the way of its subnet, not of its group', async () => {
  const made = await lab();
  const group = made.group();
  const [first] = group.members;
  const id = first?.id ?? '';
  await made.change((region) => {
    const { autoScalingGroupName: _group, ...own } = region.instances[id] ?? fail();
    return put(region, 'instances', id, { ...own, tags: {} });
  });
  await change(made, {
    ...{ desiredCapacity: 1, members: group.members.filter((each) => each !== first) },
  });
  made.engine.deleteStack('shop');
  const record = await made.engine.settled('shop');
  expect(record.status).toBe('DELETE_FAILED');
  expect(Object.keys(made.region.instances)).toEqual([id]);
  expect(made.region.autoScalingGroups).toEqual({});
});

test('a group that something else names stays, and its instances with it', async () => {
  const made = await lab();
  const { name } = made.group();
  await made.change((region) =>
    put(region, 'lifecycleHooks', `${name}/hook`, {
      ...{ name: 'hook', autoScalingGroupName: name, transition: '' },
    }),
  );
  made.engine.deleteStack('shop');
  await made.engine.settled('shop');
  await made.quiet();
  expect(made.members()).toEqual(['Workers-1 InService', 'Workers-2 InService']);
  expect(made.done).toEqual(['boot Workers-1', 'boot Workers-2']);
});

test('a group that an update removes takes its instances along', async () => {
  const made = await lab();
  const record = await made.put(inVpc('Spare: {Type: AWS::EC2::EIP}'));
  expect(record.status).toBe('UPDATE_COMPLETE');
  expect(made.region.instances).toEqual({});
  expect(made.done.slice(2).toSorted()).toEqual(['end Workers-1', 'end Workers-2']);
});

function fail(): never {
  throw new Error('it is not there');
}
