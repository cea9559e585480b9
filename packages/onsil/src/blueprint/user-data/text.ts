import { readFileSync } from 'node:fs';

/** The text of a part beside this file, without its final newline. */
export function part(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8').trimEnd();
}

/**
 * The text with `@NAME@` replaced by values, also inside replaced text. Throws where a name has
 * no value, or a value no name: a typing error must not reach a host.
 */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values));
  const replace = (template: string): string =>
    template.replaceAll(/@([A-Z_]+)@/g, (_whole, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`user data: no value for @${name}@`);
      unused.delete(name);
      return replace(value);
    });
  const filled = replace(text);
  if (unused.size > 0) throw new Error(`user data: nothing takes ${[...unused].join(', ')}`);
  return filled;
}
