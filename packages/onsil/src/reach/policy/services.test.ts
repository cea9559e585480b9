import { describe, expect, test } from 'vitest';
import { contains, equals, UNIVERSE } from '../packet-set/packet-set.ts';
import { fromClients, servicesNamed } from './services.ts';

const packet = (protocol: number, source: number, destination: number) => ({
  ...{ protocol, source: 1, destination: 2 },
  detail: [source, destination] as const,
});

describe('services by name', () => {
  test.each([
    ['tcp 80, 443', [6, 5, 80], [6, 5, 81]],
    ['tcp 80,443', [6, 5, 443], [17, 5, 443]],
    ['tcp 3000-3010; udp 53', [6, 5, 3010], [6, 5, 3011]],
    ['tcp 3000–3010', [6, 5, 3000], [6, 5, 2999]],
    ['udp', [17, 0, 0], [6, 0, 0]],
    ['icmp', [1, 3, 4], [6, 3, 4]],
    ['ping', [1, 8, 0], [1, 0, 0]],
  ])('%s', (text, [a = 0, b = 0, c = 0], [d = 0, e = 0, f = 0]) => {
    const set = servicesNamed(text) ?? [];
    expect(contains(set, packet(a, b, c))).toBe(true);
    expect(contains(set, packet(d, e, f))).toBe(false);
  });
  test('everything is everything', () => {
    expect(equals(servicesNamed('everything') ?? [], UNIVERSE)).toBe(true);
  });
  test.each(['', 'tcp 99999', 'tcp 90-80', 'tcp x', 'http', 'tcp 80;', 'tcp 80 443', 'tcp,80'])(
    '%j is none',
    (text) => {
      expect(servicesNamed(text)).toBeUndefined();
    },
  );
  test('clients draw no port below 1024, and of icmp there are none', () => {
    const set = fromClients(servicesNamed('tcp 80; icmp') ?? []);
    expect(contains(set, packet(6, 1024, 80))).toBe(true);
    expect(contains(set, packet(6, 1023, 80))).toBe(false);
    expect(contains(set, packet(1, 8, 0))).toBe(true);
  });
});
