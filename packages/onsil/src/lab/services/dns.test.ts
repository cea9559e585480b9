/** Long because every kind of name is asked of the one server, over the wire. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { decode, encode, type Packet, streamDecode, streamEncode } from 'dns-packet';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publicAddresses } from '../../region/elastic-ip.ts';
import type { HostedZone } from '../../region/hosted-zone.ts';
import type { LoadBalancer } from '../../region/load-balancer.ts';
import type { Region } from '../../region/region.ts';
import { type DnsServer, listenDns } from './dns/server.ts';
import { type Dns, startDns } from './dns.ts';
import { sampleRegion } from './testing.ts';

const LOOPBACK = { address: '127.0.0.1', port: 0 };
const MANY = Array.from({ length: 60 }, (_, index) => `10.9.0.${index}`);

const zone = (
  name: string,
  vpcIds: string[],
  records: [string, string, ...string[]][],
): HostedZone => ({
  id: `Z${name}${vpcIds.join()}`,
  name,
  vpcIds,
  nameServers: ['ns-1.awsdns.example', 'ns-2.awsdns.example'],
  records: records.map(([owner, type, ...values]) => ({ name: owner, type, ttl: 60, values })),
});

const zones = [
  zone(
    'everydaehwa.net.',
    [],
    [
      ['everydaehwa.net.', 'A', '198.18.0.5'],
      ['everydaehwa.net.', 'MX', '10 mail.everydaehwa.net.'],
      ['everydaehwa.net.', 'TXT', '"v=spf1 -all" "two \\" parts"'],
      ['www.everydaehwa.net.', 'CNAME', 'everydaehwa.net.'],
      ['far.everydaehwa.net.', 'CNAME', 'elsewhere.example.'],
      ['gone.everydaehwa.net.', 'CNAME', 'nothing.everydaehwa.net.'],
      ['loop.everydaehwa.net.', 'CNAME', 'loop.everydaehwa.net.'],
      ['\\052.wild.everydaehwa.net.', 'A', '198.18.0.9'],
      ['a.b.wild.everydaehwa.net.', 'A', '198.18.0.10'],
      ['_sip._tcp.everydaehwa.net.', 'SRV', '1 2 5060 sip.everydaehwa.net.'],
      ['six.everydaehwa.net.', 'AAAA', 'fd00::5'],
      ['bad.everydaehwa.net.', 'A', 'not-an-address'],
      ['many.everydaehwa.net.', 'A', ...MANY],
      ['cut.everydaehwa.net.', 'NS', 'ns.elsewhere.example.'],
    ],
  ),
  zone('deep.everydaehwa.net.', [], [['deep.everydaehwa.net.', 'A', '198.18.0.77']]),
  zone('everydaehwa.internal.', ['vpc-1'], [['database.everydaehwa.internal.', 'A', '10.0.2.4']]),
  zone('everydaehwa.net.', ['vpc-2'], [['everydaehwa.net.', 'A', '10.7.7.7']]),
];

let region: Region;
let caller: string | undefined;
let upstreamAsked: string[];
let upstream: DnsServer;
let dns: Dns;

beforeEach(async () => {
  region = sampleRegion({
    hostedZones: Object.fromEntries(zones.map((each) => [each.id, each])),
  });
  caller = 'eni-1';
  upstreamAsked = [];
  upstream = await listenDns(LOOPBACK, 'upstream', async (message, _from, transport) => {
    const { id, questions } = decode(message);
    const name = questions?.[0]?.name ?? '';
    upstreamAsked.push(`${name} ${transport}`);
    if (name.startsWith('silent.')) return undefined;
    const big = name.startsWith('big.');
    const missing = name.startsWith('missing.');
    const answers = big
      ? MANY.map((data) => ({ type: 'A' as const, name, ttl: 60, data }))
      : [{ type: 'A' as const, name, ttl: 60, data: '203.0.113.1' }];
    return encode({
      type: 'response',
      id: id ?? 0,
      flags: (big && transport === 'udp' ? 0x200 : 0) | (missing ? 3 : 0),
      questions: questions ?? [],
      answers: missing || (big && transport === 'udp') ? [] : answers,
    });
  });
  dns = await startDns({
    region: () => region,
    whoIs: () => caller,
    vpc: LOOPBACK,
    public: LOOPBACK,
    upstream: upstream.endpoint,
    upstreamTimeout: 50,
    addresses: { endpoints: '198.19.0.10', s3: '198.19.0.11', acme: '198.19.0.20' },
  });
});
afterEach(async () => {
  await dns.close();
  await upstream.close();
});

function resolver(view: 'vpc' | 'public' = 'vpc'): Resolver {
  const found = new Resolver({ timeout: 2_000, tries: 1 });
  found.setServers([`127.0.0.1:${dns[view].port}`]);
  return found;
}

/** One datagram there, one back. */
function ask(packet: Packet | Uint8Array, port = dns.vpc.port): Promise<Buffer> {
  const socket = createSocket('udp4');
  return new Promise<Buffer>((resolve, reject) => {
    socket.on('message', resolve);
    socket.on('error', reject);
    socket.send(packet instanceof Uint8Array ? packet : encode(packet), port, '127.0.0.1');
  }).finally(() => socket.close());
}

