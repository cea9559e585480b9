/** Route 53, IAM, SSM, S3, wait conditions and what is only recorded. */
import { describe, expect, test } from 'vitest';
import { inVpc, refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const resources = (text: string) => `Resources:\n${text.replace(/^/gm, '  ')}`;

describe('Route 53', () => {
  const ZONES = `
Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: Example.net}}
Inner: {Type: AWS::Route53::HostedZone, Properties: {Name: example.internal., VPCs: [{VPCId: !Ref Vpc, VPCRegion: !Ref AWS::Region}]}}
`;
  const record = (properties: string) =>
    inVpc(
      `${ZONES}\nR: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: !Ref Zone, ${properties}}}`,
    );

  test('public and private zones', () => {
    const { region } = stackOf(inVpc(ZONES));
    const [zone, inner] = Object.values(region.hostedZones);
    expect(zone).toMatchObject({
      id: expect.stringMatching(/^Z[0-9A-Z]{20}$/),
      name: 'example.net.',
      vpcIds: [],
    });
    expect(zone?.nameServers).toHaveLength(4);
    expect(inner).toMatchObject({
      name: 'example.internal.',
      vpcIds: Object.keys(region.vpcs),
      nameServers: [],
    });
  });
  test('records, alone and in groups, sorted', () => {
    const text = inVpc(`${ZONES}
R: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.net., Name: WWW.example.net, Type: A, TTL: "60", ResourceRecords: [198.18.0.1]}}
G: {Type: AWS::Route53::RecordSetGroup, Properties: {HostedZoneId: !Ref Zone, RecordSets: [{Name: example.net, Type: TXT, TTL: 5, ResourceRecords: ['"a b"']}, {Name: example.net, Type: A, TTL: 5, ResourceRecords: 198.18.0.1}]}}`);
    expect(Object.values(stackOf(text).region.hostedZones)[0]?.records).toEqual([
      { name: 'example.net.', type: 'A', ttl: 5, values: ['198.18.0.1'] },
      { name: 'example.net.', type: 'TXT', ttl: 5, values: ['"a b"'] },
      { name: 'www.example.net.', type: 'A', ttl: 60, values: ['198.18.0.1'] },
    ]);
  });
  test('an alias to what is not here is named', () => {
    expect(
      warningsOf(
        stackOf(record('Name: example.net, Type: A, AliasTarget: {DNSName: x, HostedZoneId: y}')),
      ),
    ).toEqual([
      'Resources.R.Properties.AliasTarget: x. is no load balancer of this region: the name does not resolve here.',
    ]);
  });
  test.each([
    [
      'Name: example.org, Type: A, TTL: 5, ResourceRecords: [198.18.0.1]',
      'Name: example.org. is not in the hosted zone example.net.',
    ],
    [
      'Name: example.net, Type: B, TTL: 5, ResourceRecords: [198.18.0.1]',
      'Type: "B" is none of A, AAAA, CAA,',
    ],
    [
      'Name: example.net, Type: A, TTL: 5, ResourceRecords: [x]',
      'ResourceRecords: "x" is not an IPv4 address.',
    ],
    [
      'Name: example.net, Type: A, ResourceRecords: [198.18.0.1]',
      'TTL: This property is required.',
    ],
  ])('refuses %s', (properties, message) => {
    const problems = refusal(record(properties));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`Resources.R.Properties.${message}`);
  });
});

