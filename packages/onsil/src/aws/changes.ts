/** What a template changes of a deployed one, and which of it cannot be taken back. */
import type { ResourceDifference, TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { Template } from '../cloudformation/template.ts';

export type ChangeKind = 'add' | 'update' | 'may replace' | 'replace' | 'remove';

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly kind: ChangeKind;
  /** Top-level properties that differ, each with what its change comes to. */
  readonly properties: readonly { readonly name: string; readonly replaces: boolean }[];
  /** Of what is there now: what becomes of it when it is removed or replaced. */
  readonly kept: 'deleted' | 'kept' | 'kept as a snapshot';
}

/** Types whose end is the end of what people stored in them. */
const WITH_DATA: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::EC2::Instance',
  'AWS::EC2::Volume',
  'AWS::EFS::FileSystem',
  'AWS::ElastiCache::CacheCluster',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Route53::HostedZone',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
]);

const IMPACTS: Readonly<Record<string, ChangeKind>> = {
  WILL_CREATE: 'add',
  WILL_IMPORT: 'add',
  WILL_UPDATE: 'update',
  MAY_REPLACE: 'may replace',
  WILL_REPLACE: 'replace',
  WILL_DESTROY: 'remove',
  WILL_ORPHAN: 'remove',
};

export function resourceChanges(diff: TemplateDiff): readonly ResourceChange[] {
  return Object.entries(diff.resources.changes).flatMap(([logicalId, change]) => {
    const kind = IMPACTS[change.changeImpact];
    if (kind === undefined || change.resourceType === 'AWS::CDK::Metadata') return [];
    return [
      {
        logicalId,
        type: change.resourceType ?? '',
        kind,
        properties: Object.entries(change.propertyUpdates).map(([name, { changeImpact }]) => ({
          name,
          replaces: changeImpact === 'WILL_REPLACE' || changeImpact === 'MAY_REPLACE',
        })),
        kept: fate(policyOf(change, kind)),
      },
    ];
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
function policyOf({ oldValue, newValue }: ResourceDifference, kind: ChangeKind): unknown {
  return kind === 'remove' ? oldValue?.['DeletionPolicy'] : newValue?.['UpdateReplacePolicy'];
}

function fate(policy: unknown): ResourceChange['kept'] {
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate') return 'kept';
  return policy === 'Snapshot' ? 'kept as a snapshot' : 'deleted';
}

/** Those that end something with data in it: typed confirmation is for them. */
export function endings(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  return changes.filter(
    ({ type, kind }) =>
      WITH_DATA.has(type) && (kind === 'remove' || kind === 'replace' || kind === 'may replace'),
  );
}

export interface Ending {
  readonly logicalId: string;
  readonly type: string;
  readonly kept: ResourceChange['kept'];
}

/** What becomes of everything with data when the whole stack is deleted. */
export function endingsOfAll({ resources }: Template): readonly Ending[] {
  return Object.entries(resources).flatMap(([logicalId, { type, deletionPolicy }]) =>
    WITH_DATA.has(type) || deletionPolicy !== undefined
      ? [{ logicalId, type, kept: fate(deletionPolicy ?? defaultPolicy(type)) }]
      : [],
  );
}

/** RDS keeps a snapshot where nothing is said: aws-attribute-deletionpolicy, "Snapshot". */
const defaultPolicy = (type: string): string | undefined =>
  type === 'AWS::RDS::DBCluster' ? 'Snapshot' : undefined;
