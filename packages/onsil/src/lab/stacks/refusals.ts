/** What a stack may be asked for in which status. */
import { flatResources } from '../../cloudformation/flat.ts';
import type { Stack } from '../../cloudformation/stack.ts';
import { StackError, type StackRecord } from './stack-service.ts';

/** Throws where the stack cannot be updated now. */
export function refuseUpdate({ id, status }: StackRecord): void {
  const isThere = !/^ROLLBACK_|^CREATE_FAILED|^DELETE_|^REVIEW_/.test(status);
  const isStable = !status.endsWith('_IN_PROGRESS') && !status.endsWith('_FAILED');
  if (isThere && isStable) return;
  const said = `Stack:${id} is in ${status} state and can not be updated.`;
  const hint = /^UPDATE_FAILED/.test(status) ? ' Roll it back first: RollbackStack.' : '';
  throw new StackError('ValidationError', `${said}${hint}`);
}

/** Throws where the stack cannot be deleted now. */
export function refuseDeletion(record: StackRecord): void {
  const { id, name, status, terminationProtection } = record;
  if (status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS') {
    const said = `Stack [${id}] cannot be deleted while in status ${status}`;
    throw new StackError('ValidationError', said);
  }
  if (!terminationProtection) return;
  const said = `Stack [${name}] cannot be deleted while TerminationProtection is enabled`;
  throw new StackError('ValidationError', said);
}

/** Nested stacks are worked on with the stack that nests them, here without an exception. */
export function refuseNested({ id, rootId }: StackRecord): void {
  if (rootId === undefined) return;
  const said = `Stack ${id} is nested: ask for its root stack, ${rootId}.`;
  throw new StackError('ValidationError', said);
}

/** Throws unless the stack has one of the statuses. */
export function demandStatus(
  { id, status }: StackRecord,
  operation: string,
  allowed: readonly StackRecord['status'][],
): void {
  if (allowed.includes(status)) return;
  const said = `Stack ${id} is in ${status} state: ${operation} is for ${allowed.join(' and ')}.`;
  throw new StackError('ValidationError', said);
}

/**
 * The paths of what is named `LogicalId`, or `NestedStackName.LogicalId` where it is in a nested
 * stack. Throws where there is no such resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
 */
export function skippedPaths(
  names: readonly string[],
  stack: Stack | undefined,
): readonly string[] {
  if (stack === undefined) return [];
  const prefixes = new Map(
    flatResources(stack).flatMap(({ logicalId, nested }) =>
      nested === undefined ? [] : [[nested.name, `${logicalId}.`] as const],
    ),
  );
  return names.map((name) => {
    const [id = '', nested] = name.split('.').toReversed();
    const prefix = nested === undefined ? '' : prefixes.get(nested);
    if (prefix !== undefined) return `${prefix}${id}`;
    const said = `ResourcesToSkip names ${name}: there is no nested stack ${nested}.`;
    throw new StackError('ValidationError', said);
  });
}
