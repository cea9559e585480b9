/** What updates of a stack do to a group. */
import { expect, test } from 'vitest';
import { put } from '../../region/region.ts';
import { GroupsLab } from './testing.ts';
import { type Options, template } from './testing-template.ts';

const rolling = (more = ''): string =>
  `UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 1${more}}}`;
const SIGNALS = ', WaitOnResourceSignals: true, PauseTime: PT1M';
const BIGGER = { instanceType: 't3.large' };

/** A lab whose stack was made and then updated; `done` is of the update alone. */
async function updated(before: Options, after: Options, prepare?: (made: GroupsLab) => unknown) {
  const made = new GroupsLab();
  expect((await made.put(template(before))).status).toBe('CREATE_COMPLETE');
  await prepare?.(made);
  made.done.length = 0;
  const record = await made.put(template(after));
  await made.quiet();
  const types = Object.values(made.region.instances).map(
    ({ name, instanceType }) => `${name} ${instanceType}`,
  );
  return { made, status: record.status, types, done: made.done };
}

const told = (made: GroupsLab): readonly string[] =>
  made.told().map((each) => each.replaceAll(/i-\w{17}/g, 'i'));

const resized = (made: GroupsLab, desiredCapacity: number): Promise<void> => {
  const group = { ...made.group(), desiredCapacity };
  return made.change((region) => put(region, 'autoScalingGroups', group.name, group));
};

test('without a policy another launch template is for instances to come', async () => {
  const { made, status, types } = await updated({}, BIGGER);
  expect(status).toBe('UPDATE_COMPLETE');
  expect(types).toEqual(['Workers-1 t3.micro', 'Workers-2 t3.micro']);
  await resized(made, 3);
  await made.quiet();
  expect(made.members().at(-1)).toBe('Workers-3 InService');
  expect(made.group().members.map(({ launch }) => launch)).toMatchObject([
    ...[{ version: '1' }, { version: '1' }, { version: '2' }],
  ]);
});

test('$Latest and $Default are what they are when an instance is launched', async () => {
  for (const [version, expected] of [
    ['$Latest', 't3.large'] as const,
    ['$Default', 't3.micro'] as const,
  ]) {
    const { made } = await updated({ version }, { ...BIGGER, version });
    expect(made.done).toEqual([]);
    await resized(made, 3);
    await made.quiet();
    const types = Object.values(made.region.instances).map((each) => each.instanceType);
    expect(types).toEqual(['t3.micro', 't3.micro', expected]);
  }
});

test('a rolling update exchanges them in batches, and says so', async () => {
  const policies = rolling();
  const { made, status, types, done } = await updated({ policies }, { ...BIGGER, policies });
  expect(status).toBe('UPDATE_COMPLETE');
  expect(types).toEqual(['Workers-3 t3.large', 'Workers-4 t3.large']);
  expect(done).toEqual(['end Workers-1', 'boot Workers-3', 'end Workers-2', 'boot Workers-4']);
  expect(told(made).filter((each) => /nstance/.test(each))).toEqual([
    'Rolling update initiated. Terminating 2 obsolete instance(s) in batches of 1, while keeping at least 1 instance(s) in service.',
    'Terminating instance(s) [i]; replacing with 1 new instance(s).',
    'Successfully terminated instance(s) [i] (Progress 50%).',
    'Terminating instance(s) [i]; replacing with 1 new instance(s).',
    'Successfully terminated instance(s) [i] (Progress 100%).',
  ]);
});

test('another subnet exchanges those that are in none of the group', async () => {
  const policies = rolling();
  const after = template({ policies }).replace('[!Ref Private, !Ref Other]', '[!Ref Other]');
  const made = new GroupsLab();
  await made.put(template({ policies }));
  await made.put(after);
  expect(made.members()).toEqual(['Workers-2 InService', 'Workers-3 InService']);
});

test('an update of nothing that instances are made of exchanges none', async () => {
  const policies = rolling();
  const { done, status } = await updated(
    { policies },
    { policies, more: 'HealthCheckGracePeriod: 60' },
  );
  expect([status, done]).toEqual(['UPDATE_COMPLETE', []]);
});

