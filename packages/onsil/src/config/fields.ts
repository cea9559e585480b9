/** What each field of the config allows, and how to mend it: the words of its errors. */

export interface FieldHelp {
  readonly allowed: string;
  readonly change: string;
}

const port = (what: string, example: number): FieldHelp => ({
  allowed: 'a whole number from 1024 to 65535: lower ones need root',
  change: `give the port that your ${what} listens on, e.g. ${example}`,
});

const size = (example: string): FieldHelp => ({
  allowed: 'an EC2 instance type',
  change: `write it as family.size, e.g. '${example}', or leave it out`,
});

const subnet: FieldHelp = {
  allowed: 'an IPv4 block of /16 to /28 inside network.cidr, apart from the other subnets',
  change: "write its first address and its prefix, e.g. '10.0.1.0/24', or leave it out",
};

const ends = (example: string): FieldHelp => ({
  allowed:
    'a name or a list of names: of an instance, a group, a subnet, a block; or internet, admin, hosts, private-hosts, any-nat, anybody',
  change: `write who is meant, e.g. ${example}`,
});

const amount = (what: string): FieldHelp => ({
  allowed: 'a number, not below zero',
  change: `write ${what}, or leave it out`,
});

/** By path; `[]` stands for an index. */
export const FIELDS: Readonly<Record<string, FieldHelp>> = {
  '': {
    allowed: 'an object made by defineService({ … })',
    change: 'write `export default defineService({ name, domain, web, api })`',
  },
  name: {
    allowed: '2 to 30 lower-case letters, digits and single hyphens, a letter first',
    change: "choose a short name, e.g. 'everydaehwa'",
  },
  domain: {
    allowed: 'a domain name of two or more labels, without www, scheme, port or path',
    change: "write the bare domain, e.g. 'everydaehwa.net'",
  },
  region: {
    allowed: 'an AWS region outside China',
    change: "write its code, e.g. 'ap-northeast-2' (Seoul), or leave it out",
  },
  admin: {
    allowed: 'an object with ip and sshPublicKeys, both optional',
    change: 'leave it out to give both at deploy',
  },
  'admin.ip': {
    allowed: 'an IPv4 address or block, narrower than the whole Internet',
    change:
      "write the address that you connect from, e.g. '203.0.113.7' or '203.0.113.0/24', or leave it out to give it at deploy",
  },
  'admin.sshPublicKeys': {
    allowed: 'a list of OpenSSH public keys',
    change: "put the line of your .pub file in a list: ['ssh-ed25519 AAAA… me@laptop']",
  },
  'admin.sshPublicKeys[]': {
    allowed: 'one line of a .pub file: ssh-ed25519 or ssh-rsa, the key, a comment',
    change: 'paste the line that `cat ~/.ssh/id_ed25519.pub` prints, never the private key',
  },
  web: { allowed: 'an object with at least source', change: "write web: { source: './web' }" },
  'web.source': {
    allowed: 'a folder that exists, relative to the one of the config',
    change: "write the folder of your web server, e.g. './web'",
  },
  'web.port': port('web server', 3000),
  'web.runtime': { allowed: "'node'", change: "write 'node' or leave it out" },
  api: { allowed: 'an object with at least source', change: "write api: { source: './api' }" },
  'api.source': {
    allowed: 'a folder that exists (for java: or a .jar), relative to the one of the config',
    change: "write the folder of your API, e.g. './api'",
  },
  'api.port': port('API', 8080),
  'api.instances': {
    allowed: 'a whole number from 1 to 50',
    change: 'write how many hosts are to run the API, e.g. 2',
  },
  'api.health': {
    allowed: 'a path below /api of letters, digits and the characters - . _ ~ /',
    change: "write the path that answers 200 when the API can serve, e.g. '/api/health'",
  },
  'api.runtime': {
    allowed: "'node' or 'java'",
    change: 'write the one that your API is built for',
  },
  database: {
    allowed: 'an object with engine and volumeSize, both optional',
    change: "write database: { engine: 'mariadb', volumeSize: 8 } or leave it out",
  },
  'database.engine': { allowed: "'mariadb'", change: "write 'mariadb' or leave it out" },
  'database.volumeSize': {
    allowed: 'a whole number of GiB from 1 to 16384',
    change: 'write the size of the data volume in GiB, e.g. 8',
  },
  network: {
    allowed: 'an object with cidr and subnets, both optional',
    change: "write network: { cidr: '10.0.0.0/16' } or leave it out",
  },
  'network.cidr': {
    allowed: 'a block of /16 to /26 in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
    change: "write its first address and its prefix, e.g. '10.0.0.0/16'",
  },
  'network.subnets': {
    allowed: 'an object with public, app and database, all optional',
    change: 'leave it out for the first three /24 of the VPC',
  },
  'network.subnets.public': subnet,
  'network.subnets.app': subnet,
  'network.subnets.database': subnet,
  architecture: {
    allowed: "'arm64' or 'x86_64'",
    change: "write one of them, or leave it out for 'arm64'",
  },
  sizes: {
    allowed: 'an object with an instance type per kind of host',
    change: "write e.g. sizes: { api: 't4g.small' } or leave it out",
  },
  'sizes.bastion': size('t4g.nano'),
  'sizes.nat': size('t4g.nano'),
  'sizes.edge': size('t4g.micro'),
  'sizes.web': size('t4g.micro'),
  'sizes.gateway': size('t4g.micro'),
  'sizes.api': size('t4g.micro'),
  'sizes.database': size('t4g.micro'),
  policy: {
    allowed: 'a list of policies',
    change: "write e.g. policy: [{ from: 'web', mustNotReach: 'database' }] or leave it out",
  },
  'policy[]': {
    allowed:
      'one of { only, mayReach }, { from, mayReachOnly }, { from, mustNotReach }, { from, mustReach, on }, { from, mayReach, onlyThrough }, { sameExposureByIpv6 }; each with on and why',
    change: "write e.g. { only: 'app', mayReach: 'database', on: 'tcp 3306' }",
  },
  'policy[].only': ends("'app'"),
  'policy[].from': ends("'internet'"),
  'policy[].mayReach': ends("'database'"),
  'policy[].mayReachOnly': ends("'edge'"),
  'policy[].mustNotReach': ends("'database'"),
  'policy[].mustReach': ends("'gateway'"),
  'policy[].onlyThrough': ends("'nat'"),
  'policy[].sameExposureByIpv6': ends("'hosts'"),
  'policy[].on': {
    allowed: "services: 'tcp 80, 443', 'tcp 3000-3010; udp 53', 'icmp', 'ping' or 'everything'",
    change: "write the protocol and the ports, e.g. 'tcp 3306'",
  },
  'policy[].why': {
    allowed: 'one line of text, at most 200 characters',
    change: 'say in one line why it must be so, or leave it out',
  },
  usage: {
    allowed: 'an object with amounts of one month, all optional',
    change: 'write e.g. usage: { internetOutGb: 300 } or leave it out',
  },
  'usage.internetOutGb': amount('how many GB leave to the Internet'),
  'usage.freeInternetOutGb': amount('how many GB of them are free'),
  'usage.crossZoneGb': amount('how many GB go from one zone to another'),
  'usage.natGatewayGb': amount('how many GB go through a NAT gateway'),
  'usage.endpointGb': amount('how many GB go through an interface endpoint'),
  'usage.bucketGb': amount('how many GB a bucket keeps'),
  'usage.logsGb': amount('how many GB a log group takes in'),
  'usage.dnsQueriesMillions': amount('how many million DNS queries there are'),
  'usage.loadBalancerUnits': amount("a load balancer's capacity units"),
  'usage.vpnHours': amount('for how many hours somebody is on a Client VPN'),
  stages: {
    allowed:
      'an object with, by a name of at most 10 lower-case letters and digits, what is another one in that stage',
    change: "write e.g. stages: { dev: { network: { cidr: '10.1.0.0/16' } } } or leave it out",
  },
};

/** The names of the fields directly inside the object at `path`. */
export function fieldsIn(path: string): readonly string[] {
  const prefix = path === '' ? '' : `${path}.`;
  return Object.keys(FIELDS)
    .filter((field) => field !== '' && field.startsWith(prefix))
    .map((field) => field.slice(prefix.length))
    .filter((field) => field !== '' && !/[.[]/.test(field));
}