const question = (name: string, type: 'A' | 'AAAA' = 'A', more: Packet = {}): Packet => ({
  type: 'query',
  id: 77,
  flags: 0x100,
  questions: [{ name, type }],
  ...more,
});

test('records of a public zone, of every type, whatever the case', async () => {
  const asked = resolver();
  expect(await asked.resolve4('EveryDaehwa.NET')).toEqual(['198.18.0.5']);
  expect(await asked.resolve4('www.everydaehwa.net')).toEqual(['198.18.0.5']);
  expect(await asked.resolveCname('www.everydaehwa.net')).toEqual(['everydaehwa.net']);
  expect(await asked.resolve6('six.everydaehwa.net')).toEqual(['fd00::5']);
  expect(await asked.resolveMx('everydaehwa.net')).toEqual([
    { type: 'MX', priority: 10, exchange: 'mail.everydaehwa.net' },
  ]);
  expect(await asked.resolveTxt('everydaehwa.net')).toEqual([['v=spf1 -all', 'two " parts']]);
  expect(await asked.resolveNs('everydaehwa.net')).toEqual([
    'ns-1.awsdns.example',
    'ns-2.awsdns.example',
  ]);
  expect(await asked.resolveSrv('_sip._tcp.everydaehwa.net')).toMatchObject([
    { priority: 1, weight: 2, port: 5060, name: 'sip.everydaehwa.net' },
  ]);
  expect((await asked.resolveSoa('everydaehwa.net')).nsname).toBe('ns-1.awsdns.example');
  // The zone with the longest name, not the first one that fits.
  expect(await asked.resolve4('deep.everydaehwa.net')).toEqual(['198.18.0.77']);
  expect(upstreamAsked).toEqual([]);
});

test('wildcards match below their parent, not beside names that exist', async () => {
  const asked = resolver();
  expect(await asked.resolve4('x.y.wild.everydaehwa.net')).toEqual(['198.18.0.9']);
  expect(await asked.resolve4('a.b.wild.everydaehwa.net')).toEqual(['198.18.0.10']);
  await expect(asked.resolve4('c.b.wild.everydaehwa.net')).rejects.toThrow('ENOTFOUND');
  await expect(asked.resolve4('b.wild.everydaehwa.net')).rejects.toThrow('ENODATA');
});

test('an alias out of the zone is followed; one to nothing is NXDOMAIN; a loop fails', async () => {
  const asked = resolver();
  expect(await asked.resolve4('far.everydaehwa.net')).toEqual(['203.0.113.1']);
  await expect(asked.resolve4('gone.everydaehwa.net')).rejects.toThrow('ENOTFOUND');
  await expect(asked.resolve4('loop.everydaehwa.net')).rejects.toThrow('ESERVFAIL');
  await expect(asked.resolve4('bad.everydaehwa.net')).rejects.toThrow('ESERVFAIL');
});

