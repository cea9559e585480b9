import { withDefaultVpc } from './default-vpc.ts';
import { hashOf } from './hash.ts';
import { publicParameters } from './parameter.ts';
import { awsPrefixLists } from './prefix-list.ts';
import { emptyRegion, put, type Region } from './region.ts';

/** The name of the key pair that a lab has from the start. */
export const OWN_KEY_PAIR = 'onsil';

export interface BaseOptions {
  /** Twelve digits. */
  readonly account?: string;
  /** In OpenSSH form; without one the region has no key pair. */
  readonly publicKey?: string;
}

/**
 * A region as somebody finds it who made nothing there yet: the public parameters and prefix lists
 * of AWS, the default VPC, and a key pair to log in with.
 */
export function baseRegion(name: string, { account, publicKey }: BaseOptions = {}): Region {
  const base = withDefaultVpc({
    ...emptyRegion(name, account),
    parameters: publicParameters(name),
    prefixLists: awsPrefixLists(name),
  });
  if (publicKey === undefined) return base;
  const id = `key-0${hashOf('key pair', base.account, name).slice(0, 16)}`;
  return put(base, 'keyPairs', id, { id, name: OWN_KEY_PAIR, publicKey });
}
