import { hashOf } from '../hash.ts';
import type { JsonMap } from '../json.ts';
import type { Region } from '../region.ts';
import type { Properties } from './properties.ts';

/** Which resource of which stack is being made. Everything that is drawn for it derives from this. */
export interface ResourceContext {
  readonly account: string;
  readonly regionName: string;
  readonly stackName: string;
  readonly logicalId: string;
  /** Makes the addresses of wait condition handles unguessable. */
  readonly secret: string;
  /** How often the resource was replaced; what takes its place has ids of its own. Absent: never. */
  readonly generation?: number;
  /** The stack's ARN, for the tags that CloudFormation gives. */
  readonly stackId?: string;
  /** Of a launch template: the data that it had before, the oldest first. */
  readonly formerVersions?: readonly JsonMap[];
  /** Whether an Auto Scaling group is made empty: the lab launches its instances itself. */
  readonly launchesLater?: boolean;
}

export interface Created {
  readonly region: Region;
  /** What Ref gives. */
  readonly physicalId: string;
  /** What Fn::GetAtt gives, by attribute name. */
  readonly attributes: JsonMap;
  /** `recorded` where this one resource has no effect in the region, e.g. an alias record. */
  readonly status?: 'modelled' | 'recorded';
}

/** What one type of resource does to a region. One file per type; `resource-types.ts` lists them. */
export interface ResourceType {
  /** e.g. `AWS::EC2::VPC`. */
  readonly type: string;
  /** Kept with an id and attributes, without an effect here; `quiet`: not worth a warning. */
  readonly recorded?: true | 'quiet';
  /**
   * What is taken of the properties that AWS has. `create` sees no others, and each other one is
   * named in a warning. Absent for what is recorded as a whole.
   */
  readonly properties?: {
    /** With an effect here, or in what Ref, Fn::GetAtt and the region show. */
    readonly real: readonly string[];
    /** Without one, and not worth a warning. */
    readonly recorded?: readonly string[];
    /** Whoever gives one of them is told that it cannot be. */
    readonly rejected?: readonly string[];
  };
  /** The region with the resource. Throws ProblemsError, with nothing made, where it cannot be. */
  readonly create: (region: Region, properties: Properties, context: ResourceContext) => Created;
}

/** An id as AWS gives them: the prefix and 17 hexadecimal digits, the first one 0. */
export function idOf(context: ResourceContext, prefix: string, part = ''): string {
  return `${prefix}-0${digestOf(context, prefix, part).slice(0, 16)}`;
}

/** The name of a resource that was given none: stack, logical id, and 12 letters and digits. */
export function nameOf(context: ResourceContext, atMost = 64): string {
  const suffix = codeOf(context, 12);
  const prefix = `${context.stackName}-${context.logicalId}`.slice(0, atMost - suffix.length - 1);
  return `${prefix}-${suffix}`;
}

/** Upper-case letters and digits that belong to this resource alone. */
export function codeOf(context: ResourceContext, length: number, part = ''): string {
  const number = BigInt(`0x${digestOf(context, 'code', part)}`);
  return number.toString(36).toUpperCase().padStart(length, '0').slice(-length);
}

export function arnOf(context: ResourceContext, service: string, resource: string): string {
  const regional = service === 'iam' || service === 's3' ? '' : context.regionName;
  const account = service === 's3' ? '' : context.account;
  return `arn:${partitionOf(context.regionName)}:${service}:${regional}:${account}:${resource}`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOf(regionName: string): string {
  if (regionName.startsWith('cn-')) return 'aws-cn';
  return regionName.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function digestOf(context: ResourceContext, ...parts: readonly string[]): string {
  return hashOf(...seedOf(context), ...parts);
}

/** What everything that is drawn for a resource begins with. */
export function seedOf(context: ResourceContext): readonly string[] {
  const { account, regionName, stackName, logicalId, generation = 0 } = context;
  const seed = [account, regionName, stackName, logicalId];
  return generation === 0 ? seed : [...seed, `generation ${generation}`];
}
