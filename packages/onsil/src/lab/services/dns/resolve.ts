import type { Answer } from 'dns-packet';
import type { Region } from '../../../region/region.ts';
import { failure, NOERROR, NXDOMAIN, REFUSED, type Resolution, SERVFAIL } from './message.ts';
import { GIVEN_NAME_TTL, givenName, type ServiceAddresses } from './names.ts';
import { longestMatch, lookup } from './zone.ts';

export interface ResolveContext {
  readonly region: Region;
  /** Undefined: the public view, as outside hosts see it. */
  readonly vpcId: string | undefined;
  readonly addresses: ServiceAddresses;
  /** Asks the real Internet. Never rejects. */
  readonly forward: (name: string, type: string) => Promise<Resolution>;
}

/** A longer chain of aliases is a loop, or might as well be. */
const MAX_ALIASES = 16;

type Step = Resolution & {
  readonly next?: string;
  /** Of an alias record of Route 53: the answers of that name are this name's own. */
  readonly same?: { readonly target: string; readonly type: string };
};

/**
 * Answers a question in one view, aliases followed to their end.
 * @param name lower case, with the final dot
 */
export async function resolve(
  context: ResolveContext,
  name: string,
  type: string,
  depth = 0,
): Promise<Resolution> {
  const answers: Answer[] = [];
  let authoritative = true;
  let at = name;
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases += 1) {
    const step: Step = local(context, at, type) ?? (await context.forward(at, type));
    answers.push(...step.answers);
    authoritative &&= step.authoritative;
    if (step.same !== undefined) {
      const own = await sameAs(context, at, step.same, depth);
      return { ...own, authoritative, answers: [...answers, ...own.answers] };
    }
    if (step.next === undefined) {
      return { rcode: step.rcode, authoritative, answers, authorities: step.authorities };
    }
    at = step.next;
  }
  return failure(SERVFAIL);
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html */
async function sameAs(
  context: ResolveContext,
  name: string,
  { target, type }: NonNullable<Step['same']>,
  depth: number,
): Promise<Resolution> {
  if (depth >= MAX_ALIASES) return failure(SERVFAIL);
  const found = await resolve(context, target, type, depth + 1);
  const answers = found.answers
    .filter((answer) => answer.type === type)
    .map((answer) => ({ ...answer, name: name.slice(0, -1) }));
  // The name itself exists, whatever became of its target.
  const rcode = found.rcode === NXDOMAIN ? NOERROR : found.rcode;
  return { rcode, authoritative: true, answers, authorities: [] };
}

/**
 * Private zones of the VPC hide everything else of their names, also what they lack.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
 */
function local(context: ResolveContext, name: string, type: string): Step | undefined {
  const { region, vpcId } = context;
  const zones = Object.values(region.hostedZones);
  const seen = vpcId === undefined ? [] : zones.filter((zone) => zone.vpcIds.includes(vpcId));
  const hidden = longestMatch(seen, name);
  if (hidden !== undefined) return inZone(hidden, name, type);
  const zone = longestMatch(
    zones.filter(({ vpcIds }) => vpcIds.length === 0),
    name,
  );
  if (zone !== undefined) return inZone(zone, name, type);
  const plain = name.slice(0, -1);
  const given = givenName(region, vpcId, plain, context.addresses);
  if (given === undefined) return undefined;
  if (given === null) return { ...failure(NXDOMAIN), authoritative: true };
  const matches = given.type === type || type === 'ANY';
  const answers = given.data.map(
    (data) => ({ name: plain, type: given.type, ttl: GIVEN_NAME_TTL, data }) as const,
  );
  return {
    rcode: NOERROR,
    authoritative: true,
    answers: matches ? answers : [],
    authorities: [],
  };
}

function inZone(zone: Parameters<typeof lookup>[0], name: string, type: string): Step | undefined {
  const found = lookup(zone, name, type);
  switch (found.kind) {
    case 'delegated':
      // Its name servers are on the real Internet, if anywhere; a private zone never delegates.
      return zone.vpcIds.length === 0 ? undefined : failure(REFUSED);
    case 'found':
      return step(NOERROR, found.answers, []);
    case 'alias':
      return { ...step(NOERROR, found.answers, []), next: found.target };
    case 'same':
      return { ...step(NOERROR, [], []), same: found };
    case 'no-data':
      return step(NOERROR, [], found.authorities);
    case 'no-name':
      return step(NXDOMAIN, [], found.authorities);
  }
}

function step(rcode: number, answers: readonly Answer[], authorities: readonly Answer[]): Step {
  return { rcode, authoritative: true, answers, authorities };
}
