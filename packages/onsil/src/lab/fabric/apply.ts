/** Makes the kernel's fabric equal to a plan. */
import { readCounters } from './counters.ts';
import {
  ipBatch,
  ipBatchAnyway,
  linksOf,
  loadRuleset,
  settingLine,
  undoLine,
  writeSysctls,
} from './kernel.ts';
import { natGatewayNamespace, routerNamespace } from './names.ts';
import { namespacesOf } from './namespace.ts';
import type { FabricPlan, LinkEnd, LinkPlan, NamespacePlan, Setting } from './plan.ts';

/**
 * Builds the fabric, or brings it from `previous` to `plan`. Applying the same plan again changes
 * nothing that a connection could notice. Without `previous`, whatever of this lab is there is
 * taken over and completed. Guests stay attached; tracked connections stay tracked; counters go
 * on. Throws CommandError with the kernel's words.
 */
export async function applyFabric(plan: FabricPlan, previous?: FabricPlan): Promise<void> {
  const there = await namespacesOf(plan.lab);
  const wanted = new Set(plan.namespaces.map(({ name }) => name));
  const owned = [routerNamespace(plan.lab, 'vpc-'), natGatewayNamespace(plan.lab, 'nat-')];
  const links = await keepLinks(
    plan,
    [...there].filter((name) => wanted.has(name)),
  );
  await ipBatch([
    ...[...there]
      .filter((name) => !wanted.has(name) && owned.some((prefix) => name.startsWith(prefix)))
      .map((name) => `netns del ${name}`),
    ...[...wanted].filter((name) => !there.has(name)).map((name) => `netns add ${name}`),
  ]);
  const missing = plan.links.filter(({ ends }) => !ends.every((end) => hasEnd(links, end)));
  const touched = new Set(missing.flatMap(({ ends }) => ends.map((end) => end.namespace)));
  const before = new Map(previous?.namespaces.map((each) => [each.name, each]));
  const states = plan.namespaces.map((namespace) => ({
    namespace,
    isThere: there.has(namespace.name),
    before: there.has(namespace.name) ? before.get(namespace.name) : undefined,
    links: links.get(namespace.name) ?? new Set<string>(),
    touched: touched.has(namespace.name),
  }));
  // Sysctls before links, which copy the defaults; rules before links, so that the first packet
  // is filtered already.
  await Promise.all(states.map(prepare));
  await ipBatch(missing.map(linkLine));
  await Promise.all(states.map((state) => settle(plan, previous, state)));
}

/**
 * Removes from the kernel what `doubtful` plans may have set and `plan`, which is applied, has not.
 * For what a failure left half-made: it does not matter how much of it is there.
 */
export async function removeLeftovers(
  plan: FabricPlan,
  doubtful: readonly FabricPlan[],
): Promise<void> {
  await Promise.all(
    plan.namespaces.map(async ({ name }) => {
      const wanted = new Set(settingsIn(plan, name).map(undoLine));
      const lines = doubtful
        .flatMap((each) => settingsIn(each, name).map(undoLine))
        .filter((line) => !wanted.has(line));
      await ipBatchAnyway([...new Set(lines)], name);
    }),
  );
}

function settingsIn(plan: FabricPlan, namespace: string): readonly Setting[] {
  return [
    ...plan.namespaces.filter(({ name }) => name === namespace),
    ...plan.interfaces.filter((each) => each.namespace === namespace),
  ].flatMap(({ settings }) => settings);
}

/** Removes the links that the plan does not have. @returns the others of each namespace */
async function keepLinks(
  plan: FabricPlan,
  namespaces: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const ends = [...plan.links.flatMap((link) => link.ends), ...plan.interfaces];
  const wanted = new Set(ends.map(({ namespace, name }) => `${namespace}/${name}`));
  const found = await Promise.all(
    namespaces.map(async (namespace) => ({ namespace, links: [...(await linksOf(namespace))] })),
  );
  const split = found.map(({ namespace, links }) => {
    // The kernel's own (`lo`, and what modules add) have other names.
    const stale = links.filter(
      (name) => /^(eni|up|svc|host|pcx|pcf)-/.test(name) && !wanted.has(`${namespace}/${name}`),
    );
    return { namespace, stale, kept: new Set(links.filter((name) => !stale.includes(name))) };
  });
  // A link between two routers has one name at both ends, and goes with either.
  const gone = new Set<string>();
  const removals = split.map(({ namespace, stale }) => {
    const own = stale.filter((name) => !(/^pc[xf]-/.test(name) && gone.has(name)));
    for (const name of own) gone.add(name);
    return { namespace, lines: own.map((name) => `link del dev ${name}`) };
  });
  await Promise.all(removals.map(({ namespace, lines }) => ipBatch(lines, namespace)));
  return new Map(split.map(({ namespace, kept }) => [namespace, kept]));
}

