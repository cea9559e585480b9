/**
 * What must not be there yet. The network of a plan changes in one step; but a rule or a route that
 * DependsOn an instance or a wait condition waits for its turn, and what is refused never comes.
 */
import { addedEntries, withEntries } from '../region/entry.ts';
import { mergeRegions } from '../region/merge.ts';
import type { Region } from '../region/region.ts';
import type { ResourceChange } from './change.ts';
import type { StackResource } from './create-resource.ts';
import { referencesOf } from './references.ts';
import type { Stack, StackResult, Step } from './stack.ts';
import type { Template } from './template.ts';

/** Types whose creation takes time, besides whatever has a CreationPolicy. */
const SLOW: ReadonlySet<string> = new Set([
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::CloudFormation::WaitCondition',
  'AWS::EC2::Instance',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
]);

export interface Held {
  /** The region when the work begins. */
  readonly start: Region;
  /** By path: brings what was held into the region when its turn has come. */
  readonly releases: ReadonlyMap<string, (now: Region) => Region>;
}

/**
 * @param now the region before the plan
 * @param during with everything that the plan makes
 * @param held paths of what waits for its turn
 */
export function holdBack(
  now: Region,
  during: Region,
  former: StackResult | undefined,
  result: StackResult,
  held: ReadonlySet<string>,
): Held {
  const releases = new Map<string, (now: Region) => Region>();
  let start = during;
  const paths = [...result.steps.keys(), ...result.blocked].toReversed();
  for (const path of new Set(paths)) {
    if (!held.has(path) && !result.blocked.has(path)) continue;
    const [step, before] = [result.steps.get(path), former?.steps.get(path)];
    // A nested stack is as far there as its resources are.
    if (result.blocked.has(path) && step !== undefined) continue;
    const later = start;
    const bare = step === undefined ? start : mergeRegions(step.after, step.before, start);
    const earlier = before === undefined ? bare : putBack(before, bare, now);
    start = earlier;
    if (!result.blocked.has(path)) {
      releases.set(path, (region) => mergeRegions(earlier, later, region));
    }
  }
  return { start, releases };
}

/** The region with what a former step made, as it is `now`. */
function putBack(step: Step, region: Region, now: Region): Region {
  const own = addedEntries(step.before, step.after);
  const there = own.filter(({ table, id }) => now[table][id] !== undefined);
  return withEntries(mergeRegions(step.before, step.after, region), now, there);
}

/**
 * Paths of the resources that are held: those that DependsOn something slow which the plan changes
 * and that are not slow themselves, and those that refer to something held.
 */
export function heldPaths(
  template: Template,
  { resources }: Pick<Stack, 'resources'>,
  changes: readonly ResourceChange[],
  prefix = '',
): readonly string[] {
  const changed = new Map(changes.map((change) => [change.logicalId, change]));
  const slow = new Set<string>();
  const held = new Set<string>();
  const inner: string[] = [];
  for (const resource of Object.values(resources)) {
    const { logicalId, nested } = resource;
    const change = changed.get(logicalId);
    if (change === undefined) continue;
    const declared = template.resources[logicalId];
    const named = new Set(referencesOf(declared?.properties ?? {}, '').map(({ name }) => name));
    const waits = declared?.dependsOn.some(
      (name) => (slow.has(name) || held.has(name)) && !named.has(name),
    );
    if (isSlow(resource)) slow.add(logicalId);
    const refers = resource.dependsOn.some((name) => held.has(name) && named.has(name));
    const mayWait = nested !== undefined || !slow.has(logicalId);
    if (refers || (waits === true && mayWait)) held.add(logicalId);
    if (nested === undefined) continue;
    const path = `${prefix}${logicalId}.`;
    inner.push(...heldPaths(nested.source.template, nested, change.nested ?? [], path));
  }
  return [...inner, ...[...held].map((name) => `${prefix}${name}`)];
}

function isSlow({ type, creationPolicy, nested }: StackResource): boolean {
  if (nested !== undefined) return Object.values(nested.resources).some(isSlow);
  return SLOW.has(type) || creationPolicy !== undefined;
}
