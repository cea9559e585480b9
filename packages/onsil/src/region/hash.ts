import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** 64 hexadecimal digits that depend on every part and on nothing else. */
export function hashOf(...parts: readonly string[]): string {
  // As JSON, so that ('a', 'bc') and ('ab', 'c') differ.
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))));
}

/** A number from 0 to `count` - 1. */
export function hashIndex(count: number, ...parts: readonly string[]): number {
  return Number(BigInt(`0x${hashOf(...parts)}`) % BigInt(count));
}
