/** Differences between two regions, as a reviewer reads them. */

import type { Diff, PathChange } from '../diff/diff.ts';
import { namesText } from './names.ts';
import { servicesText } from './packets.ts';
import { verdictText } from './path.ts';
import { familyMark, outsideText } from './policy.ts';

/** Changes that read alike, as one. */
export interface ShownChange {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly services: string;
  /** Where it is not simply reachable: what that depends on. */
  readonly open?: string;
  readonly settings: readonly string[];
}

export function shownChanges(changes: readonly PathChange[]): readonly ShownChange[] {
  const shown = changes.map((each): ShownChange => {
    const open = openText(each);
    return {
      from: each.from ?? [outsideText(each.space, each.packets)],
      to: each.to ?? ['the Internet'],
      services: familyMark(each.space) + servicesText(each.packets),
      ...(open === undefined ? {} : { open }),
      settings: each.settings,
    };
  });
  const bySenders = merged(
    shown,
    ({ to, ...rest }) => [to, rest.services, rest.open, rest.settings],
    'from',
  );
  return merged(
    bySenders,
    ({ from, ...rest }) => [from, rest.services, rest.open, rest.settings],
    'to',
  );
}

function openText({ space, verdict }: PathChange): string | undefined {
  const { region } = space.model;
  return verdict.kind === 'reachable' ? undefined : verdictText(region, verdict);
}

function merged(
  changes: readonly ShownChange[],
  keyOf: (each: ShownChange) => unknown,
  side: 'from' | 'to',
): readonly ShownChange[] {
  return [...Map.groupBy(changes, (each) => JSON.stringify(keyOf(each))).values()].flatMap(
    (all) => {
      const [first] = all;
      if (first === undefined) return [];
      return [{ ...first, [side]: [...new Set(all.flatMap((each) => each[side]))] }];
    },
  );
}

export function changeLines({
  from,
  to,
  services,
  open,
  settings,
}: ShownChange): readonly string[] {
  return [
    `${namesText(from)} → ${namesText(to)}  ${services}`,
    ...(open === undefined ? [] : [`  ${open}`]),
    ...settings.slice(0, MOST_SETTINGS).map((each) => `  ${each}`),
    ...(settings.length > MOST_SETTINGS ? [`  and ${settings.length - MOST_SETTINGS} more`] : []),
  ];
}

const MOST_SETTINGS = 4;

export function hostLines({ added, removed, renamed }: Diff['hosts']): readonly string[] {
  return [
    ...(added.length === 0 ? [] : [`added: ${namesText(added, 8)}`]),
    ...(removed.length === 0 ? [] : [`removed: ${namesText(removed, 8)}`]),
    ...(renamed.length === 0
      ? []
      : [`renamed: ${renamed.map(([before, after]) => `${before} → ${after}`).join(', ')}`]),
  ];
}
