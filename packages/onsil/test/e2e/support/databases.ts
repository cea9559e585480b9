/** Two databases in private subnets, an instance that their group admits and one that it does not. */
import type { RunningClient } from './client-programs.ts';

type Resource = Readonly<Record<string, unknown>>;
const ref = (Ref: string) => ({ Ref });
const sub = (text: string) => ({ 'Fn::Sub': text });

const CONNECTION = '{{resolve:secretsmanager:${Secret}:SecretString';

/** As JSON. */
export function databaseTemplate(maxConnections: number): string {
  const vpc = { VpcId: ref('Vpc') };
  const subnet = (CidrBlock: string, zone: number): Resource => ({
    Type: 'AWS::EC2::Subnet',
    Properties: {
      ...{ ...vpc, CidrBlock, MapPublicIpOnLaunch: zone === 2 },
      AvailabilityZone: { 'Fn::Select': [zone % 2, { 'Fn::GetAZs': '' }] },
    },
  });
  const group = (GroupDescription: string, ports: readonly number[] = []): Resource => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      ...{ ...vpc, GroupDescription },
      SecurityGroupIngress: ports.map((port) => ({
        ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port },
        SourceSecurityGroupId: { 'Fn::GetAtt': 'AllowedGroup.GroupId' },
      })),
    },
  });
  const instance = (name: string, groupName: string, more: Resource = {}): Resource => ({
    Type: 'AWS::EC2::Instance',
    DependsOn: ['Route', 'Association'],
    Properties: {
      ...{ ImageId: '{{resolve:ssm:/aws/service/debian/release/12/latest/amd64}}' },
      ...{ InstanceType: 't3.micro', SubnetId: ref('Public'), SecurityGroupIds: [ref(groupName)] },
      ...{ Tags: [{ Key: 'Name', Value: name }], ...more },
    },
  });
  const place = {
    ...{ DBInstanceClass: 'db.t3.micro', AllocatedStorage: '20' },
    ...{ DBSubnetGroupName: ref('Place'), VPCSecurityGroups: [ref('DatabaseGroup')] },
  };
  return JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      ...{ One: subnet('10.0.1.0/24', 0), Two: subnet('10.0.2.0/24', 1) },
      Public: subnet('10.0.3.0/24', 2),
      Gateway: { Type: 'AWS::EC2::InternetGateway' },
      Attachment: {
        Type: 'AWS::EC2::VPCGatewayAttachment',
        Properties: { ...vpc, InternetGatewayId: ref('Gateway') },
      },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: vpc },
      Route: {
        ...{ Type: 'AWS::EC2::Route', DependsOn: 'Attachment' },
        Properties: {
          ...{ RouteTableId: ref('Table'), GatewayId: ref('Gateway') },
          DestinationCidrBlock: '0.0.0.0/0',
        },
      },
      Association: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: ref('Public'), RouteTableId: ref('Table') },
      },
      ...{ AllowedGroup: group('may'), DeniedGroup: group('may not') },
      DatabaseGroup: group('databases', [3306, 5433]),
      Place: {
        Type: 'AWS::RDS::DBSubnetGroup',
        Properties: { DBSubnetGroupDescription: 'private', SubnetIds: [ref('One'), ref('Two')] },
      },
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          Name: 'shop/database',
          GenerateSecretString: {
            SecretStringTemplate: '{"username": "shopkeeper"}',
            ...{ GenerateStringKey: 'password', ExcludeCharacters: '"@/\\ ' },
          },
        },
      },
      Settings: {
        Type: 'AWS::RDS::DBParameterGroup',
        Properties: {
          ...{ Family: 'mysql8.0', Description: 'settings' },
          Parameters: { max_connections: maxConnections, innodb_dedicated_server: 1 },
        },
      },
      Mysql: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          ...{ ...place, Engine: 'MySQL', EngineVersion: '8.0.35', DBName: 'shop' },
          ...{ DBInstanceIdentifier: 'shop-mysql', DBParameterGroupName: ref('Settings') },
          MasterUsername: sub(`${CONNECTION}:username}}`),
          MasterUserPassword: sub(`${CONNECTION}:password}}`),
        },
      },
      Replica: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          ...{ ...place, DBInstanceIdentifier: 'shop-replica' },
          SourceDBInstanceIdentifier: ref('Mysql'),
          AvailabilityZone: { 'Fn::GetAtt': 'Two.AvailabilityZone' },
        },
      },
      Told: {
        Type: 'AWS::SecretsManager::SecretTargetAttachment',
        Properties: {
          ...{ SecretId: ref('Secret'), TargetId: ref('Mysql') },
          TargetType: 'AWS::RDS::DBInstance',
        },
      },
      PostgresSettings: {
        Type: 'AWS::RDS::DBParameterGroup',
        Properties: {
          ...{ Family: 'postgres16', Description: 'settings' },
          Parameters: { work_mem: '8192', shared_preload_libraries: 'pg_stat_statements' },
        },
      },
      Postgres: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          ...{ ...place, Engine: 'postgres', EngineVersion: '16.3', DBName: 'shop', Port: '5433' },
          ...{ DBInstanceIdentifier: 'shop-postgres', MasterUsername: 'postgres' },
          ...{ DBParameterGroupName: ref('PostgresSettings'), ManageMasterUserPassword: true },
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              {
                ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
                Principal: { Service: 'ec2.amazonaws.com' },
              },
            ],
          },
          Policies: [
            {
              PolicyName: 'read',
              PolicyDocument: {
                Statement: [
                  {
                    ...{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue' },
                    Resource: [
                      ref('Secret'),
                      { 'Fn::GetAtt': 'Postgres.MasterUserSecret.SecretArn' },
                    ],
                  },
                ],
              },
            },
          ],
        },
      },
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref('Role')] } },
      Allowed: instance('allowed', 'AllowedGroup', {
        IamInstanceProfile: ref('Profile'),
        UserData: {
          'Fn::Base64': sub(`#!/bin/sh\necho '${CONNECTION}:username}}' > /srv/username\n`),
        },
      }),
      Denied: instance('denied', 'DeniedGroup'),
    },
  });
}

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** What one line of SQL gives by MySQL's own client, or what it says where that fails. */
export function mysql(
  client: RunningClient,
  address: string,
  { port, username, password }: Connection,
  sql: string,
): Promise<string> {
  const words = ['mariadb', '--no-defaults', `--host=${address}`, `--port=${port}`];
  return client(
    [...words, `--user=${username}`, '--connect-timeout=2', '--batch', '-N', 'shop', '-e', sql],
    { MYSQL_PWD: password },
  );
}

/** The same by PostgreSQL's; `verify-full` takes a certificate for the host's name only. */
export function psql(
  client: RunningClient,
  address: string,
  { host, port, username, password }: Connection,
  sql: string,
  mode = 'verify-full',
): Promise<string> {
  const roots = 'sslrootcert=/etc/ssl/certs/ca-certificates.crt connect_timeout=2';
  const place = `host=${host} hostaddr=${address} port=${port} user=${username} dbname=shop`;
  const words = ['psql', '-XqAt', `${place} sslmode=${mode} ${roots}`, '-c', sql];
  return client(words, { PGPASSWORD: password });
}
