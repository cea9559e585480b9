import { describe, expect, it, vi } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import type { StackInput } from './stack-service.ts';
import { input, refusalOf, statuses, testEngine } from './testing.ts';

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

  const both = () => {
    const lab = testEngine();
    const nested = () => lab.engine.stacks().find(({ parentId }) => parentId !== undefined);
    return { ...lab, nested };
  };

  it('has a record and events of its own, in step with those of its parent', async () => {
    const { engine, nested } = both();
    const id = engine.createStack(asked('https://one'));
    const record = await engine.settled(id);
    expect(nested()).toMatchObject({ status: 'CREATE_COMPLETE', parentId: id, rootId: id });
    expect(nested()?.name).toMatch(/^shop-Below-[0-9A-Z]{12}$/);
    const below = record.stack?.resources['Below'];
    expect(below?.physicalId).toBe(nested()?.id);
    const name = nested()?.name ?? '';
    expect(nested()?.resourceStatus['Subnet']?.status).toBe('CREATE_COMPLETE');
    expect(Object.keys(record.resourceStatus)).not.toContain('Subnet');
    expect(statuses(engine, name)).toEqual([
      ...[`${name} CREATE_IN_PROGRESS`, 'Subnet CREATE_IN_PROGRESS', 'Subnet CREATE_IN_PROGRESS'],
      ...['Subnet CREATE_COMPLETE', 'Host CREATE_IN_PROGRESS', 'Host CREATE_IN_PROGRESS'],
      ...['Host CREATE_COMPLETE', `${name} CREATE_COMPLETE`],
    ]);
    const own = engine.events(id).filter(({ logicalId }) => logicalId === 'Below');
    expect(own.toReversed().map(({ status, physicalId }) => [status, physicalId])).toEqual([
      ['CREATE_IN_PROGRESS', ''],
      ['CREATE_IN_PROGRESS', nested()?.id],
      ['CREATE_COMPLETE', nested()?.id],
    ]);
    for (const work of [
      () => engine.updateStack({ ...input(''), stackName: name }),
      () => engine.deleteStack(name),
      () => engine.setTerminationProtection(name, true),
    ]) {
      expect(refusalOf(work)).toBe(
        `ValidationError: Stack ${nested()?.id} is nested: ask for its root stack, ${id}.`,
      );
    }
    engine.deleteStack('shop');
    await engine.settled(id);
    expect(nested()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(nested()?.stack).toBeUndefined();
    engine.createStack(asked('https://one'));
    await engine.settled('shop');
    expect(engine.stacks().filter(({ parentId }) => parentId !== undefined)).toHaveLength(2);
  });

  it('waits for its clean-up until its parent is through', async () => {
    const { engine, applier, nested } = both();
    engine.createStack(asked('https://one'));
    await engine.settled('shop');
    const slow = Promise.withResolvers<void>();
    applier.waits.set('create Beside', slow.promise);
    engine.updateStack(asked('https://two'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(nested()?.status).toBe('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(applier.done).not.toContain('remove Host');
    slow.resolve();
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(nested()).toMatchObject({
      status: 'UPDATE_COMPLETE',
      templateBody: bodies['https://two'],
    });
    expect(Object.keys(nested()?.resourceStatus ?? {})).toEqual(['Subnet', 'Host', 'More']);
    engine.updateStack(asked('https://one'));
    await engine.settled('shop');
    expect(Object.keys(nested()?.resourceStatus ?? {})).toEqual(['Subnet', 'Host']);
  });

  it('says what failed in it, and where its rollback is', async () => {
    const { engine, applier, nested } = both();
    engine.createStack(asked('https://one'));
    await engine.settled('shop');
    applier.faults.set('create More', 'it broke');
    engine.updateStack(asked('https://two'));
    const { id } = await engine.settled('shop');
    const reason = 'The following resource(s) failed to create: [More].';
    const failed = engine.events(id).find(({ status }) => status === 'UPDATE_FAILED');
    expect(failed?.reason).toBe(
      `Embedded stack ${nested()?.id} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: ${reason}`,
    );
    const own = engine.events(nested()?.id ?? '').filter(({ reason: why }) => why === reason);
    expect(own.map(({ status }) => status)).toEqual(['UPDATE_ROLLBACK_IN_PROGRESS']);
    applier.faults.set('create More', 'it broke');
    engine.updateStack(asked('https://two', { onFailure: 'DO_NOTHING' }));
    expect((await engine.settled('shop')).status).toBe('UPDATE_FAILED');
    expect(nested()?.status).toBe('UPDATE_FAILED');
    engine.rollback('shop');
    expect((await engine.settled('shop')).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(nested()?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('in a nested one has both for parents, and a time limit of its own', async () => {
    const { engine, applier } = testEngine();
    const stack = (url: string, more = '') =>
      `Resources: {Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: '${url}'${more}}}}`;
    const nestedTemplates = {
      'https://middle': {
        body: stack('https://last', ', TimeoutInMinutes: 3'),
        fileName: 'middle',
      },
      'https://last': {
        body: 'Resources: {Gate: {Type: AWS::EC2::InternetGateway}}',
        fileName: 'last',
      },
    };
    const root = engine.createStack(input(stack('https://middle'), { nestedTemplates }));
    await engine.settled(root);
    const [last, middle] = engine.stacks();
    expect([middle?.parentId, middle?.rootId]).toEqual([root, root]);
    expect([last?.parentId, last?.rootId]).toEqual([middle?.id, root]);
    engine.deleteStack(root);
    await engine.settled(root);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      applier.waits.set('create Gate', new Promise(() => {}));
      const late = engine.createStack(input(stack('https://middle'), { nestedTemplates }));
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(181_000);
      expect((await engine.settled(late)).status).toBe('ROLLBACK_COMPLETE');
      const own = engine.events(engine.stacks()[0]?.id ?? '');
      expect(
        own.find(
          ({ status, logicalId }) => status === 'CREATE_FAILED' && logicalId.startsWith('shop'),
        )?.reason,
      ).toBe('Stack creation time exceeded the specified timeout.');
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes away what it has no more', async () => {
    const { engine, nested } = both();
    engine.createStack(asked('https://one'));
    await engine.settled('shop');
    engine.updateStack(asked('https://two'));
    await engine.settled('shop');
    expect(statuses(engine, nested()?.name).slice(-5)).toEqual([
      ...['Host DELETE_IN_PROGRESS', 'Host DELETE_COMPLETE'],
      ...['Subnet DELETE_IN_PROGRESS', 'Subnet DELETE_COMPLETE'],
      `${nested()?.name} UPDATE_COMPLETE`,
    ]);
  });

  it('that cannot be made fails its parent, and goes with it', async () => {
    const { engine, applier, nested } = both();
    const before = applier.region();
    applier.faults.set('create Host', 'it broke');
    const id = engine.createStack(asked('https://one'));
    expect((await engine.settled(id)).status).toBe('ROLLBACK_COMPLETE');
    const failed = engine.events(id).find(({ status }) => status === 'CREATE_FAILED');
    expect(failed?.reason).toBe(
      `Embedded stack ${nested()?.id} was not successfully created: The following resource(s) failed to create: [Host].`,
    );
    const own = statuses(engine, nested()?.id);
    expect(own).toContain(`${nested()?.name} CREATE_FAILED`);
    expect(own.at(-1)).toBe(`${nested()?.name} DELETE_COMPLETE`);
    expect(applier.region()).toBe(before);
  });

  it('is rolled back by its parent when something beside it fails', async () => {
    const { engine, applier, nested } = both();
    engine.createStack(asked('https://one'));
    const { stack } = await engine.settled('shop');
    const before = applier.region();
    applier.faults.set('create Beside', 'it broke');
    engine.updateStack(asked('https://two'));
    const record = await engine.settled('shop');
    expect(record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(record.stack).toEqual(stack);
    expect(applier.region()).toBe(before);
    expect(nested()).toMatchObject({
      ...{ status: 'UPDATE_ROLLBACK_COMPLETE', templateBody: bodies['https://one'] },
    });
    expect(Object.keys(nested()?.resourceStatus ?? {})).toEqual(['Subnet', 'Host']);
    const own = statuses(engine, nested()?.id).filter((each) => each.includes('shop-Below'));
    expect(own.map((each) => each.split(' ')[1])).toEqual([
      ...['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_IN_PROGRESS'],
      ...['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'],
      ...['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'],
    ]);
  });

  it('that comes or goes with an update is made or deleted whole', async () => {
    const { engine, applier, nested } = both();
    engine.createStack(input(inVpc('')));
    await engine.settled('shop');
    const bare = applier.region();
    engine.updateStack(asked('https://one'));
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(nested()?.status).toBe('CREATE_COMPLETE');
    engine.updateStack(input(inVpc('')));
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(nested()?.status).toBe('DELETE_COMPLETE');
    expect(applier.region()).toEqual(bare);
  });

  it('has a change set of its own under that of its parent', async () => {
    const { engine, nested } = both();
    engine.createStack(asked('https://one'));
    await engine.settled('shop');
    const more = { changeSetName: 'look', type: 'UPDATE', includeNested: true } as const;
    const set = engine.createChangeSet({ ...asked('https://two'), ...more });
    const [own] = engine.changeSets(nested()?.id ?? '');
    expect(set.nested).toEqual({ Below: own?.id });
    expect(own).toMatchObject({ parentId: set.id, rootId: set.id, status: 'CREATE_COMPLETE' });
    expect(own?.changes.map(({ action, logicalId }) => `${action} ${logicalId}`)).toEqual([
      ...['Modify Subnet', 'Modify Host', 'Add More'],
    ]);
    expect(refusalOf(() => engine.executeChangeSet(own?.id ?? ''))).toContain(
      `execute the one of its root, ${set.id}`,
    );
    const other = engine.createChangeSet({
      ...{ ...asked('https://two'), ...more, changeSetName: 'other' },
    });
    expect(engine.changeSets(nested()?.id ?? '')).toHaveLength(2);
    engine.deleteChangeSet(other.id);
    expect(engine.changeSets(nested()?.id ?? '')).toHaveLength(1);
    engine.executeChangeSet(set.id);
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(engine.changeSets(nested()?.id ?? '')[0]?.executionStatus).toBe('EXECUTE_COMPLETE');
  });

  it('exports for what comes after it, and keeps what is to be retained', async () => {
    const { engine, applier } = both();
    const kept = `
Resources:
  Data: {Type: AWS::EC2::Volume, DeletionPolicy: Retain, Properties: {AvailabilityZone: ap-northeast-2a, Size: 1}}
Outputs: {Size: {Value: 10.4.0.0/16, Export: {Name: block}}}`;
    const templateBody = `
Resources:
  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://kept'}}
  Vpc: {Type: AWS::EC2::VPC, DependsOn: Net, Properties: {CidrBlock: !ImportValue block}}`;
    const nestedTemplates = { 'https://kept': { body: kept, fileName: 'kept.yaml' } };
    engine.createStack(input(templateBody, { nestedTemplates }));
    const { id, status } = await engine.settled('shop');
    expect(status).toBe('CREATE_COMPLETE');
    expect(engine.exports().map(({ name }) => name)).toEqual(['block']);
    // What it exports already is its own.
    const more = `${templateBody}\n  Gate: {Type: AWS::EC2::InternetGateway}\n`;
    engine.updateStack(input(more, { nestedTemplates }));
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    engine.deleteStack(id);
    expect((await engine.settled(id)).status).toBe('DELETE_COMPLETE');
    expect(Object.keys(applier.region().volumes)).toHaveLength(1);
    expect(Object.keys(applier.region().vpcs)).toEqual([]);
  });

  it('that is to be retained stays with all that is in it', async () => {
    const { engine, applier } = both();
    const kept = outer('https://one').replace(
      'AWS::CloudFormation::Stack',
      'AWS::CloudFormation::Stack\n    DeletionPolicy: Retain',
    );
    engine.createStack({ ...asked('https://one'), templateBody: kept });
    const { id } = await engine.settled('shop');
    engine.deleteStack(id);
    await engine.settled(id);
    expect(statuses(engine, id)).toContain('Below DELETE_SKIPPED');
    expect(Object.values(applier.region().subnets).map(({ cidr }) => cidr)).toContain(
      '10.0.20.0/24',
    );
    expect(applier.done).not.toContain('remove Host');
  });

  it('needs its template, and says which it lacks', () => {
    const { engine } = testEngine();
    const bare = { ...asked('https://one'), nestedTemplates: {} };
    expect(engine.missingTemplates(bare, false)).toEqual(['https://one']);
    expect(engine.missingTemplates(asked('https://one'), false)).toEqual([]);
    expect(refusalOf(() => engine.createStack(bare))).toContain(
      'There is no template at https://one.',
    );
  });
});
