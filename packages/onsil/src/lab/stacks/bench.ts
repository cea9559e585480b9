/** What the steps of an operation work with, on a stack or on one that it nests. */
import type { ResourceChange } from '../../cloudformation/change.ts';
import type { StackResource } from '../../cloudformation/create-resource.ts';
import type { Held } from '../../cloudformation/held.ts';
import type { Applier } from './applier.ts';
import type { Ledger } from './ledger.ts';

export interface Bench {
  readonly ledger: Ledger;
  readonly applier: Applier;
  readonly stackId: string;
  readonly stackName: string;
  /** The outermost stack. */
  readonly rootId: string;
  /** Before logical ids in paths: empty, or `Nested.`. */
  readonly path: string;
  /** What waits for its turn, by path. */
  readonly releases: Held['releases'];
  /** Aborted from outside: the operation was cancelled, or took too long. */
  readonly stop: AbortSignal;
  /** Whether what fails is left as it is. */
  readonly keepsFailed: boolean;
  readonly token?: string;
}

/** What a plan does to one stack. */
export interface Turn {
  /** By logical id, in the order of creation: as they shall be, and as they were. */
  readonly resources: Readonly<Record<string, StackResource>>;
  readonly former: Readonly<Record<string, StackResource>>;
  readonly changes: readonly ResourceChange[];
}

/** What has been done when a plan failed, for whoever takes it back. */
export interface Progress {
  /** Resources that were begun, in that order. */
  readonly begun: Set<string>;
  readonly failed: Map<string, ResourceError>;
  /** Of stacks that are nested, by the logical id of their resource. */
  readonly nested: Map<string, Progress>;
}

export const noProgress = (): Progress => ({
  ...{ begun: new Set(), failed: new Map(), nested: new Map() },
});

/** One resource could not be created or updated. */
export class ResourceError extends Error {
  override readonly name = 'ResourceError';
  readonly action: 'create' | 'update';

  constructor(action: 'create' | 'update', cause: unknown) {
    super(reasonOf(cause), { cause });
    this.action = action;
  }
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

export function tokenOf({ token }: Pick<Bench, 'token'>): { readonly token?: string } {
  return token === undefined ? {} : { token };
}

/** What AWS says of a stack whose resources failed; nothing where none did. */
export function failureOf({ failed }: Progress): string | undefined {
  const reasons = (['create', 'update'] as const).flatMap((action) => {
    const names = [...failed].flatMap(([name, each]) => (each.action === action ? [name] : []));
    return names.length === 0 ? [] : failedTo(action, names);
  });
  return reasons.length === 0 ? undefined : reasons.join(' ');
}

export function failedTo(action: 'create' | 'update' | 'delete', names: readonly string[]): string {
  return `The following resource(s) failed to ${action}: [${names.join(', ')}].`;
}

/** Of those that are still there: what failed itself, not what it stands on. */
export function failedToDelete(
  { ledger, stackId }: Pick<Bench, 'ledger' | 'stackId'>,
  lost: readonly string[],
): string {
  const { resourceStatus = {} } = ledger.find(stackId)?.record ?? {};
  const failed = lost.filter((name) => resourceStatus[name]?.status === 'DELETE_FAILED');
  return failedTo('delete', failed.length === 0 ? lost : failed);
}

/** Changes that make a resource, as a first one or in the place of another. */
export const makes = ({ action, replacement }: ResourceChange): boolean =>
  action === 'Add' || replacement === 'True';

export const changesInPlace = ({ action, replacement }: ResourceChange): boolean =>
  action === 'Modify' && replacement !== 'True';

/** Some of the resources, in their order. */
export function inOrder(
  all: Readonly<Record<string, StackResource>>,
  names: Iterable<string>,
): readonly StackResource[] {
  const wanted = new Set(names);
  return Object.values(all).filter(({ logicalId }) => wanted.has(logicalId));
}

/** Changes of policies alone are noted and nothing more, as on AWS. */
export function isWork({ action, scope }: ResourceChange): boolean {
  return (
    action !== 'Modify' ||
    scope.some((each) => each === 'Properties' || each === 'Tags' || each === 'Metadata')
  );
}

/** Resources that the stack has no more are no longer among its own, but for those that stayed. */
export function forgetGone(
  { ledger, stackId }: Pick<Bench, 'ledger' | 'stackId'>,
  resources: Turn['resources'],
  lost: readonly string[],
): void {
  const now = ledger.find(stackId)?.record.resourceStatus ?? {};
  const left = Object.entries(now).filter(
    ([name]) => resources[name] !== undefined || lost.includes(name),
  );
  ledger.note(stackId, { resourceStatus: Object.fromEntries(left) });
}