describe('load balancers', () => {
  const balancers = ['internet-facing', 'internal'].map((scheme, index) => {
    const name = `${scheme === 'internal' ? 'internal-' : ''}Web-1.ap-northeast-2.elb.amazonaws.com`;
    const arn = `arn:${scheme}`;
    return {
      ...{ arn, name: scheme, logicalId: scheme, type: 'application', scheme, vpcId: 'vpc-1' },
      ...{ dnsName: name, canonicalHostedZoneId: 'Z', securityGroupIds: [], attributes: {} },
      zones: [
        { zone: 'a', subnetId: 'subnet-1', networkInterfaceId: 'eni-1' },
        { zone: 'b', subnetId: 'subnet-2', networkInterfaceId: `eni-${index === 0 ? 'gone' : 2}` },
      ],
      tags: {},
    } as LoadBalancer;
  });
  const [open, inner] = balancers.map((each) => each.dnsName.toLowerCase());
  const alias = (owner: string, dnsName: string) => ({
    ...{ name: owner, type: 'A', ttl: 60, values: [] },
    alias: { dnsName: `${dnsName}.`, hostedZoneId: 'Z' },
  });
  beforeEach(() => {
    const aliased = zone('alias.example.', [], [['alias.example.', 'TXT', '"here"']]);
    const records = [
      ...aliased.records,
      alias('alias.example.', open ?? ''),
      alias('in.alias.example.', inner ?? ''),
      alias('two.alias.example.', 'alias.example'),
      alias('lost.alias.example.', 'gone-1.ap-northeast-2.elb.amazonaws.com'),
      alias('loop.alias.example.', 'loop.alias.example'),
    ];
    region = {
      ...region,
      loadBalancers: Object.fromEntries(balancers.map((each) => [each.arn, each])),
      hostedZones: { ...region.hostedZones, Zalias: { ...aliased, id: 'Zalias', records } },
    };
  });
  const both = async (name: string) => [
    await resolver().resolve4(name),
    await resolver('public').resolve4(name),
  ];

  test('one that faces the Internet has public addresses for all, another private ones', async () => {
    const publicIps = publicAddresses(region).filter((each) => each.networkInterfaceId === 'eni-1');
    const [pair] = publicIps;
    expect(await both('Web-1.ap-northeast-2.elb.amazonaws.com')).toEqual([
      [pair?.publicIp],
      [pair?.publicIp],
    ]);
    const privateIps = ['eni-1', 'eni-2'].map((id) => region.networkInterfaces[id]?.privateIps[0]);
    expect(await both(inner ?? '')).toEqual([privateIps, privateIps]);
    const gone = resolver().resolve4('gone-1.ap-northeast-2.elb.amazonaws.com');
    await expect(gone).rejects.toThrow('ENOTFOUND');
    expect(upstreamAsked).toEqual([]);
  });
  test('an alias record answers as if the addresses were its own', async () => {
    for (const name of ['alias.example', 'two.alias.example']) {
      expect(await both(name)).toEqual(await both(open ?? ''));
      const reply = decode(await ask(question(name, 'A')));
      expect(reply).toMatchObject({ rcode: 'NOERROR', flag_aa: true });
      expect(reply.answers).toMatchObject([{ name, type: 'A', ttl: 60 }]);
    }
    expect(await both('in.alias.example')).toEqual(await both(inner ?? ''));
    expect(await resolver().resolveTxt('alias.example')).toEqual([['here']]);
    await expect(resolver().resolve6('alias.example')).rejects.toThrow('ENODATA');
  });
  test('an alias to nothing has no addresses, and one to itself fails', async () => {
    await expect(resolver().resolve4('lost.alias.example')).rejects.toThrow('ENODATA');
    await expect(resolver().resolve4('loop.alias.example')).rejects.toThrow('ESERVFAIL');
  });
});

