/** Something wrong, or something not modelled, at one place of a template. */
export interface Problem {
  /** `error`: nothing is created. `warning`: created, but not wholly as on AWS. */
  readonly severity: 'error' | 'warning';
  /** Where, e.g. `Resources.Nat.Properties.SubnetId` or `Parameters.KeyName`. */
  readonly path: string;
  /** What is wrong, with the value given and what is allowed. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  /** What CloudFormation itself says of it, for its clients. */
  readonly says?: Said;
  /** Set where the template is a file. Lines and columns count from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** CloudFormation tells mistakes of one form together: `[*]` stands for the names of all of them. */
export interface Said {
  readonly text: string;
  readonly name?: string;
}

/** One or more problems that stop what was being done. */
export class ProblemsError extends Error {
  override readonly name: string = 'ProblemsError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join('\n'), options);
    this.problems = problems;
  }
}

/** One line: place in the file, path, message, hint. */
export function formatProblem({ path, message, hint, file, line, column }: Problem): string {
  const place = file === undefined ? '' : `${[file, line, column].filter((x) => x).join(':')}: `;
  return `${place}${path === '' ? '' : `${path}: `}${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/** The error of a single problem, to throw. */
export function problem(path: string, message: string, hint?: string, says?: Said): ProblemsError {
  return new ProblemsError([
    {
      ...{ severity: 'error', path, message },
      ...(hint === undefined ? {} : { hint }),
      ...(says === undefined ? {} : { says }),
    },
  ]);
}

/**
 * The one message that CloudFormation gives for these problems: it stops at the first form of
 * mistake, and names all mistakes of that form. Ours where its words are not known.
 */
export function messageOfCloudFormation({ problems }: Pick<ProblemsError, 'problems'>): string {
  const first = problems.find(({ severity }) => severity === 'error');
  if (first === undefined) return '';
  if (first.says === undefined) return `${first.path}: ${first.message}`;
  const { text } = first.says;
  const names = problems.flatMap(({ says }) => (says?.text === text ? (says.name ?? []) : []));
  return text.replace('[*]', `[${[...new Set(names)].join(', ')}]`);
}

/**
 * Applies `each` to every item and returns the results. The problems of all items are thrown
 * together: a user repairs a template in one go, not one error at a time.
 */
export function gather<T, R>(items: Iterable<T>, each: (item: T) => R): R[] {
  const results: R[] = [];
  const problems: Problem[] = [];
  for (const item of items) {
    try {
      results.push(each(item));
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return results;
}

/** Takes every step; the problems of all of them are thrown together. */
export function together(...steps: readonly (() => void)[]): void {
  gather(steps, (step) => step());
}

/** `a, b, c and 4 more`; `none` for an empty list. */
export function list(values: readonly string[], atMost = 12): string {
  if (values.length === 0) return 'none';
  const shown = values.slice(0, atMost).join(', ');
  return values.length > atMost ? `${shown} and ${values.length - atMost} more` : shown;
}
