import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import { created, input, refusalOf, statuses, testEngine, WEB } from './testing.ts';

describe('a creation', () => {
  it('completes resources after what they depend on, and then the stack', async () => {
    const { engine, record } = await created(inVpc(WEB()));
    expect(record.status).toBe('CREATE_COMPLETE');
    const events = statuses(engine);
    expect(events[0]).toBe('shop CREATE_IN_PROGRESS');
    expect(events.at(-1)).toBe('shop CREATE_COMPLETE');
    expect(events.indexOf('Web CREATE_IN_PROGRESS')).toBeGreaterThan(
      events.indexOf('Private CREATE_COMPLETE'),
    );
    expect(record.resourceStatus['Web']?.status).toBe('CREATE_COMPLETE');
  });

  it('goes on with what does not depend on a slow resource', async () => {
    const { engine, applier } = testEngine();
    const slow = Promise.withResolvers<void>();
    applier.waits.set('create Web', slow.promise);
    engine.createStack(input(inVpc(WEB())));
    await new Promise((resolve) => setImmediate(resolve));
    expect(statuses(engine)).toContain('Table CREATE_COMPLETE');
    expect(engine.find('shop')?.status).toBe('CREATE_IN_PROGRESS');
    slow.resolve();
    expect((await engine.settled('shop')).status).toBe('CREATE_COMPLETE');
  });

  it('rolls back to the region before it, in reverse order', async () => {
    const { engine, applier } = testEngine();
    const before = applier.region();
    applier.faults.set('create Web', 'no such type here');
    engine.createStack(input(inVpc(WEB())));
    const record = await engine.settled('shop');
    expect(record.status).toBe('ROLLBACK_COMPLETE');
    expect(applier.region()).toBe(before);
    const rollback = engine
      .events(record.id)
      .find(({ status }) => status === 'ROLLBACK_IN_PROGRESS');
    expect(rollback?.reason).toBe(
      'The following resource(s) failed to create: [Web]. Rollback requested by user.',
    );
    expect(applier.done.indexOf('remove Vpc')).toBeGreaterThan(applier.done.indexOf('remove Web'));
    expect(refusalOf(() => engine.updateStack(input(inVpc(''))))).toContain(
      'is in ROLLBACK_COMPLETE state and can not be updated.',
    );
  });

  it('cannot roll back what somebody else uses meanwhile', async () => {
    const { engine, applier } = testEngine();
    const slow = Promise.withResolvers<void>();
    applier.waits.set('create Web', slow.promise);
    applier.faults.set('create Web', 'it broke');
    engine.createStack(input(inVpc(WEB())));
    const [vpc] = Object.keys(applier.region().vpcs);
    engine.createStack({
      stackName: 'guest',
      parameters: {},
      templateBody: `Resources: {Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: ${vpc}, CidrBlock: 10.0.8.0/24}}}`,
    });
    await engine.settled('guest');
    slow.resolve();
    const { status, statusReason } = await engine.settled('shop');
    expect([status, statusReason]).toEqual([
      ...['ROLLBACK_FAILED', 'The following resource(s) failed to delete: [Vpc].'],
    ]);
    expect(Object.keys(applier.region().vpcs)).toEqual([vpc]);
    expect(Object.values(applier.region().subnets).map(({ cidr }) => cidr)).toEqual([
      '10.0.8.0/24',
    ]);
  });

  it('cancels what is under way when something fails', async () => {
    const { engine, applier } = testEngine();
    applier.waits.set('create Web', new Promise(() => {}));
    applier.faults.set('create Other', 'it broke');
    engine.createStack(
      input(
        inVpc(
          WEB(
            'Other: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Private, ImageId: ami-0web}}',
          ),
        ),
      ),
    );
    const record = await engine.settled('shop');
    const failed = engine.events(record.id).filter(({ status }) => status === 'CREATE_FAILED');
    expect(failed.map(({ logicalId, reason }) => `${logicalId}: ${reason}`).sort()).toEqual([
      'Other: it broke',
      'Web: Resource creation cancelled',
    ]);
  });

  it.each([
    ['DO_NOTHING', 'CREATE_FAILED'],
    ['DELETE', 'DELETE_COMPLETE'],
  ] as const)('with %s ends as %s', async (onFailure, status) => {
    const { engine, applier } = testEngine();
    applier.faults.set('create Web', 'it broke');
    const id = engine.createStack(input(inVpc(WEB()), { onFailure }));
    expect((await engine.settled(id)).status).toBe(status);
    expect(Object.keys(applier.region().vpcs)).toHaveLength(onFailure === 'DELETE' ? 0 : 1);
  });

  it('of a name that is taken, or of a template with mistakes, is refused at once', async () => {
    const { engine } = await created(inVpc(''));
    expect(refusalOf(() => engine.createStack(input(inVpc(''))))).toBe(
      'AlreadyExistsException: Stack [shop] already exists',
    );
    const wrong = input(inVpc('X: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vp}}'), {
      stackName: 'other',
    });
    expect(refusalOf(() => engine.createStack(wrong))).toMatch(/^ValidationError: .*Resources\.X/s);
    expect(engine.find('other')).toBeUndefined();
  });

  it('fails at what its service refuses, after what that depends on', async () => {
    const { engine, applier } = testEngine();
    const before = applier.region();
    const subnet = 'Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.128/25}}';
    const template = inVpc(`X: {Type: AWS::EC2::Subnet, ${subnet}
Below: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref X, ImageId: ami-0web}}`);
    engine.createStack(input(template));
    const { status, id } = await engine.settled('shop');
    expect(status).toBe('ROLLBACK_COMPLETE');
    const failed = engine.events(id).find((each) => each.status === 'CREATE_FAILED');
    expect([failed?.logicalId, failed?.physicalId, failed?.reason]).toEqual([
      ...['X', '', "The CIDR '10.0.2.128/25' conflicts with another subnet"],
    ]);
    const all = statuses(engine, id);
    expect(all.indexOf('X CREATE_IN_PROGRESS')).toBeGreaterThan(all.indexOf('Vpc CREATE_COMPLETE'));
    expect(all.some((each) => each.startsWith('Below'))).toBe(false);
    expect(applier.region()).toEqual(before);
    // In our own words where AWS's are not known: without what the event says already.
    const key =
      'Key: {Type: AWS::EC2::Instance, Properties: {KeyName: none, SubnetId: !Ref Public, ImageId: ami-0web}}';
    engine.createStack(input(inVpc(key), { stackName: 'keyless' }));
    const keyless = await engine.settled('keyless');
    const why = engine.events(keyless.id).find((each) => each.status === 'CREATE_FAILED');
    expect(why?.reason).toMatch(/^KeyName: "none" is not a key pair of this region/);
    // With its place, where whoever asks has the file.
    const strict = { stackName: 'other', templateFile: 'vpc.yaml', checkAll: true };
    expect(refusalOf(() => engine.createStack(input(template, strict)))).toMatch(
      /^ValidationError: vpc.yaml:\d+:\d+: Resources.X.Properties.CidrBlock: /,
    );
  });

  it('needs the capabilities of what it makes', () => {
    const { engine } = testEngine();
    const role = (name: string) => `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {${name}AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}}`;
    expect(refusalOf(() => engine.createStack(input(role(''))))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]',
    );
    const named = input(role('RoleName: web, '), { capabilities: ['CAPABILITY_IAM'] });
    const expanded = input(`Transform: AWS::LanguageExtensions${inVpc('')}`);
    expect(refusalOf(() => engine.createStack(expanded))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
    );
    expect(refusalOf(() => engine.createStack(named))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
  });
});
