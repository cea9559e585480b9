import { describe, expect, it } from 'vitest';
import { inVpc } from '../../cloudformation/testing.ts';
import type { StackEngine } from './engine.ts';
import type { StackInput } from './stack-service.ts';
import { refusalOf, testEngine } from './testing.ts';

const input = (templateBody: string, more: Partial<StackInput> = {}): StackInput => ({
  stackName: 'shop',
  templateBody,
  parameters: {},
  ...more,
});

const WEB = (more = '', properties = '') => `
Web:
  Type: AWS::EC2::Instance
  Properties: {SubnetId: !Ref Private, ImageId: ami-0web, InstanceType: t3.nano${properties}}
${more}`;

async function created(template: string, more: Partial<StackInput> = {}) {
  const lab = testEngine();
  lab.engine.createStack(input(template, more));
  const record = await lab.engine.settled('shop');
  return { ...lab, record };
}

const statuses = (engine: StackEngine, name = 'shop'): readonly string[] =>
  engine
    .events(engine.find(name)?.id ?? '')
    .toReversed()
    .map(({ logicalId, status }) => `${logicalId} ${status}`);

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
    const wrong = input(
      inVpc('X: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 9.9.9.0/24}}'),
      {
        stackName: 'other',
      },
    );
    expect(refusalOf(() => engine.createStack(wrong))).toMatch(/^ValidationError: .*Resources\.X/s);
    expect(engine.find('other')).toBeUndefined();
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
    expect(refusalOf(() => engine.createStack(named))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
  });
});

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
    const { engine } = await created(inVpc(''));
    const changed = input(inVpc('').replace('for tests', 'for other tests'));
    expect(refusalOf(() => engine.updateStack(changed))).toMatch(
      /Group\.Properties\.GroupName: .* already has a group named "test"/,
    );
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

describe('exports', () => {
  const exporting = (value: string) =>
    `${inVpc('')}\nOutputs: {Block: {Value: ${value}, Export: {Name: block}}}`;
  const importing = `Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !ImportValue block}}`;

  it('are kept while another stack imports them', async () => {
    const { engine } = await created(exporting('10.7.0.0/16'));
    engine.createStack({ stackName: 'user', templateBody: importing, parameters: {} });
    await engine.settled('user');
    expect(engine.imports('block')).toEqual(['user']);
    expect(refusalOf(() => engine.updateStack(input(inVpc(''))))).toBe(
      'ValidationError: Export block cannot be deleted as it is in use by user',
    );
    expect(refusalOf(() => engine.updateStack(input(exporting('10.8.0.0/16'))))).toBe(
      'ValidationError: Export block cannot be updated as it is in use by user',
    );
    expect(refusalOf(() => engine.deleteStack('shop'))).toContain('as it is in use by user');
  });

  it('that nobody made are named', () => {
    const { engine } = testEngine();
    const refused = refusalOf(() => engine.createStack(input(importing)));
    expect(refused).toContain('No export named block found');
  });
});

describe('a change set', () => {
  it('says what would be done, and why, and does it when it is executed', async () => {
    const { engine, applier } = await created(inVpc(WEB()));
    const moved = inVpc(WEB()).replace('10.0.2.0/24', '10.0.3.0/24');
    const set = engine.createChangeSet({ ...input(moved), changeSetName: 'move', type: 'UPDATE' });
    expect(set.changes).toMatchObject([
      {
        action: 'Modify',
        logicalId: 'Private',
        replacement: 'True',
        scope: ['Properties'],
        details: [
          {
            property: 'CidrBlock',
            requiresRecreation: 'Always',
            before: '10.0.2.0/24',
            after: '10.0.3.0/24',
          },
        ],
      },
      {
        logicalId: 'Web',
        replacement: 'True',
        details: [{ property: 'SubnetId', requiresRecreation: 'Always', causingEntity: 'Private' }],
      },
    ]);
    expect(applier.done).not.toContain('remove Web');
    engine.executeChangeSet('move', 'shop');
    expect((await engine.settled('shop')).status).toBe('UPDATE_COMPLETE');
    expect(refusalOf(() => engine.executeChangeSet('move', 'shop'))).toContain(
      'InvalidChangeSetStatus',
    );
  });

  it('without changes fails, and one of a new stack makes it', async () => {
    const { engine } = testEngine();
    const first = engine.createChangeSet({
      ...input(inVpc('')),
      changeSetName: 'first',
      type: 'CREATE',
    });
    expect(engine.find('shop')?.status).toBe('REVIEW_IN_PROGRESS');
    engine.executeChangeSet(first.id);
    expect((await engine.settled('shop')).status).toBe('CREATE_COMPLETE');
    const none = engine.createChangeSet({
      ...input(inVpc('')),
      changeSetName: 'none',
      type: 'UPDATE',
    });
    expect(none).toMatchObject({ status: 'FAILED', executionStatus: 'UNAVAILABLE', changes: [] });
    expect(none.statusReason).toContain("didn't contain changes");
    engine.deleteChangeSet('none', 'shop');
    expect(engine.changeSets('shop').map(({ name }) => name)).toEqual(['first']);
  });
});

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
  const nested = () =>
    testEngine(undefined, (url) => {
      const body = bodies[url];
      return body === undefined ? undefined : { body, fileName: url };
    });

  it('is made in its own order, and what is replaced in it replaces what refers to it', async () => {
    const { engine, applier } = nested();
    engine.createStack(input(outer('https://one')));
    expect((await engine.settled('shop')).status).toBe('CREATE_COMPLETE');
    const made = applier.done;
    expect(made.indexOf('create Host')).toBeGreaterThan(made.indexOf('create Subnet'));
    expect(made.indexOf('create Beside')).toBeGreaterThan(made.indexOf('create Host'));
    applier.done.length = 0;
    engine.updateStack(input(outer('https://two')));
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
    const { engine, applier } = nested();
    engine.createStack(input(outer('https://one')));
    await engine.settled('shop');
    const before = applier.region();
    applier.done.length = 0;
    applier.faults.set('create More', 'it broke');
    engine.updateStack(input(outer('https://two')));
    const record = await engine.settled('shop');
    expect(record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(record.resourceStatus['Below']?.status).toBe('UPDATE_COMPLETE');
    expect(applier.region()).toBe(before);
    expect(applier.done).toContain('remove Subnet');
  });
});
