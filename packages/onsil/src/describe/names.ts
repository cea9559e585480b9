/** Names by which people tell things apart. */

/** Who asks for these means no thing of the account. */
const ENDS: readonly string[] = ['internet', 'admin'];

export interface Named {
  readonly id: string;
  /** Empty where there is none. */
  readonly name: string;
  /** What would tell it from others of that name, better than its id. */
  readonly zone?: string | undefined;
}

/**
 * By id: the name, with the zone or the id where another thing has that name too; the id where
 * it has none. No two are equal.
 * @param taken names that others have
 */
export function namesOf(
  all: readonly Named[],
  taken: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const byName = Map.groupBy(all, ({ name }) => name);
  const names = all.map(({ id, name, zone }): readonly [string, string] => {
    const twins = byName.get(name) ?? [];
    if (name === '') return [id, id];
    if (twins.length < 2 && !taken.has(name) && !ENDS.includes(name)) return [id, name];
    const zones = new Set(twins.flatMap((each) => each.zone ?? []));
    return [id, `${name} (${zones.size === twins.length ? zone : id})`];
  });
  const times = Map.groupBy(names, ([, name]) => name);
  return new Map(
    names.map(([id, name]) => [id, times.get(name)?.length === 1 && !taken.has(name) ? name : id]),
  );
}

/** AWS describes interfaces of its services in fixed forms, and most of one is a hash. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^ELB (\w+\/[^/]+)\/[0-9a-f]+$/, 'ELB $1'],
  [/^AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/, 'Lambda $1'],
  [/^EFS mount target for (fs-[0-9a-f]+) .*$/, 'EFS $1'],
  [/^RDSNetworkInterface$/, 'RDS'],
];

/** `ELB app/web/50dc6c495c0c9188` as `ELB app/web`. */
export function serviceName(description: string): string {
  const form = FORMS.find(([pattern]) => pattern.test(description));
  return form === undefined ? description : description.replace(...form);
}
