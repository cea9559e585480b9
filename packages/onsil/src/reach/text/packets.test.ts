import { expect, test } from 'vitest';
import { complement, intersect } from '../packet-set/packet-set.ts';
import { servicesNamed } from '../policy/services.ts';
import { servicesText } from './packets.ts';

const set = (text: string) => servicesNamed(text) ?? [];

test.each(['tcp 22, 80–90; udp 53', 'icmp', 'tcp', 'everything'])('%s reads as written', (text) => {
  expect(servicesText(set(text))).toBe(text);
});

test('what is nearly everything says what it is not', () => {
  const most = complement(set('tcp 80, 443'));
  expect(servicesText(most)).toBe('everything but tcp 80, 443');
  expect(servicesText(intersect(most, complement(set('udp'))))).not.toContain('everything');
});
