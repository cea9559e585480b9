/** What Ref and Fn::GetAtt of each recorded type give, as AWS's page of it says. */
import type { ResourceContext } from './resource-type.ts';
import { codeOf } from './resource-type.ts';

/** What Ref and Fn::GetAtt give, made of the resource's name. */
export interface Form {
  /** The property that names it. */
  readonly named?: string;
  /** Of its ARN; `$name` stands for the name, `$id` for a drawn one. */
  readonly arn?: readonly [service: string, resource: string];
  /** What Ref gives; the name where absent. */
  readonly ref?: 'arn' | 'id' | ((name: string, context: ResourceContext) => string);
  /** Each attribute with its value, of the same words and `$arn`, `$region`, `$account`. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** As AWS documents Ref and Fn::GetAtt of each type, "Return values" of its page. */
export const FORMS: Readonly<Record<string, Form>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    ref: (name) => `${name}|capacity|service`,
    attributes: { Id: '$name|capacity|service' },
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    named: 'PolicyName',
    arn: ['autoscaling', 'scalingPolicy:$id:resource/$name'],
    ref: 'arn',
    attributes: { Arn: '$arn' },
  },
  'AWS::Backup::BackupPlan': {
    ref: 'id',
    arn: ['backup', 'backup-plan:$id'],
    attributes: { BackupPlanArn: '$arn', BackupPlanId: '$id', VersionId: '$id' },
  },
  'AWS::Backup::BackupSelection': { ref: 'id', attributes: { Id: '$id', SelectionId: '$id' } },
  'AWS::Backup::BackupVault': {
    named: 'BackupVaultName',
    arn: ['backup', 'backup-vault:$name'],
    attributes: { BackupVaultArn: '$arn', BackupVaultName: '$name' },
  },
  'AWS::CloudFront::Distribution': {
    ref: (_name, context) => `E${codeOf(context, 13)}`,
    attributes: { DomainName: 'd$short.cloudfront.net', Id: 'E$code' },
  },
  'AWS::CloudWatch::Alarm': {
    named: 'AlarmName',
    arn: ['cloudwatch', 'alarm:$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::CloudWatch::Dashboard': { named: 'DashboardName' },
  'AWS::CodeBuild::Project': {
    named: 'Name',
    arn: ['codebuild', 'project/$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::DynamoDB::Table': {
    named: 'TableName',
    arn: ['dynamodb', 'table/$name'],
    attributes: { Arn: '$arn', StreamArn: '$arn/stream/2026-01-01T00:00:00.000' },
  },
  'AWS::ECR::Repository': {
    named: 'RepositoryName',
    arn: ['ecr', 'repository/$name'],
    attributes: { Arn: '$arn', RepositoryUri: '$account.dkr.ecr.$region.amazonaws.com/$name' },
  },
  'AWS::ECS::CapacityProvider': { named: 'Name' },
  'AWS::ECS::Cluster': {
    named: 'ClusterName',
    arn: ['ecs', 'cluster/$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::ECS::ClusterCapacityProviderAssociations': { named: 'Cluster' },
  'AWS::ECS::Service': {
    named: 'ServiceName',
    arn: ['ecs', 'service/$name'],
    ref: 'arn',
    attributes: { Name: '$name', ServiceArn: '$arn' },
  },
  'AWS::ECS::TaskDefinition': {
    named: 'Family',
    arn: ['ecs', 'task-definition/$name:1'],
    ref: 'arn',
    attributes: { TaskDefinitionArn: '$arn' },
  },
  'AWS::EKS::Cluster': {
    named: 'Name',
    arn: ['eks', 'cluster/$name'],
    attributes: {
      Arn: '$arn',
      Endpoint: 'https://$short.gr7.$region.eks.amazonaws.com',
      OpenIdConnectIssuerUrl: 'https://oidc.eks.$region.amazonaws.com/id/$code',
    },
  },
  'AWS::EKS::Nodegroup': {
    named: 'NodegroupName',
    arn: ['eks', 'nodegroup/$name/$id'],
    attributes: { Arn: '$arn', NodegroupName: '$name' },
  },
  'AWS::ElastiCache::ParameterGroup': {},
  'AWS::ElastiCache::SubnetGroup': { named: 'CacheSubnetGroupName' },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': { ref: 'id' },
  'AWS::Events::Rule': {
    named: 'Name',
    arn: ['events', 'rule/$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::IAM::AccessKey': {
    ref: (_name, context) => `AKIA${codeOf(context, 16)}`,
    attributes: { SecretAccessKey: 'recorded-not-a-key' },
  },
  'AWS::IAM::Group': {
    named: 'GroupName',
    arn: ['iam', 'group/$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::IAM::ServiceLinkedRole': { attributes: { RoleName: '$name' } },
  'AWS::IAM::User': { named: 'UserName', arn: ['iam', 'user/$name'], attributes: { Arn: '$arn' } },
  'AWS::KMS::Alias': { named: 'AliasName' },
  'AWS::KMS::Key': {
    ref: 'id',
    arn: ['kms', 'key/$id'],
    attributes: { Arn: '$arn', KeyId: '$id' },
  },
  'AWS::Kinesis::Stream': {
    named: 'Name',
    arn: ['kinesis', 'stream/$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::Lambda::EventSourceMapping': { ref: 'id', attributes: { Id: '$id' } },
  'AWS::Lambda::Function': {
    named: 'FunctionName',
    arn: ['lambda', 'function:$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::Lambda::LayerVersion': {
    named: 'LayerName',
    arn: ['lambda', 'layer:$name:1'],
    ref: 'arn',
    attributes: { LayerVersionArn: '$arn' },
  },
  'AWS::Lambda::Permission': { attributes: { Id: '$name' } },
  'AWS::Lambda::Version': {
    arn: ['lambda', 'function:$name:1'],
    ref: 'arn',
    attributes: { Version: '1' },
  },
  'AWS::Logs::MetricFilter': {},
  'AWS::Logs::SubscriptionFilter': {},
  'AWS::RDS::EventSubscription': {},
  'AWS::RDS::OptionGroup': {},
  'AWS::Redshift::ClusterSubnetGroup': { attributes: { ClusterSubnetGroupName: '$name' } },
  'AWS::ResourceGroups::Group': {
    named: 'Name',
    arn: ['resource-groups', 'group/$name'],
    attributes: { Arn: '$arn' },
  },
  'AWS::SNS::Subscription': { arn: ['sns', '$name:$id'], ref: 'arn', attributes: { Arn: '$arn' } },
  'AWS::SNS::Topic': {
    named: 'TopicName',
    arn: ['sns', '$name'],
    ref: 'arn',
    attributes: { TopicArn: '$arn', TopicName: '$name' },
  },
  'AWS::SNS::TopicPolicy': { attributes: { Id: '$name' } },
  'AWS::SQS::Queue': {
    named: 'QueueName',
    arn: ['sqs', '$name'],
    ref: (name, { account, regionName }) =>
      `https://sqs.${regionName}.amazonaws.com/${account}/${name}`,
    attributes: {
      Arn: '$arn',
      QueueName: '$name',
      QueueUrl: 'https://sqs.$region.amazonaws.com/$account/$name',
    },
  },
  'AWS::SQS::QueuePolicy': { attributes: { Id: '$name' } },
  'AWS::SSM::Association': { ref: 'id', attributes: { AssociationId: '$id' } },
  'AWS::SSM::Document': { named: 'Name' },
  'AWS::SSM::MaintenanceWindow': { ref: 'id' },
  'AWS::SecretsManager::ResourcePolicy': { attributes: { Id: '$name' } },
  'AWS::SecretsManager::RotationSchedule': { attributes: { Id: '$name' } },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': {
    ref: (_name, context) => `ns-${codeOf(context, 16).toLowerCase()}`,
    arn: ['servicediscovery', 'namespace/ns-$short'],
    attributes: { Arn: '$arn', Id: 'ns-$short' },
  },
  'AWS::ServiceDiscovery::Service': {
    ref: (_name, context) => `srv-${codeOf(context, 16).toLowerCase()}`,
    arn: ['servicediscovery', 'service/srv-$short'],
    attributes: { Arn: '$arn', Id: 'srv-$short', Name: '$name' },
  },
  'AWS::StepFunctions::StateMachine': {
    named: 'StateMachineName',
    arn: ['states', 'stateMachine:$name'],
    ref: 'arn',
    attributes: { Arn: '$arn', Name: '$name' },
  },
};

/** They change nothing that onsil shows: not worth a warning. */
export const QUIET: Readonly<Record<string, Form>> = {
  'AWS::CDK::Metadata': { attributes: { Id: '$name' } },
  'AWS::EC2::FlowLog': { attributes: { Id: '$name' } },
  'AWS::Logs::LogGroup': {
    named: 'LogGroupName',
    arn: ['logs', 'log-group:$name'],
    attributes: { Arn: '$arn:*' },
  },
  'AWS::Logs::LogStream': { named: 'LogStreamName' },
  'AWS::S3::BucketPolicy': { attributes: { Id: '$name' } },
};
