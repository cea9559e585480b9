/** One thing wrong in a config. */
export interface ConfigIssue {
  /** Where, e.g. `api.instances`; empty: the file as a whole. */
  readonly path: string;
  /** The value given, as printed; absent: none was given. */
  readonly given?: string;
  readonly allowed: string;
  /** What to do next. */
  readonly change: string;
}

/** Carries everything that is wrong at once, so that one edit can mend it all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string;
  readonly issues: readonly ConfigIssue[];

  constructor(file: string, issues: readonly ConfigIssue[], options?: ErrorOptions) {
    const count = issues.length === 1 ? '1 error' : `${issues.length} errors`;
    super([`${file} has ${count}:`, ...issues.map(describe)].join('\n\n'), options);
    this.file = file;
    this.issues = issues;
  }
}

function describe({ path, given, allowed, change }: ConfigIssue): string {
  return [
    `  ${path === '' ? 'the file' : path}`,
    `    given:   ${given ?? 'nothing'}`,
    `    allowed: ${allowed}`,
    `    change:  ${change}`,
  ].join('\n');
}

/** A value as an error shows it: short, and never a private key. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (text.includes('PRIVATE KEY')) return 'a private key (not shown)';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
