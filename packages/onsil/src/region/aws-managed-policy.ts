import type { PolicyStatement } from './role.ts';

/** What a policy that AWS keeps allows. None of these denies anything. */
interface AwsManagedPolicy {
  readonly statements: readonly PolicyStatement[];
  /** False: it allows more than is listed here, of services that a lab has not. */
  readonly whole: boolean;
}

const allow = (...actions: readonly string[]): readonly PolicyStatement[] => [
  { effect: 'Allow', actions, resources: ['*'] },
];

const READ = [
  ...['autoscaling', 'cloudformation', 'ec2', 'ecr', 'elasticloadbalancing', 'iam', 'rds'],
  ...['route53', 's3', 'ssm', 'sts'],
].flatMap((service) => [`${service}:Describe*`, `${service}:Get*`, `${service}:List*`]);

/** By ARN. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const POLICIES: Readonly<Record<string, AwsManagedPolicy>> = {
  'arn:aws:iam::aws:policy/AdministratorAccess': { statements: allow('*'), whole: true },
  'arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess': {
    statements: allow(
      ...['cloudformation:Describe*', 'cloudformation:Detect*', 'cloudformation:Get*'],
      ...['cloudformation:EstimateTemplateCost', 'cloudformation:List*'],
      'cloudformation:ValidateTemplate',
    ),
    whole: true,
  },
  'arn:aws:iam::aws:policy/ReadOnlyAccess': { statements: allow(...READ), whole: false },
};

export const awsManagedPolicy = (arn: string): AwsManagedPolicy | undefined => POLICIES[arn];
