/** Lists of names, short enough to be read. */

/** `web, api-1…api-4`; beyond `atMost` items, how many more there are. */
export function namesText(names: readonly string[], atMost = 4): string {
  const items = folded(names);
  if (items.length <= atMost) return items.join(', ');
  const hidden = items.slice(atMost - 1).length;
  return `${items.slice(0, atMost - 1).join(', ')} and ${hidden} more`;
}

/** Names that differ in a last number only, which count up, are one item. */
function folded(names: readonly string[]): readonly string[] {
  const items: string[] = [];
  let run:
    | { readonly stem: string; readonly first: string; last: string; next: number }
    | undefined;
  const close = (): void => {
    if (run === undefined) return;
    const { first, last } = run;
    items.push(first === last ? first : `${first}…${last}`);
    run = undefined;
  };
  for (const name of new Set(names)) {
    const [, stem, digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
    const number = Number(digits);
    if (run !== undefined && stem === run.stem && number === run.next) {
      run.last = name;
      run.next = number + 1;
      continue;
    }
    close();
    if (stem === undefined) items.push(name);
    else run = { stem, first: name, last: name, next: number + 1 };
  }
  close();
  return items;
}
