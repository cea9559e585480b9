import * as z from 'zod/mini';
import { protocolNumber } from '../region/resources/protocol.ts';

/** A name (`tcp`) or a number as text (`6`), -1 for all; as a number. */
export const protocol = z.pipe(
  z.string().check(z.refine((text) => protocolNumber(text) !== undefined, 'a protocol')),
  z.transform((text: string) => protocolNumber(text) ?? 256),
);

export const port = z.number().check(z.int(), z.gte(-1), z.lte(65535));

export const hasPorts = (number: number): boolean => number === 6 || number === 17;
export const isIcmp = (number: number): boolean => number === 1 || number === 58;
