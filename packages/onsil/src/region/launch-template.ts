import type { JsonMap } from './json.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html */
export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  /** LaunchTemplateData in CloudFormation's form; an instance's own properties go before it. */
  readonly data: JsonMap;
}