describe('IAM', () => {
  const ROLE = `
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}]
    ManagedPolicyArns: [!Ref Managed]
    Policies:
      - PolicyName: inline
        PolicyDocument:
          Statement: {Effect: Allow, Action: s3:GetObject, Resource: "*", Condition: {StringEquals: {a: b}}}
Managed:
  Type: AWS::IAM::ManagedPolicy
  Properties: {PolicyDocument: {Statement: [{Effect: Deny, Action: ["s3:Put*"], Resource: ["*"]}]}}
Policy:
  Type: AWS::IAM::Policy
  Properties:
    PolicyName: p
    Roles: [!Ref Role]
    PolicyDocument: {Statement: [{Effect: Allow, Action: ssm:GetParameter, Resource: !Sub "arn:\${AWS::Partition}:ssm:*"}]}
Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
`;
  const { region, stack } = stackOf(resources(ROLE));
  const role = region.roles[stack.resources['Role']?.physicalId ?? ''];

  test('a role has the statements of all its policies, and names what is not modelled in them', () => {
    expect(role?.trusts).toEqual(['ec2.amazonaws.com']);
    expect(role?.managedPolicyArns).toEqual([stack.resources['Managed']?.physicalId]);
    expect(role?.statements).toEqual([
      { effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'], notModelled: ['Condition'] },
      { effect: 'Deny', actions: ['s3:Put*'], resources: ['*'] },
      { effect: 'Allow', actions: ['ssm:GetParameter'], resources: ['arn:aws:ssm:*'] },
    ]);
  });
  test('ids, names and ARNs are like those of AWS', () => {
    expect(role).toMatchObject({
      id: expect.stringMatching(/^AROA[0-9A-Z]{17}$/),
      name: expect.stringMatching(/^shop-Role-[0-9A-Z]{12}$/),
      arn: `arn:aws:iam::123456789012:role/${role?.name}`,
    });
    expect(Object.values(region.instanceProfiles)).toMatchObject([{ roleName: role?.name }]);
  });
  test('a policy document needs statements with an effect', () => {
    const policy = (document: string) =>
      resources(`P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: ${document}}}`);
    expect(refusal(policy('{Version: 2012-10-17}'))).toEqual([
      'Resources.P.Properties.PolicyDocument: This is not a policy document with a Statement.',
    ]);
    expect(refusal(policy('{Statement: [{Effect: allow}]}'))).toEqual([
      'Resources.P.Properties.PolicyDocument: Effect is "allow"; it can be Allow or Deny.',
    ]);
  });
});

describe('SSM and S3', () => {
  test('a parameter', () => {
    const { region } = stackOf(
      resources(
        'P: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Type: String, Value: 000500}}',
      ),
    );
    expect(region.parameters['/a']).toEqual({ name: '/a', type: 'String', value: '000500' });
  });
  test('a template cannot make a SecureString', () => {
    expect(
      refusal(
        resources(
          'P: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Type: SecureString, Value: x}}',
        ),
      ),
    ).toEqual(['Resources.P.Properties.Type: "SecureString" is none of String, StringList.']);
  });
  test('a bucket with a name drawn for it', () => {
    const { region, stack } = stackOf(
      resources(
        'B: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}',
      ),
    );
    const [bucket] = Object.values(region.buckets);
    expect(bucket).toEqual({
      name: expect.stringMatching(/^shop-b-[0-9a-z]{12}$/),
      versioning: true,
    });
    expect(stack.resources['B']?.attributes['Arn']).toBe(`arn:aws:s3:::${bucket?.name}`);
  });
  test('a bucket name has a form', () => {
    expect(
      refusal(resources('B: {Type: AWS::S3::Bucket, Properties: {BucketName: My_Bucket}}')),
    ).toEqual([
      'Resources.B.Properties.BucketName: "My_Bucket" is not a bucket name. Use 3 to 63 lower-case letters, digits, dots and hyphens.',
    ]);
  });
});

describe('wait conditions', () => {
  const wait = (properties: string) =>
    resources(`
Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
Wait: {Type: AWS::CloudFormation::WaitCondition, Properties: {${properties}}}`);
  const text = wait('Handle: !Ref Handle, Timeout: "600", Count: 2');
  const urlOf = (secret: string) => stackOf(text, { secret }).stack.resources['Handle']?.physicalId;

  test('the handle is a URL that only the secret gives away', () => {
    expect(urlOf('one')).toMatch(
      /^https:\/\/cloudformation-waitcondition-ap-northeast-2\.s3\.ap-northeast-2\.amazonaws\.com\/[0-9a-f]{64}$/,
    );
    expect(urlOf('one')).toBe(urlOf('one'));
    expect(urlOf('one')).not.toBe(urlOf('two'));
  });
  test('the condition waits for its handle', () => {
    const { region } = stackOf(text);
    const [handle] = Object.values(region.waitConditionHandles);
    expect(Object.values(region.waitConditions)).toMatchObject([
      { logicalId: 'Wait', handleId: handle?.id, count: 2, timeout: 600 },
    ]);
  });
  test('a time-out is needed', () => {
    expect(refusal(wait('Handle: !Ref Handle'))).toEqual([
      'Resources.Wait.Properties.Timeout: This property is required: a number from 1 to 43200.',
    ]);
  });
});

describe('recorded', () => {
  test('types without effect here, quietly', () => {
    const result = stackOf(
      resources(`
Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
Flow: {Type: AWS::EC2::FlowLog, Properties: {ResourceType: VPC}}
CDKMetadata: {Type: AWS::CDK::Metadata, Properties: {Analytics: x}}`),
    );
    expect(result.problems).toEqual([]);
    expect(Object.values(result.stack.resources).map(({ status }) => status)).toEqual([
      'recorded',
      'recorded',
      'recorded',
    ]);
  });
  test('an unknown type is named, and has an id and the attributes asked of it', () => {
    const result = stackOf(`${resources(`
Topic: {Type: AWS::Odd::Topic}
Hook: {Type: Custom::Thing}`)}
Outputs: {A: {Value: !GetAtt Topic.TopicArn}, B: {Value: !Sub "\${Topic}/\${Topic.TopicName}"}}`);
    expect(warningsOf(result)).toEqual([
      'Resources.Topic: AWS::Odd::Topic is not modelled: it is recorded, not run.',
      'Resources.Hook: Custom::Thing is made by code that runs in AWS: it is recorded, not run.',
    ]);
    const { physicalId, status } = result.stack.resources['Topic'] ?? {};
    expect(status).toBe('recorded');
    expect(result.stack.outputs['A']?.value).toBe(
      `arn:aws:odd:ap-northeast-2:123456789012:topic/${physicalId}`,
    );
    expect(result.stack.outputs['B']?.value).toBe(
      `${physicalId}/${physicalId?.toLowerCase()}.topicname`,
    );
  });
});
