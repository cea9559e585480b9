/**
 * A small part of nftables as structures; text is made last, in one normal form, so that equal
 * rule sets are equal text. https://wiki.nftables.org/wiki-nftables/index.php/Main_Page
 */

export interface Rule {
  /** All must match; empty matches every packet. */
  readonly matches: readonly string[];
  /** `accept`, `drop`, `return`, `jump …`, or a NAT or mangle statement. Absent: a verdict map. */
  readonly statement?: string;
}

export interface Hook {
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
}

export interface Chain {
  readonly name: string;
  /** Absent: entered by a jump only. */
  readonly hook?: Hook;
  /** In order. */
  readonly rules: readonly Rule[];
}

/** A set, or a map where elements have a value. */
export interface Lookup {
  readonly name: string;
  /** e.g. `ifname . ipv4_addr` or `ifname : verdict`. */
  readonly type: string;
  readonly interval?: boolean;
  readonly elements: readonly string[];
}

export interface Ruleset {
  readonly lookups: readonly Lookup[];
  readonly chains: readonly Chain[];
}

/** Everything of ours is in this one table of its namespace. */
export const TABLE = 'ip onsil';

export function rule(statement: string, ...matches: readonly string[]): Rule {
  return { matches, statement };
}

/**
 * One transaction that puts the whole table in the place of the one before: no packet meets half
 * of it, and connections stay tracked.
 */
export function rulesetText({ lookups, chains }: Ruleset): string {
  const parts = [
    ...[...lookups].sort(byName).map(lookupText),
    ...[...chains].sort(byName).map(chainText),
  ];
  return [
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    parts.join('\n\n'),
    '}',
    '',
  ].join('\n');
}

function lookupText({ name, type, interval, elements }: Lookup): string {
  const keyword = type.includes(' : ') ? 'map' : 'set';
  return [
    `  ${keyword} ${name} {`,
    `    type ${type}`,
    ...(interval === true ? ['    flags interval', '    auto-merge'] : []),
    ...(elements.length === 0
      ? []
      : ['    elements = {', `      ${[...elements].sort().join(',\n      ')}`, '    }']),
    '  }',
  ].join('\n');
}

function chainText({ name, hook, rules }: Chain): string {
  return [
    `  chain ${name} {`,
    ...(hook === undefined
      ? []
      : [
          `    type ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy};`,
        ]),
    ...rules.map((each) => `    ${ruleText(each)}`),
    '  }',
  ].join('\n');
}

export function ruleText({ matches, statement }: Rule): string {
  // Drops are counted, so that one can see which chain ended a packet's way.
  const last =
    statement === 'drop' ? ['counter', 'drop'] : statement === undefined ? [] : [statement];
  return [...matches, ...last].join(' ');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
