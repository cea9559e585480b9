/** How the fabric speaks to the kernel: batches, one process per namespace and kind. */
import { existsSync } from 'node:fs';
import { CommandError, run } from '../process.ts';
import { namespaceFile } from './names.ts';
import { type NamespaceReference, referenceFile } from './namespace.ts';
import type { NamespacePlan, Setting } from './plan.ts';
import { type Count, loadText } from './ruleset.ts';

/** Runs lines of `ip` in the caller's namespace, or in a named one; stops at the first failure. */
export async function ipBatch(lines: readonly string[], namespace?: string): Promise<void> {
  if (lines.length === 0) return;
  const where = namespace === undefined ? [] : ['-n', namespace];
  await run('ip', [...where, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Runs every line in a named namespace, also after one that the kernel refuses. */
export async function ipBatchAnyway(lines: readonly string[], namespace: string): Promise<void> {
  if (lines.length === 0) return;
  const input = `${lines.join('\n')}\n`;
  try {
    await run('ip', ['-n', namespace, '-force', '-batch', '-'], { input });
  } catch (error) {
    // It says so at the end that a line failed: what was to be removed was not there.
    if (!(error instanceof CommandError) || error.exitCode === undefined) throw error;
  }
}

/** The same in a namespace that may have no name, also one of a container's user namespace. */
export async function ipBatchIn(
  reference: NamespaceReference,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  await run('nsenter', [`--net=${referenceFile(reference)}`, 'ip', '-batch', '-'], {
    input: `${lines.join('\n')}\n`,
  });
}

/** Loads the rule set of a plan in one transaction; its counters begin at `counts`. */
export async function loadRuleset(
  { name, ruleset, counters }: NamespacePlan,
  counts: ReadonlyMap<string, Count>,
): Promise<void> {
  if (ruleset === '') return;
  const input = loadText(ruleset, counters, counts);
  await run('nsenter', [`--net=${namespaceFile(name)}`, 'nft', '-f', '-'], { input });
}

export async function writeSysctls(namespace: string, sysctls: readonly string[]): Promise<void> {
  // A kernel without IPv6 has nothing to switch off.
  const known = existsSync('/proc/sys/net/ipv6')
    ? sysctls
    : sysctls.filter((each) => !each.startsWith('net.ipv6.'));
  if (known.length === 0) return;
  await run('nsenter', [`--net=${namespaceFile(namespace)}`, 'sysctl', '-q', '-w', ...known]);
}

/** The names of the links of a named namespace. */
export async function linksOf(namespace: string): Promise<ReadonlySet<string>> {
  const { stdout } = await run('ip', ['-n', namespace, '-brief', 'link', 'show']);
  return new Set(stdout.split('\n').flatMap((line) => /^[^\s@]+/.exec(line)?.[0] ?? []));
}

/** The line of a batch that makes a setting; only rules may not be there already. */
export function settingLine({ object, arguments: words }: Setting): string {
  return `${object} ${object === 'rule' ? 'add' : 'replace'} ${words}`;
}

export function undoLine({ object, arguments: words }: Setting): string {
  return `${object} del ${words}`;
}

/** Calls `work` for each item, for some of them at a time: a process costs the machine a core. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
