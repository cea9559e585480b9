/** The names that the certificates of a listener are for. */
import type { LoadBalancer } from '../../../region/load-balancer.ts';
import type { Region } from '../../../region/region.ts';
import type { Certificate } from './balancer.ts';

/**
 * One of ACM is for the names that the template gives it. What another one, which the region does
 * not have, is for cannot be known: the names that lead to the load balancer stand in.
 */
export function certificatesOf(
  region: Region,
  balancer: Pick<LoadBalancer, 'dnsName'>,
  arns: readonly string[],
): readonly Certificate[] {
  return arns.map((arn) => {
    const known = region.certificates[arn];
    if (known === undefined) return { names: namesLeadingTo(region, balancer.dnsName) };
    const names = [known.domainName, ...known.subjectAlternativeNames];
    return { names: [...new Set(names.map((name) => name.toLowerCase()))] };
  });
}

/** Of records of any zone; the load balancer's own where there are none. */
function namesLeadingTo(region: Region, dnsName: string): readonly string[] {
  const own = `${dnsName.toLowerCase()}.`;
  const names = Object.values(region.hostedZones)
    .flatMap(({ records }) => records)
    .filter(({ alias, type, values }) =>
      type === 'CNAME'
        ? values.some((value) => `${value.toLowerCase().replace(/\.$/, '')}.` === own)
        : alias?.dnsName.toLowerCase() === own,
    )
    .map(({ name }) => name.replace(/\.$/, '').replace(/^\\052\./, '*.'));
  return names.length === 0 ? [dnsName.toLowerCase()] : [...new Set(names)];
}
