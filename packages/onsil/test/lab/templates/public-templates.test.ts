/**
 * Public templates with real packets: all that run stand in one lab, and each connection that was
 * worked out by hand is tried.
 */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { OUTSIDE_HOSTS } from '../../../src/lab/addresses.ts';
import { findLabs } from '../../../src/lab/fabric/remove.ts';
import type { SentProbe } from '../../../src/lab/probe/exchange.ts';
import { compile } from '../../../src/reach/model.ts';
import { notModelledOf } from '../../../src/reach/not-modelled-of.ts';
import { withoutUnusedDefaultVpc } from '../../../src/region/default-vpc.ts';
import { publicAddresses } from '../../../src/region/elastic-ip.ts';
import type { NetworkInterface } from '../../../src/region/network-interface.ts';
import type { Region } from '../../../src/region/region.ts';
import { hostOfInterface } from '../../../src/verify/hosts.ts';
import { judge, type Report } from '../../../src/verify/verify.ts';
import {
  type Connection,
  EXPECTATIONS,
  TEMPLATES,
  WHY_SKIPPED,
} from '../../templates/expectations.ts';
import { make, regionWith } from '../../templates/make.ts';
import { combine } from '../differential/combine.ts';
import { sendIn } from '../differential/world.ts';

const LAB = 'test-templates';
const ICMP = 1;
const TCP = 6;
const CASES = EXPECTATIONS.filter(({ connections = [] }) => connections.length > 0);

interface Asked extends Connection {
  readonly file: string;
  readonly probe: SentProbe;
}

describe.skipIf(!existsSync(TEMPLATES))(`public templates in a lab${WHY_SKIPPED}`, () => {
  let report: Omit<Report, 'left'>;
  /** What became of each connection, by the file of its template. */
  let seen: Readonly<Record<string, readonly string[]>>;

  beforeAll(async () => {
    const { region, asked } = world();
    const probes = asked.map(({ probe }) => probe);
    const { fates } = await sendIn(LAB, region, probes);
    report = judge(compile(region), probes, fates);
    const lines = asked.map(({ file, ...each }, index) => ({
      file,
      line: lineOf(each, fates[index]?.returned === true),
    }));
    seen = Object.fromEntries(
      CASES.map(({ file }) => [
        file,
        lines.flatMap((each) => (each.file === file ? [each.line] : [])),
      ]),
    );
  });

  test.each(CASES.map(({ file, connections = [] }) => [file, connections] as const))(
    '%s connects as was worked out by hand',
    (file, connections) => {
      expect(seen[file]).toEqual(connections.map((each) => lineOf(each, each.allowed)));
    },
  );

  test('and as reach says, the way of each packet included', async () => {
    expect(
      report.disagreed.map(({ probe, expected, seen: was }) => [probe, expected, was]),
    ).toEqual([]);
    expect(report.notConclusive).toEqual([]);
    expect(report.agreed).toBe(report.sent);
    expect(await findLabs()).not.toContain(LAB);
  });
});

const lineOf = ({ from, to, port }: Connection, connects: boolean): string =>
  `${from} → ${to} ${port} ${connects ? 'connects' : 'does not connect'}`;

/** Every template in a region of its own, all of these in one lab, and a packet for each connection. */
function world() {
  const stacks = CASES.map((expectation, index) => {
    // Ids and public addresses are drawn by the account: no two are the same.
    const before = { ...regionWith(expectation.keyPair), account: String(123456789012 + index) };
    const { region, stack } = make(before, expectation, 'demo');
    // Of what is not modelled nothing could be asked.
    expect(notModelledOf(stack, region)).toEqual([]);
    const prepared = withStandIns(withoutUnusedDefaultVpc(region));
    return { ...expectation, region: prepared, stack };
  });
  const region = combine(stacks.map((each) => each.region));
  let port = 40_000;
  const asked = stacks.flatMap(({ file, connections = [], stack, region: own }, index) => {
    const interfaceOf = (name: string): NetworkInterface => {
      const wanted = stack.resources[name]?.physicalId ?? name;
      const found = Object.values(own.networkInterfaces).find(({ attachment, managedBy }) => {
        const instance = own.instances[attachment?.instanceId ?? ''];
        const names = [instance?.tags['Name'], instance?.logicalId, instance?.id];
        return [...names, managedBy?.id, managedBy?.of?.key].includes(wanted);
      });
      const combined = region.networkInterfaces[`${found?.id}-w${index}`];
      if (combined === undefined) throw new Error(`${file}: ${name} has no interface.`);
      return combined;
    };
    return connections.map((connection): Asked => {
      port += 1;
      return { file, ...connection, probe: probeFor(region, connection, interfaceOf, port) };
    });
  });
  return { region, asked };
}

/**
 * The region with a host at each interface, also where a service of AWS would answer. Hosts are
 * called by ids: several templates have the same names.
 */
function withStandIns(region: Region): Region {
  const instances = Object.values(region.instances).map((each) => ({ ...each, name: each.id }));
  const interfaces = Object.values(region.networkInterfaces).map((each) =>
    each.managedBy === undefined || each.managedBy.kind === 'nat-gateway'
      ? each
      : { ...each, attachment: { instanceId: each.id, deviceIndex: 0 } },
  );
  return {
    ...region,
    instances: Object.fromEntries(instances.map((each) => [each.id, each])),
    networkInterfaces: Object.fromEntries(interfaces.map((each) => [each.id, each])),
  };
}

function probeFor(
  region: Region,
  { from, to, port }: Connection,
  interfaceOf: (name: string) => NetworkInterface,
  sourcePort: number,
): SentProbe {
  const outside = (name: string) =>
    name === 'internet' || name === 'admin' ? OUTSIDE_HOSTS[name] : undefined;
  const privateOf = (name: string) => interfaceOf(name).privateIps[0] ?? '';
  // From outside, the way to a host is its public address, where it has one.
  const publicOf = (name: string) =>
    publicAddresses(region).find(
      ({ networkInterfaceId }) => networkInterfaceId === interfaceOf(name).id,
    )?.publicIp;
  const isOutside = outside(from) !== undefined;
  return {
    from: isOutside ? from : (hostOfInterface(region, interfaceOf(from).id) ?? from),
    source: outside(from) ?? privateOf(from),
    destination: outside(to) ?? (isOutside ? publicOf(to) : undefined) ?? privateOf(to),
    protocol: port === 'ping' ? ICMP : TCP,
    sourcePort,
    destinationPort: port === 'ping' ? 1 : port,
  };
}
