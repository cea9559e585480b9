/** Lists of names, short enough to be read. */

/** `web, api-1…api-4`; beyond `atMost` items, how many more names there are. */
export function namesText(names: readonly string[], atMost = 4): string {
  const items = folded(names);
  const shown = items.length <= atMost ? items : items.slice(0, atMost - 1);
  const text = shown.map(({ first, last }) => (first === last ? first : `${first}…${last}`));
  const hidden = items.slice(shown.length).reduce((sum, { count }) => sum + count, 0);
  return text.join(', ') + (hidden === 0 ? '' : ` and ${hidden} more`);
}

interface Item {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** Names that differ in a last number only, which count up, are one item. */
function folded(names: readonly string[]): readonly Item[] {
  const items: Item[] = [];
  for (const name of new Set(names)) {
    const previous = items.at(-1);
    if (previous !== undefined && name === successor(previous.last)) {
      items[items.length - 1] = { ...previous, last: name, count: previous.count + 1 };
    } else items.push({ first: name, last: name, count: 1 });
  }
  return items;
}

/** `api-9` → `api-10`. */
function successor(name: string): string | undefined {
  const [, stem, digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return stem === undefined ? undefined : `${stem}${Number(digits) + 1}`;
}
