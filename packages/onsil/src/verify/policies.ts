/** The ports that policies name. */
import { boxesOf, EMPTY } from '../reach/packet-set/packet-set.ts';
import type { Policy } from '../reach/policy/policy.ts';
import { servicesNamed } from '../reach/policy/services.ts';
import type { Service } from './questions.ts';

const WITH_PORTS = [6, 17];
const LAST_PORT = 65535;

/** First and last port of each range; of what names no ports, nothing. */
export function servicesOfPolicies(policies: readonly Policy[]): readonly Service[] {
  return policies.flatMap((policy) => {
    const set = 'on' in policy && policy.on !== undefined ? servicesNamed(policy.on) : undefined;
    return [...boxesOf(set ?? EMPTY)].flatMap(([{ first: protocol }, , , , { first, last }]) =>
      WITH_PORTS.includes(protocol) && !(first === 0 && last === LAST_PORT)
        ? [first, last].map((port) => ({ protocol, port }))
        : [],
    );
  });
}
