import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const VERSION = 2;
const BYTES = 1 + 8 + 32;

/**
 * Session tokens of version 2. They say themselves whom they were given and until when, so
 * that no request can make the lab remember more.
 */
export function createTokens(now: () => number) {
  const key = randomBytes(32);
  const seal = (head: Buffer, instanceId: string) =>
    createHmac('sha256', key).update(head).update(instanceId).digest();
  return {
    /** `seconds`: its lifetime. */
    issue(instanceId: string, seconds: number): string {
      const head = Buffer.alloc(9);
      head.writeUInt8(VERSION);
      head.writeBigUInt64BE(BigInt(now() + seconds * 1000), 1);
      return Buffer.concat([head, seal(head, instanceId)]).toString('base64');
    },
    isValid(token: string, instanceId: string): boolean {
      const bytes = Buffer.from(token, 'base64');
      if (bytes.length !== BYTES) return false;
      const head = bytes.subarray(0, 9);
      if (!timingSafeEqual(bytes.subarray(9), seal(head, instanceId))) return false;
      return head.readUInt8() === VERSION && now() < Number(head.readBigUInt64BE(1));
    },
  };
}
