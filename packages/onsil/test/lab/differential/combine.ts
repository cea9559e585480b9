/**
 * Many small regions as one, so that one fabric is built for all of them. Private
 * addresses stay as they are, the same in every VPC; public ones and ids become different.
 */
import { emptyRegion, type Region } from '../../../src/region/region.ts';

/** Not the kinds of targets, which begin like ids. */
const ID =
  /"(?!(?:nat-gateway|vpc-endpoint|vpc-peering-connection)")((?:vpc|subnet|rtb|acl|sg|eni|igw|eigw|nat|pcx|vpce|pl|i|eipalloc)-[\w-]+|\d)"/g;
const PUBLIC_IP = /"198\.18\.0\.(\d+)"/g;

export function combine(regions: readonly Region[]): Region {
  const parts = regions.map((region, index): Region => {
    const text = JSON.stringify(region)
      .replaceAll(ID, `"$1-w${index}"`)
      .replaceAll(PUBLIC_IP, `"198.18.${index}.$1"`);
    return JSON.parse(text);
  });
  const collections = Object.entries(emptyRegion('ap-northeast-2')).map(([name, empty]) => {
    if (typeof empty !== 'object' || Array.isArray(empty)) return [name, empty];
    const each = parts.map((part) => Object.entries(part).find(([other]) => other === name)?.[1]);
    return [name, Object.assign({}, empty, ...each)];
  });
  return Object.fromEntries(collections);
}
