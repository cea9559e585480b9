import type { NotModelled } from '../reach/not-modelled.ts';
import { type Problem, ProblemsError } from '../region/problem.ts';
import { commandOf, KINDS, type KindName } from './kinds.ts';
import type { Entry } from './sources.ts';

/** What is wrong with the files of a region, and what verdicts cannot rest on. */
export class Report {
  readonly problems: Problem[] = [];
  readonly notModelled: NotModelled[] = [];
  /** Those that routes and rules name, each with a place where one does. */
  readonly prefixLists = new Map<string, Entry>();
  private readonly named = new Set<string>();
  private readonly present: ReadonlySet<KindName>;

  /** @param present kinds of which there is a file */
  constructor(present: ReadonlySet<KindName>) {
    this.present = present;
  }

  error(at: Entry, path: string, message: string, hint?: string): void {
    this.add('error', at, path, message, hint);
  }

  warn(at: Entry, path: string, message: string, hint?: string): void {
    this.add('warning', at, path, message, hint);
  }

  /** Something that a file names and none has; said once, and of a whole kind once. */
  missing(at: Entry, path: string, id: string, kind: KindName): void {
    if (!this.present.has(kind)) this.noFile(kind);
    else if (!this.named.has(id)) {
      this.warn(at, path, `No file has ${id}.`, `Collect anew: ${commandOf(kind)}`);
    }
    this.named.add(id);
  }

  /** Verdicts that depend on it name it. */
  open(each: NotModelled): void {
    this.notModelled.push(each);
  }

  noFile(kind: KindName): void {
    if (this.named.has(kind)) return;
    this.named.add(kind);
    this.problems.push({
      ...{ severity: 'warning', path: kind },
      message: `There is no file of this kind: ${KINDS[kind].without}.`,
      hint: `Add: ${commandOf(kind)}`,
    });
  }

  /** Throws ProblemsError where anything is an error. */
  close(): void {
    if (this.problems.some(({ severity }) => severity === 'error')) {
      throw new ProblemsError(this.problems.filter(({ severity }) => severity === 'error'));
    }
  }

  private add(
    severity: Problem['severity'],
    { file, path: at }: Entry,
    path: string,
    message: string,
    hint: string | undefined,
  ): void {
    this.problems.push({
      ...{ severity, file, path: `${at}${path}`, message },
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
