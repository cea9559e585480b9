import { AwsError } from '../endpoints/error.ts';

/** The members of a request, not yet validated. */
export type Input = Readonly<Record<string, unknown>>;

export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw invalid(member, 'must be a string');
}

export function text(input: Input, member: string): string {
  const value = optionalText(input, member);
  if (value === undefined || value === '') throw invalid(member, 'must not be empty');
  return value;
}

export function list(input: Input, member: string, most: number): readonly string[] {
  const value = input[member];
  const strings = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  if (!Array.isArray(value) || strings.length !== value.length || value.length < 1) {
    throw invalid(member, 'must be a list of strings that is not empty');
  }
  if (value.length > most) throw invalid(member, `must have at most ${most} entries`);
  return strings;
}

function invalid(member: string, rule: string): AwsError {
  return new AwsError(
    400,
    'ValidationException',
    `1 validation error detected: '${member}' ${rule}`,
  );
}
