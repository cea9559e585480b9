/** Root is asked for only where the kernel demands it, and then by name. */
import { UsageError } from './errors.ts';

/** Throws where this process is not root: what needs it, and how to get it. */
export function requireRoot(what: string): void {
  if (process.getuid?.() === 0) return;
  throw new UsageError(
    `onsil ${what} enters the lab's namespaces, which needs root: sudo npx onsil ${what} … ` +
      '(status, template and doctor work without).',
  );
}
