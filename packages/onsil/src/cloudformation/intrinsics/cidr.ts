/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html */
import { formatAddress, parseBlock } from '../../region/ipv4.ts';
import { formatAddress6, parseBlock6 } from '../../region/ipv6.ts';
import { problem } from '../../region/problem.ts';
import { argumentPath, argumentsOf, type Intrinsic, numberAt, textAt } from './intrinsic.ts';

const FORM = '!Cidr [block, count, cidrBits]';
const MOST = 256;

/** `count` blocks with `cidrBits` host bits each, from the start of the given block. */
export const cidr: Intrinsic = (call) => {
  const [block, countGiven, bitsGiven] = argumentsOf(call, 2, 3, FORM);
  const whole = textAt(call, block, argumentPath(call, 0));
  const count = numberAt(call, countGiven, argumentPath(call, 1));
  if (count < 1 || count > MOST) {
    throw problem(argumentPath(call, 1), `${count} is not a count from 1 to ${MOST}.`);
  }
  const v4 = parseBlock(whole);
  const v6 = parseBlock6(whole);
  const prefix = v4?.prefix ?? v6?.prefix;
  if (prefix === undefined) {
    const hint = 'Write a block like 10.0.0.0/16 or 2001:db8::/56.';
    throw problem(argumentPath(call, 0), `"${whole}" is not an address block.`, hint);
  }
  const width = v4 === undefined ? 128 : 32;
  const bits =
    bitsGiven === undefined ? width / 4 : numberAt(call, bitsGiven, argumentPath(call, 2));
  if (bits < 1 || bits > width - prefix) {
    const message = `${bits} host bits do not fit into ${whole}; 1 to ${width - prefix} do.`;
    throw problem(argumentPath(call, 2), message);
  }
  const room = 2 ** (width - prefix - bits);
  if (count > room) {
    throw problem(
      argumentPath(call, 1),
      `${whole} has room for ${room} blocks of ${bits} host bits, not for ${count}.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const offset = 2n ** BigInt(bits) * BigInt(index);
    const address =
      v4 === undefined
        ? formatAddress6((v6?.first ?? 0n) + offset)
        : formatAddress(v4.first + Number(offset));
    return `${address}/${width - bits}`;
  });
};