interface State {
  readonly namespace: NamespacePlan;
  readonly isThere: boolean;
  /** What the kernel was told last. Absent: nothing, or it is not known. */
  readonly before: NamespacePlan | undefined;
  readonly links: ReadonlySet<string>;
  /** One of its links is made now: settings that it may have had are gone. */
  readonly touched: boolean;
}

async function prepare({ namespace, before, isThere }: State): Promise<void> {
  if (before === undefined) await writeSysctls(namespace.name, namespace.sysctls);
  if (before?.ruleset === namespace.ruleset) return;
  // A packet between this reading and the new rules is not counted.
  const counted = isThere && namespace.counters.length > 0;
  await loadRuleset(namespace, counted ? readCounters(namespace.name) : new Map());
  await writeSysctls(namespace.name, namespace.conntrackSysctls);
}

async function settle(
  plan: FabricPlan,
  previous: FabricPlan | undefined,
  { namespace, before, links, touched }: State,
): Promise<void> {
  const fresh = before === undefined || touched;
  const ends = plan.links.flatMap((link) => link.ends);
  const up = ends.filter((end) => end.namespace === namespace.name).map(({ name }) => name);
  const interfacesBefore = new Map(previous?.interfaces.map((each) => [each.id, each.settings]));
  const changes = [
    difference(before?.settings ?? [], namespace.settings),
    ...plan.interfaces
      .filter((each) => each.namespace === namespace.name && links.has(each.name))
      .map((each) => difference(interfacesBefore.get(each.id) ?? [], each.settings)),
  ];
  const undo = changes
    .flatMap((change) => change.undo)
    .filter((setting) => stands(setting, links) && !(fresh && setting.object === 'rule'));
  const [own, ...interfaces] = changes.map((change) => change.make);
  const make = [...((fresh ? namespace.settings : own) ?? []), ...interfaces.flat()];
  await ipBatch(
    [
      // A lookup while a rule is missing ends in the main table: dropped, never let out.
      ...(fresh ? ['rule flush', 'rule add pref 32766 lookup main'] : []),
      ...(fresh ? ['lo', ...up].map((name) => `link set dev ${name} up`) : []),
      ...undo.map(undoLine),
      ...make.map(settingLine),
    ],
    namespace.name,
  );
}

function difference(before: readonly Setting[], now: readonly Setting[]) {
  const key = (setting: Setting) => `${setting.object} ${setting.arguments}`;
  const old = new Set(before.map(key));
  const wanted = new Set(now.map(key));
  return {
    undo: before.filter((setting) => !wanted.has(key(setting))),
    make: now.filter((setting) => !old.has(key(setting))),
  };
}

/** Settings of a link went with it. */
function stands(setting: Setting, links: ReadonlySet<string>): boolean {
  const [, device] = / dev (\S+)/.exec(setting.arguments) ?? [];
  return device === undefined || device === 'lo' || links.has(device);
}

function hasEnd(links: ReadonlyMap<string, ReadonlySet<string>>, end: LinkEnd): boolean {
  return links.get(end.namespace)?.has(end.name) === true;
}

function linkLine({ ends: [one, other], mtu }: LinkPlan): string {
  const words = ({ name, namespace, macAddress }: LinkEnd) =>
    [
      `name ${name} netns ${namespace} mtu ${mtu}`,
      ...(macAddress === undefined ? [] : [`address ${macAddress}`]),
    ].join(' ');
  return `link add ${words(one)} type veth peer ${words(other)}`;
}
