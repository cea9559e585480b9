import type { JsonMap } from './json.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html */
export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  /** The latest one last. Number 1 is the default one: CloudFormation never moves that. */
  readonly versions: readonly LaunchTemplateVersion[];
}

export interface LaunchTemplateVersion {
  readonly number: number;
  /** LaunchTemplateData in CloudFormation's form; an instance's own properties go before it. */
  readonly data: JsonMap;
}

/** Nothing where it has no such version. @param version a number, `$Latest` or `$Default` */
export function versionOf(
  { versions }: LaunchTemplate,
  version: string,
): LaunchTemplateVersion | undefined {
  if (version === '$Latest') return versions.at(-1);
  const wanted = version === '$Default' ? 1 : Number(version);
  return versions.find(({ number }) => number === wanted);
}
