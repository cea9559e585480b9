import { isIPv4, isIPv6 } from 'node:net';
import type { Answer } from 'dns-packet';
import type { RecordSet } from '../../../region/hosted-zone.ts';

/** A value that Route 53 would not have taken. */
export class RecordValueError extends Error {
  override readonly name = 'RecordValueError';
}

/** `owner`: the name asked for; a wildcard's records answer with it. Without the final dot. */
export function answersOf(record: RecordSet, owner: string): readonly Answer[] {
  return record.values.map((value) => answerOf(record, owner, value));
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html */
function answerOf({ type, ttl }: RecordSet, name: string, value: string): Answer {
  const common = { name, ttl, class: 'IN' as const };
  const field = value.trim().split(/\s+/);
  const number = (index: number): number => {
    const parsed = Number(field[index]);
    if (!Number.isInteger(parsed) || parsed < 0) throw invalid(type, value);
    return parsed;
  };
  const text = (index: number): string => {
    const found = field[index];
    if (found === undefined || found === '') throw invalid(type, value);
    return withoutDot(found);
  };
  switch (type) {
    case 'A':
      if (!isIPv4(text(0))) throw invalid(type, value);
      return { ...common, type, data: text(0) };
    case 'AAAA':
      if (!isIPv6(text(0))) throw invalid(type, value);
      return { ...common, type, data: text(0) };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...common, type, data: text(0) };
    case 'MX':
      return { ...common, type, data: { preference: number(0), exchange: text(1) } };
    case 'SRV':
      return {
        ...common,
        type,
        data: { priority: number(0), weight: number(1), port: number(2), target: text(3) },
      };
    case 'TXT':
      return { ...common, type, data: [...strings(value)] };
    case 'SOA':
      return {
        ...common,
        type,
        data: {
          mname: text(0),
          rname: text(1),
          serial: number(2),
          refresh: number(3),
          retry: number(4),
          expire: number(5),
          minimum: number(6),
        },
      };
    case 'CAA': {
      const tag = text(1);
      if (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef') throw invalid(type, value);
      const flags = number(0);
      const content = strings(field.slice(2).join(' ')).join('');
      return {
        ...common,
        type,
        data: { flags, tag, value: content, issuerCritical: flags >= 128 },
      };
    }
    default:
      throw new RecordValueError(`records of type ${type} are not modelled`);
  }
}

export function withoutDot(name: string): string {
  return name === '.' ? '.' : name.replace(/\.$/, '');
}

/** `"one" "two \" three"`; text without quotes is one string. */
function strings(value: string): readonly string[] {
  if (!value.trim().startsWith('"')) return [value.trim()];
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? '').replaceAll(/\\(\d{3}|.)/g, (_, escaped: string) =>
      /^\d{3}$/.test(escaped) ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
    ),
  );
}

function invalid(type: string, value: string): RecordValueError {
  return new RecordValueError(`"${value}" is not the value of a record of type ${type}`);
}
