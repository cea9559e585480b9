/** Keys for a list whose items may be alike: what each says, and how many before say the same. */
export function keyed<T>(items: readonly T[]): readonly (readonly [key: string, item: T])[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const text = JSON.stringify(item);
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return [`${text} ${count}`, item];
  });
}
