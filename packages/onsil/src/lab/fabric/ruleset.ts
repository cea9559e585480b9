/**
 * A small part of nftables as structures; text is made last, in one normal form, so that equal
 * rule sets are equal text. https://wiki.nftables.org/wiki-nftables/index.php/Main_Page
 */
import { counterName, type Decider, labelOf } from './label.ts';

export interface Rule {
  /** All must match; empty matches every packet. */
  readonly matches: readonly string[];
  /** `accept`, `drop`, `return`, `jump …`, or a NAT or mangle statement. Absent: a verdict map. */
  readonly statement?: string;
  /** The label of what decides here: packets count under it, and a verdict is logged with it. */
  readonly label?: string;
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
  /** Labels of counters that only maps name. */
  readonly counters?: readonly string[];
}

/** What a counter has counted. */
export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

/** Everything of ours is in this one table of its namespace. */
export const TABLE = 'ip onsil';

/**
 * Where log messages go: an NFLOG group of the namespace. While nobody listens there, a message
 * costs no more than looking that up (nfulnl_log_packet in the kernel's nfnetlink_log.c).
 */
export const LOG_GROUP = 1;

/** Of a packet's bytes as logged: an IPv4 header with all options, and the ports. */
const LOG_BYTES = 64;

export function rule(statement: string, ...matches: readonly string[]): Rule {
  return { matches, statement };
}

/**
 * A rule that decides in the name of something. What accepts or drops is logged as well; `return`
 * leaves the verdict to others and is only counted.
 */
export function decide(
  by: Decider,
  statement: 'accept' | 'drop' | 'return',
  ...matches: readonly string[]
): Rule {
  return { matches, statement, label: labelOf(by) };
}

/** The element of a map to counters (`… : counter`). */
export function counterElement(key: string, label: string): string {
  return `${key} : "${counterName(label)}"`;
}

/** The labels of all counters that a rule set uses, sorted. */
export function countersOf({ chains, counters = [] }: Ruleset): readonly string[] {
  const named = chains.flatMap(({ rules }) => rules.flatMap(({ label }) => label ?? []));
  return [...new Set([...named, ...counters])].sort();
}

/** The table without its counters, which loadText adds. */
export function rulesetText({ lookups, chains }: Ruleset): string {
  const parts = [
    ...[...lookups].sort(byName).map(lookupText),
    ...[...chains].sort(byName).map(chainText),
  ];
  return [`table ${TABLE} {`, parts.join('\n\n'), '}', ''].join('\n');
}

/**
 * One transaction that puts the whole table in the place of the one before: no packet meets half
 * of it, and connections stay tracked. Counters go on from `counts`, by their labels.
 */
export function loadText(
  ruleset: string,
  counters: readonly string[],
  counts: ReadonlyMap<string, Count>,
): string {
  const lines = counters.map((label) => {
    const { packets, bytes } = counts.get(label) ?? { packets: 0, bytes: 0 };
    const value = `packets ${packets} bytes ${bytes}`;
    return `  counter ${counterName(label)} {\n    comment "${label}"\n    ${value}\n  }`;
  });
  return [
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    ...lines,
    '}',
    ruleset,
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

export function ruleText({ matches, statement, label }: Rule): string {
  const last = statement === undefined ? [] : [statement];
  if (label === undefined) {
    // Drops are counted, so that one can see which chain ended a packet's way.
    return [...matches, ...(statement === 'drop' ? ['counter'] : []), ...last].join(' ');
  }
  const log = `log prefix "${label}" group ${LOG_GROUP} snaplen ${LOG_BYTES}`;
  return [
    ...matches,
    `counter name ${counterName(label)}`,
    ...(statement === 'return' ? [] : [log]),
    ...last,
  ].join(' ');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
