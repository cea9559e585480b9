/** What else a stack may be asked for: to stop, to go back, to go on going back. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, refusalOf, statuses, testEngine, WEB } from './testing.ts';

const BIGGER = inVpc(WEB('', ', InstanceType: t3.small')).replace('InstanceType: t3.nano, ', '');
const VOLUME =
  'Data: {Type: AWS::EC2::Volume, DeletionPolicy: Retain, Properties: {AvailabilityZone: ap-northeast-2a, Size: 1}}';
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a token', () => {
  it('makes of a request that is sent twice one', async () => {
    const { engine } = testEngine();
    const asked = input(inVpc(''), { clientRequestToken: 'one' });
    const id = engine.createStack(asked);
    await engine.settled(id);
    expect(engine.createStack(asked)).toBe(id);
    expect(statuses(engine).filter((each) => each === 'shop CREATE_IN_PROGRESS')).toHaveLength(1);
    expect(engine.events(id).every((each) => each.clientRequestToken === 'one')).toBe(true);
    expect(refusalOf(() => engine.updateStack(asked))).toMatch(/^TokenAlreadyExistsException: /);
  });
});

it('types of resources that are not allowed are named', () => {
  const { engine } = testEngine();
  const only = (...resourceTypes: readonly string[]) => input(inVpc(''), { resourceTypes });
  expect(refusalOf(() => engine.createStack(only('AWS::EC2::VPC', 'AWS::S3::*')))).toBe(
    'ValidationError: Resource type AWS::EC2::InternetGateway is not allowed by parameter ResourceTypes [AWS::EC2::VPC, AWS::S3::*]',
  );
  engine.createStack(only('AWS::EC2::*'));
});

describe('a creation with a time limit', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is rolled back when the time is over', async () => {
    const { engine, applier } = testEngine();
    applier.waits.set('create Web', new Promise(() => {}));
    const id = engine.createStack(input(inVpc(WEB()), { timeoutInMinutes: 2 }));
    await settle();
    vi.advanceTimersByTime(119_000);
    await settle();
    expect(engine.find(id)?.status).toBe('CREATE_IN_PROGRESS');
    vi.advanceTimersByTime(2_000);
    expect((await engine.settled(id)).status).toBe('ROLLBACK_COMPLETE');
    const reasons = engine.events(id).map(({ reason }) => reason);
    expect(reasons).toContain(
      'Stack creation time exceeded the specified timeout. Rollback requested by user.',
    );
    expect(reasons).toContain('Resource creation cancelled');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has no timer left when it was in time', async () => {
    const { engine } = testEngine();
    engine.createStack(input(inVpc(WEB()), { timeoutInMinutes: 2 }));
    expect((await engine.settled('shop')).timeoutInMinutes).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an update that is cancelled', () => {
  it('goes back to what was before', async () => {
    const { engine, applier } = await created(inVpc(WEB()));
    const before = applier.region();
    expect(refusalOf(() => engine.cancelUpdate('shop'))).toContain(
      'is in CREATE_COMPLETE state: CancelUpdateStack is for UPDATE_IN_PROGRESS',
    );
    applier.waits.set('update Web', new Promise(() => {}));
    engine.updateStack(input(BIGGER));
    await settle();
    applier.waits.clear();
    engine.cancelUpdate('shop');
    const { status, id } = await engine.settled('shop');
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(applier.region()).toBe(before);
    const reasons = engine.events(id).map((each) => `${each.status} ${each.reason}`);
    expect(reasons).toContain('UPDATE_FAILED Resource update cancelled');
    expect(reasons).toContain('UPDATE_ROLLBACK_IN_PROGRESS User Initiated');
  });
});

describe('what failed and was left as it is', () => {
  it('of a creation is rolled back on demand', async () => {
    const { engine, applier } = testEngine();
    const before = applier.region();
    applier.faults.set('create Web', 'it broke');
    engine.createStack(input(inVpc(WEB()), { onFailure: 'DO_NOTHING' }));
    const record = await engine.settled('shop');
    expect([record.status, record.disableRollback]).toEqual(['CREATE_FAILED', true]);
    expect(engine.rollback('shop')).toBe(record.id);
    expect((await engine.settled(record.id)).status).toBe('ROLLBACK_COMPLETE');
    expect(applier.region()).toEqual(before);
  });

  it('of an update is rolled back on demand, or goes with the stack', async () => {
    for (const end of ['roll back', 'delete']) {
      const { engine, applier } = await created(inVpc(WEB()));
      const before = applier.region();
      applier.faults.set('update Web', 'it broke');
      const more = `Extra: {Type: AWS::EC2::InternetGateway}`;
      engine.updateStack(input(`${BIGGER}  ${more}\n`, { onFailure: 'DO_NOTHING' }));
      const { status, id } = await engine.settled('shop');
      expect(status).toBe('UPDATE_FAILED');
      expect(Object.keys(applier.region().internetGateways)).toHaveLength(2);
      expect(refusalOf(() => engine.updateStack(input(BIGGER)))).toContain(
        'is in UPDATE_FAILED state and can not be updated. Roll it back first: RollbackStack.',
      );
      if (end === 'roll back') {
        engine.rollback('shop');
        expect((await engine.settled('shop')).status).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(applier.region()).toEqual(before);
      } else {
        engine.deleteStack('shop');
        expect((await engine.settled(id)).status).toBe('DELETE_COMPLETE');
        expect(Object.keys(applier.region().internetGateways)).toEqual([]);
        expect(applier.done).toContain('remove Extra');
      }
    }
  });

  it('keeps what is to be retained, unless it is new and shall go', async () => {
    for (const retainExceptOnCreate of [false, true]) {
      const { engine, applier } = testEngine();
      applier.faults.set('create Web', 'it broke');
      const asked = input(inVpc(WEB(VOLUME)), { retainExceptOnCreate });
      const id = engine.createStack(asked);
      expect((await engine.settled(id)).status).toBe('ROLLBACK_COMPLETE');
      expect(Object.keys(applier.region().volumes)).toHaveLength(retainExceptOnCreate ? 0 : 1);
      expect(statuses(engine, id).includes('Data DELETE_SKIPPED')).toBe(!retainExceptOnCreate);
      expect(Object.keys(applier.region().vpcs)).toEqual([]);
    }
  });
});

describe('a rollback that failed', () => {
  const failed = async () => {
    const lab = await created(inVpc(WEB()));
    lab.applier.faults.set('create Extra', 'it broke');
    const more = '  Extra: {Type: AWS::EC2::InternetGateway, DependsOn: Web}\n';
    const update = lab.applier.update;
    let times = 0;
    Object.assign(lab.applier, {
      update: (work: Parameters<typeof update>[0]) => {
        times += 1;
        // The first one is the update itself, the second takes it back.
        return times === 2 ? Promise.reject(new Error('it does not stop')) : update(work);
      },
    });
    lab.engine.updateStack(input(`${BIGGER}${more}`));
    const record = await lab.engine.settled('shop');
    expect([record.status, record.statusReason]).toEqual([
      ...['UPDATE_ROLLBACK_FAILED', 'it does not stop'],
    ]);
    return { ...lab, tried: () => times };
  };

  it('is tried again', async () => {
    const { engine, applier, record, tried } = await failed();
    engine.continueRollback('shop');
    expect((await engine.settled('shop')).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(tried()).toBe(3);
    expect(engine.find('shop')?.stack).toEqual(record.stack);
    expect(refusalOf(() => engine.continueRollback('shop'))).toContain('UPDATE_ROLLBACK_FAILED');
    expect(Object.keys(applier.region().internetGateways)).toHaveLength(1);
  });

  it('leaves out what is skipped', async () => {
    const { engine, tried } = await failed();
    expect(refusalOf(() => engine.continueRollback('shop', { skip: ['other.Web'] }))).toContain(
      'ResourcesToSkip names other.Web: there is no nested stack other.',
    );
    engine.continueRollback('shop', { skip: ['Web'] });
    expect((await engine.settled('shop')).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(tried()).toBe(2);
  });
});
