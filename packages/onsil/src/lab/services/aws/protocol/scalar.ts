/** Scalars as text, both ways. */
import type { Shape } from '../model.ts';
import { typeOf } from '../model.ts';
import type { Value } from '../value.ts';
import { FaultError } from './fault.ts';

/** Throws FaultError. */
export function parseScalar(shape: Shape, given: string, parameter: string): Value {
  const type = typeOf(shape);
  const wrong = () => new FaultError({ kind: 'type', parameter, given, type });
  switch (type) {
    case 'boolean': {
      const word = given.toLowerCase();
      if (word !== 'true' && word !== 'false') throw wrong();
      return word === 'true';
    }
    case 'integer':
    case 'long':
      if (!/^[+-]?\d{1,19}$/.test(given)) throw wrong();
      return Number(given);
    case 'float':
    case 'double':
      if (given.trim() === '' || Number.isNaN(Number(given))) throw wrong();
      return Number(given);
    case 'timestamp': {
      const time = /^\d+(\.\d+)?$/.test(given) ? Number(given) * 1000 : Date.parse(given);
      if (Number.isNaN(time)) throw wrong();
      return time;
    }
    case 'blob':
      return Buffer.from(given, 'base64');
    case 'structure':
    case 'list':
    case 'map':
      throw wrong();
    default:
      return given;
  }
}

/** @param value of the shape's own type; else it is our mistake, and thrown */
export function scalarText(shape: Shape, value: Value, where: string): string {
  const type = typeOf(shape);
  if (value instanceof Uint8Array && type === 'blob') return Buffer.from(value).toString('base64');
  if (type === 'timestamp' && typeof value === 'number') {
    const date = new Date(value);
    return shape.timestampFormat === 'rfc822' ? date.toUTCString() : date.toISOString();
  }
  checkScalar(type, value, where);
  return String(value);
}

export function checkScalar(type: string, value: Value, where: string): void {
  const isRight =
    type === 'string' || type === 'character'
      ? typeof value === 'string'
      : type === 'boolean'
        ? typeof value === 'boolean'
        : typeof value === 'number' && Number.isFinite(value);
  if (!isRight) throw new TypeError(`${where} of an answer is a ${typeof value}, not a ${type}`);
}
