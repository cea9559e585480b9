/** What requests and answers hold, whatever the protocol. Times are milliseconds since 1970. */
export type Value = string | number | boolean | Uint8Array | readonly Value[] | Structure;

/** What is undefined is not written. */
export interface Structure {
  readonly [member: string]: Value | undefined;
}

// A request was checked against its model before: these only tell the compiler what it is.

export function text(input: Structure, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** A required text: the request had to have it. */
export function textOf(input: Structure, member: string): string {
  return text(input, member) ?? '';
}

export function number(input: Structure, member: string): number | undefined {
  const value = input[member];
  return typeof value === 'number' ? value : undefined;
}

export function flag(input: Structure, member: string): boolean | undefined {
  const value = input[member];
  return typeof value === 'boolean' ? value : undefined;
}

/** Absent is empty. */
export function texts(input: Structure, member: string): readonly string[] {
  const value = input[member];
  return isList(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Absent is empty. */
export function structures(input: Structure, member: string): readonly Structure[] {
  const value = input[member];
  return isList(value) ? value.filter(isStructure) : [];
}

export function structure(input: Structure, member: string): Structure | undefined {
  const value = input[member];
  return isStructure(value) ? value : undefined;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isStructure(value: Value | undefined): value is Structure {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}
