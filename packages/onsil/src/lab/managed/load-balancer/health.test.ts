import { describe, expect, test } from 'vitest';
import { stackOf } from '../../../cloudformation/testing.ts';
import type { Region } from '../../../region/region.ts';
import { put } from '../../../region/region.ts';
import { balancersUsing } from './balancer-of.ts';
import { healthOfCheck, parseChecks, type ServerCheck, targetHealthOf, worst } from './health.ts';
import { SHOP } from './testing.ts';

const CSV = `# pxname,svname,qcur,status,check_status,check_code,last_chk
stats,FRONTEND,0,OPEN,,,
main.ap-northeast-2a,i-1:80,0,UP,,,
check.main.ap-northeast-2a,i-1:80,0,UP,L7OK,200,OK
check.main.ap-northeast-2a,i-2:80,0,DOWN 1/2,* L7STS,404,Not Found
check.main.ap-northeast-2a,BACKEND,0,UP,,,
`;

const check = (more: Partial<ServerCheck>): ServerCheck => ({
  ...{ check: 'main', zone: 'ap-northeast-2a', server: '', isUp: false, status: 'L4OK', code: '' },
  ...more,
});

test('of all that HAProxy tells, the servers that it checks', () => {
  expect(parseChecks(CSV)).toEqual([
    check({ server: 'i-1:80', isUp: true, status: 'L7OK', code: '200' }),
    check({ server: 'i-2:80', isUp: false, status: 'L7STS', code: '404' }),
  ]);
});

test.each([
  [{ isUp: true, status: 'INI' }, 'initial', 'Elb.InitialHealthChecking'],
  [{ isUp: true, status: 'L7OK', code: '200' }, 'healthy', undefined],
  [{ status: 'L4TOUT' }, 'unhealthy', 'Target.Timeout'],
  [{ status: 'L7TOUT' }, 'unhealthy', 'Target.Timeout'],
  [{ status: 'L4CON' }, 'unhealthy', 'Target.FailedHealthChecks'],
  [{ status: 'L7STS', code: '404' }, 'unhealthy', 'Target.ResponseCodeMismatch'],
  // Up again with the next one.
  [{ status: 'L7OK', code: '200' }, 'unhealthy', 'Target.FailedHealthChecks'],
])('%j is %s for %s', (more, state, reason) => {
  expect(healthOfCheck(check(more))).toMatchObject({ state, ...(reason ? { reason } : {}) });
});

test('where nodes disagree, what is wrong counts', () => {
  const [healthy, ill] = [{ state: 'healthy' as const }, { state: 'unhealthy' as const }];
  expect(worst([healthy, ill, healthy])).toEqual(ill);
  expect(worst([healthy, { state: 'initial' }]).state).toBe('initial');
  expect(worst([])).toMatchObject({ reason: 'Elb.RegistrationInProgress' });
});

describe('the targets of a group', () => {
  const { region } = stackOf(SHOP);
  const groupOf = (where: Region, name: string) => {
    const found = Object.values(where.targetGroups).find((each) => each.name === name);
    if (found === undefined) throw new Error(`no group ${name}`);
    return found;
  };
  const main = groupOf(region, 'main');
  const [one = '', two = '', far = ''] = ['one', 'two', 'far'].map(
    (name) => Object.values(region.instances).find((each) => each.name === name)?.id,
  );
  const sources = {
    checks: () => [
      check({ server: `${one}:80`, isUp: true, status: 'L7OK' }),
      check({ server: `${two}:80`, isUp: true, status: 'L7OK' }),
      check({ server: `${two}:80`, zone: 'ap-northeast-2b', status: 'L4TOUT' }),
      check({ check: 'other', server: `${one}:80`, status: 'L4TOUT' }),
    ],
    isRunning: () => true,
  };
  const told = (where: Region, name: string, more = {}) =>
    targetHealthOf(where, groupOf(where, name), { ...sources, ...more }).map(
      ({ target, state, reason }) => [target.id, state, reason],
    );

  test('are healthy where all nodes say so', () => {
    expect(told(region, 'main')).toEqual([
      [one, 'healthy', undefined],
      [two, 'unhealthy', 'Target.Timeout'],
      [far, 'unused', 'Target.NotInUse'],
    ]);
  });
  test('are being registered while nothing is known of them', () => {
    expect(told(region, 'main', { checks: () => undefined })[0]?.slice(1)).toEqual([
      ...['initial', 'Elb.RegistrationInProgress'],
    ]);
  });
  test('are not used when they are off', () => {
    const off = told(region, 'main', { isRunning: (id: string) => id !== one });
    expect(off[0]).toEqual([one, 'unused', 'Target.InvalidState']);
  });
  test('are not used without a listener', () => {
    expect(balancersUsing(region, main)).toHaveLength(1);
    expect(told({ ...region, listeners: {}, listenerRules: {} }, 'main')[0]).toEqual([
      ...[one, 'unused', 'Target.NotInUse'],
    ]);
  });
  test('are unavailable without checks', () => {
    const healthCheck = { ...main.healthCheck, enabled: false };
    const without = put(region, 'targetGroups', main.arn, { ...main, healthCheck });
    expect(told(without, 'main')[0]).toEqual([one, 'unavailable', 'Target.HealthCheckDisabled']);
  });
  test('with the port that is checked', () => {
    expect(targetHealthOf(region, main, sources).map(({ checkPort }) => checkPort)).toEqual([
      ...[80, 80, 80],
    ]);
  });
});
