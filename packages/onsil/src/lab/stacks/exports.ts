/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html */
import type { StackOutput } from '../../cloudformation/outputs.ts';
import type { Stack } from '../../cloudformation/stack.ts';
import { StackError, type StackRecord } from './stack-service.ts';

/** The exports of all stacks that are there, oldest stack first. */
export function exportsOf(
  records: readonly StackRecord[],
): readonly { readonly name: string; readonly value: string; readonly stackId: string }[] {
  return there(records)
    .toReversed()
    .flatMap(({ id, stack }) =>
      Object.values(stack?.outputs ?? {}).flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ name: exportName, value, stackId: id }],
      ),
    );
}

/** Names of the stacks that import it. */
export function importersOf(
  records: readonly StackRecord[],
  exportName: string,
): readonly string[] {
  return there(records)
    .filter(({ stack }) => stack?.imports.includes(exportName))
    .map(({ name }) => name)
    .toReversed();
}

/** Throws where the stack would lose an export, or change its value, that others import. */
export function refuseChangedExports(
  records: readonly StackRecord[],
  record: StackRecord,
  after: Stack | undefined,
): void {
  const own = new Set(
    records.filter(({ id, rootId }) => id === record.id || rootId === record.id).map(nameOf),
  );
  const values = new Map(outputsOf(after).map(({ exportName, value }) => [exportName, value]));
  for (const { exportName, value } of outputsOf(record.stack)) {
    if (exportName === undefined || values.get(exportName) === value) continue;
    const importers = importersOf(records, exportName).filter((name) => !own.has(name));
    if (importers.length === 0) continue;
    const what = values.has(exportName) ? 'updated' : 'deleted';
    const said = `Export ${exportName} cannot be ${what} as it is in use by ${importers.join(', ')}`;
    throw new StackError('ValidationError', said);
  }
}

const nameOf = ({ name }: StackRecord): string => name;

/** With those of the stacks that it nests. */
function outputsOf(stack: Stack | undefined): readonly StackOutput[] {
  if (stack === undefined) return [];
  const inner = Object.values(stack.resources).flatMap(({ nested }) => outputsOf(nested));
  return [...Object.values(stack.outputs), ...inner];
}

const there = (records: readonly StackRecord[]): readonly StackRecord[] =>
  records.filter(({ status }) => status !== 'DELETE_COMPLETE');
