import type { Folder, Node } from './tree.ts';

/**
 * The text at a path below a folder, or undefined. A folder answers with its listing, with and
 * without a final slash; an entry listed as `0=name` is entered as `0`.
 */
export function readPath(folder: Folder, path: readonly string[]): string | undefined {
  let node: Node | undefined = folder;
  for (const part of path) {
    if (typeof node === 'string' || node === undefined) return undefined;
    const entry: string | undefined = Object.keys(node).find(
      (name) => name === part || name.startsWith(`${part}=`),
    );
    node = entry === undefined ? undefined : node[entry];
  }
  return typeof node === 'object' ? listing(node) : node;
}

function listing(folder: Folder): string {
  return Object.keys(folder)
    .flatMap((name) => {
      // Looking at a value would compute it; only folders and absent entries need a look.
      const property = Object.getOwnPropertyDescriptor(folder, name);
      if (property?.get !== undefined) return [name];
      const node = folder[name];
      if (node === undefined) return [];
      return [typeof node === 'string' || name.includes('=') ? name : `${name}/`];
    })
    .join('\n');
}
