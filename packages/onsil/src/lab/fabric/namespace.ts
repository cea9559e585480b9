import { readdir } from 'node:fs/promises';
import { CommandError, run } from '../process.ts';
import { NAMESPACES, namespaceFile, namespacePrefix } from './names.ts';

export { hostNamespace, internetNamespace, routerNamespace } from './names.ts';

/** A process's network namespace, or a named one. */
export type NamespaceReference = { readonly pid: number } | { readonly namespace: string };

/** The file that stands for a network namespace. */
export function referenceFile(reference: NamespaceReference): string {
  return 'pid' in reference ? `/proc/${reference.pid}/ns/net` : namespaceFile(reference.namespace);
}

/** Makes an empty network namespace of that name unless it is there. */
export async function ensureNamespace(name: string): Promise<void> {
  if ((await allNamespaces()).includes(name)) return;
  try {
    await run('ip', ['netns', 'add', name]);
  } catch (error) {
    // Somebody else was faster.
    if (error instanceof CommandError && (await allNamespaces()).includes(name)) return;
    throw error;
  }
}

/** Every named network namespace of this machine, of any lab or none. */
export async function allNamespaces(): Promise<readonly string[]> {
  return readdir(NAMESPACES).catch((error: NodeJS.ErrnoException) => {
    // Nobody has made a named namespace since the machine started.
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** The namespaces that are there of one lab. */
export async function namespacesOf(lab: string): Promise<ReadonlySet<string>> {
  const prefix = namespacePrefix(lab);
  return new Set((await allNamespaces()).filter((name) => name.startsWith(prefix)));
}