test('NXDOMAIN and NODATA carry the SOA', async () => {
  for (const [name, type, rcode] of [
    ['nothing.everydaehwa.net', 'A', 'NXDOMAIN'],
    ['everydaehwa.net', 'AAAA', 'NOERROR'],
  ] as const) {
    const reply = decode(await ask(question(name, type)));
    expect(reply).toMatchObject({ rcode, flag_aa: true, flag_ra: true, id: 77 });
    expect(reply.answers).toEqual([]);
    expect(reply.authorities).toMatchObject([{ type: 'SOA', ttl: 900 }]);
  }
});

test('a private zone is seen from its VPC only, and hides the public one', async () => {
  expect(await resolver().resolve4('database.everydaehwa.internal')).toEqual(['10.0.2.4']);
  await expect(resolver().resolve4('nobody.everydaehwa.internal')).rejects.toThrow('ENOTFOUND');
  expect(upstreamAsked).toEqual([]);
  caller = 'eni-2';
  expect(await resolver().resolve4('everydaehwa.net')).toEqual(['10.7.7.7']);
  await expect(resolver().resolve4('www.everydaehwa.net')).rejects.toThrow('ENOTFOUND');
  expect(await resolver('public').resolve4('everydaehwa.net')).toEqual(['198.18.0.5']);
});

test('names of instances, both ways, inside and outside', async () => {
  const inside = 'ip-10-0-1-5.ap-northeast-2.compute.internal';
  const outside = 'ec2-198-18-0-5.ap-northeast-2.compute.amazonaws.com';
  expect(await resolver().resolve4(inside)).toEqual(['10.0.1.5']);
  expect(await resolver().resolve4(outside)).toEqual(['10.0.1.5']);
  expect(await resolver().reverse('10.0.1.5')).toEqual([inside]);
  await expect(resolver().reverse('10.0.1.77')).rejects.toThrow('ENOTFOUND');
  await expect(resolver().resolve4('ip-10-0-1-6.ap-northeast-2.compute.internal')).rejects.toThrow(
    'ENOTFOUND',
  );
  expect(await resolver('public').resolve4(outside)).toEqual(['198.18.0.5']);
  expect(await resolver('public').reverse('198.18.0.5')).toEqual([outside]);
  await expect(resolver('public').resolve4(inside)).rejects.toThrow('ENOTFOUND');
});

test('endpoints of the region and the ACME directory are the lab, other names are not', async () => {
  const asked = resolver();
  for (const name of [
    's3.ap-northeast-2.amazonaws.com',
    'releases.s3.ap-northeast-2.amazonaws.com',
    'releases.s3.amazonaws.com',
    'ssm.ap-northeast-2.amazonaws.com',
    'kms.ap-northeast-2.amazonaws.com',
  ]) {
    // S3 has an address of its own.
    const address = name.includes('s3') ? '198.19.0.11' : '198.19.0.10';
    expect(await asked.resolve4(name)).toEqual([address]);
  }
  expect(await asked.resolve4('acme-v02.api.letsencrypt.org')).toEqual(['198.19.0.20']);
  await expect(asked.resolve6('s3.ap-northeast-2.amazonaws.com')).rejects.toThrow('ENODATA');
  expect(await asked.resolve4('someone-else.s3.amazonaws.com')).toEqual(['203.0.113.1']);
  expect(await asked.resolve4('s3.us-east-1.amazonaws.com')).toEqual(['203.0.113.1']);
});

test('everything else is asked upstream, over TCP where it is long, and kept for a while', async () => {
  expect(await resolver().resolve4('deb.example')).toEqual(['203.0.113.1']);
  expect(await resolver().resolve4('deb.example')).toEqual(['203.0.113.1']);
  expect(upstreamAsked).toEqual(['deb.example udp']);
  expect(await resolver().resolve4('big.example')).toHaveLength(60);
  expect(upstreamAsked.slice(1)).toEqual(['big.example udp', 'big.example tcp']);
  await expect(resolver().resolve4('missing.example')).rejects.toThrow('ENOTFOUND');
  expect(await resolver().resolve4('below.cut.everydaehwa.net')).toEqual(['203.0.113.1']);
});

