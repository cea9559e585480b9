import { describe, expect, test } from 'vitest';
import { refusal, stackOf, warningsOf } from '../../cloudformation/testing.ts';

const list = (properties: string) =>
  `Resources: {L: {Type: AWS::EC2::PrefixList, Properties: {PrefixListName: offices, ${properties}}}}`;
const IPV4 = 'AddressFamily: IPv4, MaxEntries: 2';

describe('AWS::EC2::PrefixList', () => {
  test.each([
    ['IPv4', '192.0.2.0/24', '198.51.100.7/32'],
    ['IPv6', '2001:db8:1::/48', '::/0'],
  ])('of %s, with its entries', (family, one, other) => {
    const text = list(
      `AddressFamily: ${family}, MaxEntries: 5, Entries: [{Cidr: "${one}", Description: head office}, {Cidr: "${other}"}]`,
    );
    const { region, stack } = stackOf(text);
    const id = stack.resources['L']?.physicalId ?? '';
    expect(region.prefixLists[id]).toEqual({
      id: expect.stringMatching(/^pl-0[0-9a-f]{16}$/),
      name: 'offices',
      family: family.toLowerCase(),
      entries: [one, other],
      tags: {},
    });
    expect(stack.resources['L']?.attributes).toMatchObject({ PrefixListId: id, Version: '1' });
    expect(warningsOf(stackOf(text))).toEqual([]);
  });
  test('one without entries is known to be empty', () => {
    const { region, stack } = stackOf(list(IPV4));
    expect(region.prefixLists[stack.resources['L']?.physicalId ?? '']?.entries).toEqual([]);
  });
  test.each([
    ['MaxEntries: 1', 'AddressFamily: This property is required: IPv4 or IPv6.'],
    ['AddressFamily: IPv4', 'MaxEntries: This property is required: a number from 1 to 1000.'],
    [
      'AddressFamily: IPv4, MaxEntries: 1, Entries: [{Cidr: 10.0.0.0/8}, {Cidr: 11.0.0.0/8}]',
      'Entries: There are 2 entries; MaxEntries is 1.',
    ],
    [
      `${IPV4}, Entries: [{Cidr: 10.0.0.0/8}, {Cidr: 10.0.0.0/8}]`,
      'Entries[1].Cidr: 10.0.0.0/8 is in the list already.',
    ],
    [`${IPV4}, Entries: [{Cidr: "::/0"}]`, 'Entries[0].Cidr: "::/0" is not an IPv4 block.'],
    [
      'AddressFamily: IPv6, MaxEntries: 1, Entries: [{Cidr: 10.0.0.0/8}]',
      'Entries[0].Cidr: "10.0.0.0/8" is not an IPv6 block.',
    ],
  ])('refuses %s', (properties, message) => {
    expect(refusal(list(properties))).toEqual([`Resources.L.Properties.${message}`]);
  });
  test("refuses the name of one of AWS's own", () => {
    const text = list(IPV4).replace('offices', 'com.amazonaws.ap-northeast-2.s3');
    expect(refusal(text)[0]).toMatch(/starts as the names of AWS's own lists do\.$/);
  });
});
