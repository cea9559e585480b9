import { AwsError } from '../endpoints/error.ts';
import type { StoredObject } from '../object-store.ts';

/**
 * RFC 9110, 14.2. Undefined: the whole object, also for what is no single range of bytes.
 * Throws InvalidRange where nothing of it is in the object.
 */
export function parseRange(
  text: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start < size && (first !== '' || Number(last) > 0)) return { start, end };
  throw new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable', {
    details: { RangeRequested: text ?? '', ActualObjectSize: String(size) },
    headers: { 'content-range': `bytes */${size}` },
  });
}

/**
 * Whether the client has the object already (RFC 9110, 13.2.2).
 * Throws PreconditionFailed where it asked for another state.
 */
export function isNotModified(
  object: StoredObject,
  header: (name: string) => string | undefined,
): boolean {
  const ifMatch = header('if-match');
  const unmodified = Date.parse(header('if-unmodified-since') ?? '');
  if (ifMatch === undefined ? object.lastModified > unmodified : !hasTag(ifMatch, object.etag)) {
    throw preconditionFailed(ifMatch === undefined ? 'If-Unmodified-Since' : 'If-Match');
  }
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch !== undefined) return hasTag(ifNoneMatch, object.etag);
  return object.lastModified <= Date.parse(header('if-modified-since') ?? '');
}

export function hasTag(list: string, etag: string): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return tags.includes('*') || tags.includes(etag);
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { details: { Condition: condition } },
  );
}