test('it waits for the signals of each batch; too few fail the stack, which rolls back', async () => {
  const policies = rolling(SIGNALS);
  const { made, status, types, done } = await updated(
    { policies },
    { ...BIGGER, policies },
    (lab) => lab.failing.add('Workers-4'),
  );
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(told(made)).toContain(
    'Received 1 FAILURE signal(s) out of 2. Unable to satisfy 100% MinSuccessfulInstancesPercent requirement',
  );
  // Those of the new template go again, by the same policy.
  expect(types).toEqual(['Workers-5 t3.micro', 'Workers-6 t3.micro']);
  expect(done).toEqual([
    ...['end Workers-1', 'boot Workers-3', 'end Workers-2', 'boot Workers-4'],
    ...['end Workers-3', 'boot Workers-5', 'end Workers-4', 'boot Workers-6'],
  ]);
  expect(made.group().launch).toMatchObject({ version: '1' });
});

test('a share of them may fail to signal', async () => {
  const policies = rolling(`${SIGNALS}, MinSuccessfulInstancesPercent: 50`);
  const { status, types } = await updated({ policies }, { ...BIGGER, policies }, (lab) =>
    lab.failing.add('Workers-4'),
  );
  expect(status).toBe('UPDATE_COMPLETE');
  expect(types).toEqual(['Workers-3 t3.large', 'Workers-4 t3.large']);
});

test('a signal that does not come in the pause time is one of failure', async () => {
  const policies = rolling(', WaitOnResourceSignals: true, PauseTime: PT0S');
  const { made, status } = await updated({ policies }, { ...BIGGER, policies }, (lab) =>
    lab.silent.add('Workers-3'),
  );
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(told(made).join('\n')).toContain('Received 1 FAILURE signal(s) out of 2.');
});

test('what fails elsewhere ends a rolling update that waits', async () => {
  const policies = rolling(`${SIGNALS.replace('PT1M', 'PT1H')}`);
  const others = 'Spare:\n  Type: AWS::EC2::EIP\n  DependsOn: Group\n';
  const { made, status, types } = await updated(
    { policies },
    { ...BIGGER, policies, others },
    (lab) => {
      lab.silent.add('Workers-3');
      lab.faults.set('create Spare', 'no address');
    },
  );
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(types.every((each) => each.endsWith('t3.micro'))).toBe(true);
  expect(made.members()).toHaveLength(2);
});

test('processes rest for the time of the update only', async () => {
  const policies = rolling(', SuspendProcesses: [HealthCheck, AlarmNotification]');
  const during: (readonly string[])[] = [];
  const { made } = await updated({ policies }, { ...BIGGER, policies }, (lab) => {
    lab.onBoot = () => during.push(lab.group().suspendedProcesses);
  });
  expect(during).toEqual([
    ['HealthCheck', 'AlarmNotification'],
    ['HealthCheck', 'AlarmNotification'],
  ]);
  expect(made.group().suspendedProcesses).toEqual([]);
});

test('more in service than the group may have is refused in the user’s words', async () => {
  const policies = rolling().replace('Service: 1', 'Service: 4');
  const { made, status, done } = await updated({ policies }, { ...BIGGER, policies });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(told(made)).toContain(
    'MinInstancesInService, 4, must be less than the MaxSize of the group, 4.',
  );
  expect(done).toEqual([]);
});

test('a replacing update makes a group beside, and the old one goes when it is there', async () => {
  const policies = 'UpdatePolicy: {AutoScalingReplacingUpdate: {WillReplace: true}}';
  const { made, status, types, done } = await updated({ policies }, { ...BIGGER, policies });
  expect(status).toBe('UPDATE_COMPLETE');
  expect(types).toEqual(['Workers-3 t3.large', 'Workers-4 t3.large']);
  expect(done.slice(0, 2)).toEqual(['boot Workers-3', 'boot Workers-4']);
  expect(done.slice(2).toSorted()).toEqual(['end Workers-1', 'end Workers-2']);
  expect(Object.keys(made.region.autoScalingGroups)).toHaveLength(1);
});