test('an upstream that says nothing, or is not there, is SERVFAIL', async () => {
  await expect(resolver().resolve4('silent.example')).rejects.toThrow('ESERVFAIL');
  expect(upstreamAsked).toEqual(['silent.example udp', 'silent.example udp']);
  await upstream.close();
  await expect(resolver().resolve4('deb.example')).rejects.toThrow('ESERVFAIL');
  upstream = await listenDns(LOOPBACK, 'upstream', async () => undefined);
});

test('the VPC resolver refuses strangers and VPCs without DNS support', async () => {
  caller = undefined;
  await expect(resolver().resolve4('everydaehwa.net')).rejects.toThrow('EREFUSED');
  caller = 'eni-1';
  const vpc = region.vpcs['vpc-1'];
  if (vpc === undefined) throw new Error('no VPC');
  region = { ...region, vpcs: { ...region.vpcs, 'vpc-1': { ...vpc, dnsSupport: false } } };
  await expect(resolver().resolve4('everydaehwa.net')).rejects.toThrow('EREFUSED');
});

test('an answer over UDP is cut to what the client takes; TCP carries it whole', async () => {
  const plain = await ask(question('many.everydaehwa.net'));
  expect(plain.length).toBeLessThanOrEqual(512);
  expect(decode(plain)).toMatchObject({ flag_tc: true, answers: [] });
  const edns = await ask(
    question('many.everydaehwa.net', 'A', {
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 4096,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ],
    }),
  );
  expect(decode(edns)).toMatchObject({ flag_tc: false, additionals: [{ type: 'OPT' }] });
  expect(decode(edns).answers).toHaveLength(60);
  expect(await resolver().resolve4('many.everydaehwa.net')).toHaveLength(60);
  const socket = connect(dns.vpc.port, '127.0.0.1');
  const two = streamEncode(question('many.everydaehwa.net'));
  const whole = await new Promise<Buffer>((resolve) => {
    let received = Buffer.alloc(0);
    // In two parts: a length may be split from its message.
    socket.write(two.subarray(0, 3));
    setImmediate(() => socket.write(two.subarray(3)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length === 2 + received.readUInt16BE(0)) resolve(received);
    });
  });
  socket.destroy();
  expect(streamDecode(whole).answers).toHaveLength(60);
});

test('no rubbish ends the server', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
      const socket = createSocket('udp4');
      const header = Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
      await new Promise((sent) =>
        socket.send(Buffer.concat([header, bytes]), dns.vpc.port, '127.0.0.1', sent),
      );
      socket.close();
      // Else the kernel's queue overflows before the server's turn comes.
      await new Promise((turn) => setImmediate(turn));
    }),
    { numRuns: 300 },
  );
  expect(decode(await ask(Buffer.from([0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 63])))).toMatchObject({
    rcode: 'FORMERR',
    id: 9,
  });
  expect(decode(await ask(encode({ ...question('x.example'), flags: 0x2800 })))).toMatchObject({
    rcode: 'NOTIMP',
  });
  expect(await resolver().resolve4('everydaehwa.net')).toEqual(['198.18.0.5']);
});

test('a port that is taken is named', async () => {
  const again = startDns({
    region: () => region,
    whoIs: () => caller,
    vpc: dns.vpc,
    public: LOOPBACK,
    upstream: undefined,
    addresses: { endpoints: '198.19.0.10', s3: '198.19.0.11', acme: '198.19.0.20' },
  });
  await expect(again).rejects.toThrow(
    `the VPC resolver cannot listen on 127.0.0.1 port ${dns.vpc.port}: another program holds it`,
  );
});
