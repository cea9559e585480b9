/** What can be said of any VPC: the policies of a template that names none. */
import type { Region } from '../../region/region.ts';
import type { StatedPolicy } from './policy.ts';

/** Ways to take a host over, or its data: nobody outside has any business there. */
const SENSITIVE = 'tcp 22, 3389, 5985-5986, 1433, 1521, 3306, 5432, 6379, 9200, 11211, 27017';

export function policiesOfAnyVpc(region: Region): readonly StatedPolicy[] {
  const withUserData = Object.values(region.instances).filter(
    ({ userData }) => userData !== undefined && userData.trim() !== '',
  );
  const setUp = withUserData.map(({ name }) => name);
  return [
    {
      from: 'internet',
      mustNotReach: 'hosts',
      on: SENSITIVE,
      why: 'ssh, remote desktop and databases are for those inside, or for the administrator (--admin)',
      origin: 'any-vpc',
    },
    {
      from: 'private-hosts',
      mayReach: 'internet',
      onlyThrough: 'any-nat',
      why: 'a host without a public address has no other way that answers find back',
      origin: 'any-vpc',
    },
    ...(setUp.length === 0
      ? []
      : [
          {
            from: setUp,
            mustReach: 'internet',
            on: 'tcp 443',
            why: 'user data installs from somewhere',
            origin: 'any-vpc',
          } as const,
        ]),
    {
      sameExposureByIpv6: 'hosts',
      why: 'a group may be closed for IPv4 and open for IPv6',
      origin: 'any-vpc',
    },
  ];
}