test('a replacing update that fails leaves the old group untouched', async () => {
  const policies =
    'UpdatePolicy: {AutoScalingReplacingUpdate: {WillReplace: true}}\n' +
    'CreationPolicy: {ResourceSignal: {Count: 2}, AutoScalingCreationPolicy: {MinSuccessfulInstancesPercent: 100}}';
  const { status, types, made } = await updated({ policies }, { ...BIGGER, policies }, (lab) =>
    lab.failing.add('Workers-3'),
  );
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(types).toEqual(['Workers-1 t3.micro', 'Workers-2 t3.micro']);
  expect(made.members()).toEqual(['Workers-1 InService', 'Workers-2 InService']);
});

test('a creation policy is content with the share that it asks for', async () => {
  const policies = (percent: number): string =>
    `CreationPolicy: {ResourceSignal: {Count: 2}, AutoScalingCreationPolicy: {MinSuccessfulInstancesPercent: ${percent}}}`;
  for (const [percent, status] of [
    [50, 'CREATE_COMPLETE'] as const,
    [100, 'ROLLBACK_COMPLETE'] as const,
  ]) {
    const made = new GroupsLab();
    made.failing.add('Workers-1');
    expect((await made.put(template({ policies: policies(percent) }))).status).toBe(status);
  }
});

test('instances that start set up have signalled when they were', async () => {
  const policies = `CreationPolicy: {ResourceSignal: {Count: 2}}\n${rolling(SIGNALS)}`;
  const made = new GroupsLab();
  made.areKept = true;
  expect((await made.put(template({ policies }))).status).toBe('CREATE_COMPLETE');
  expect((await made.put(template({ ...BIGGER, policies }))).status).toBe('UPDATE_COMPLETE');
});

const SIZES = "MinSize: '1', MaxSize: '4', DesiredCapacity: '2'";
const GRACE = 'HealthCheckGracePeriod: 60';

test('an update sets the sizes of the template again', async () => {
  const { made } = await updated({}, { more: GRACE }, (lab) => resized(lab, 3));
  expect(made.group().desiredCapacity).toBe(2);
  expect(made.members()).toHaveLength(2);
});

test('unless the policy ignores sizes that the template has not modified', async () => {
  const policies =
    'UpdatePolicy: {AutoScalingScheduledAction: {IgnoreUnmodifiedGroupSizeProperties: true}}';
  const kept = await updated({ policies }, { policies, more: GRACE }, (lab) => resized(lab, 3));
  expect(kept.made.group().desiredCapacity).toBe(3);
  const sizes = SIZES.replace("'2'", "'4'");
  const other = await updated({ policies }, { policies, sizes }, (lab) => resized(lab, 3));
  expect(other.made.members()).toHaveLength(4);
});

test('without a desired capacity in the template the group keeps its own, within the bounds', async () => {
  const sizes = "MinSize: '1', MaxSize: '4'";
  const kept = await updated({ sizes }, { sizes, more: GRACE }, async (lab) => {
    await resized(lab, 3);
    await lab.quiet();
  });
  expect(kept.made.members()).toHaveLength(3);
  const less = await updated({ sizes }, { sizes: "MinSize: '1', MaxSize: '2'" }, async (lab) => {
    await resized(lab, 3);
    await lab.quiet();
  });
  expect(less.made.members()).toHaveLength(2);
});

test('a rollback puts back the sizes that somebody had set', async () => {
  const others = 'Spare:\n  Type: AWS::EC2::EIP\n  DependsOn: Workers\n';
  const { made, status } = await updated({}, { more: GRACE, others }, async (lab) => {
    await resized(lab, 3);
    await lab.quiet();
    lab.faults.set('create Spare', 'no address');
  });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(made.group()).toMatchObject({ desiredCapacity: 3, healthCheckGracePeriod: 0 });
  expect(made.members()).toHaveLength(3);
});
