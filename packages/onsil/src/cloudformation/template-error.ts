import { type Problem, ProblemsError } from '../region/problem.ts';
import { locate, type Position, type Template } from './template.ts';

/** Why a template cannot be read, or its stack not be created: every problem, each with its place. */
export class TemplateError extends ProblemsError {
  override readonly name = 'TemplateError';
  readonly fileName: string;
  /** Of the first problem. Both count from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(
    template: Pick<Template, 'fileName' | 'positions'>,
    problems: readonly Problem[],
    options?: ErrorOptions,
  ) {
    const placed = problems.map((problem) => placeProblem(template, problem));
    super(placed, options);
    this.fileName = template.fileName;
    this.line = placed[0]?.line;
    this.column = placed[0]?.column;
  }
}

/** The problem with the file and the position of its path. */
export function placeProblem(
  template: Pick<Template, 'fileName' | 'positions'>,
  problem: Problem,
): Problem {
  if (problem.line !== undefined) return { ...problem, file: template.fileName };
  const position: Position | undefined = locate(template, problem.path);
  return { ...problem, file: template.fileName, ...position };
}
