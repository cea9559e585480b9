import type { Json, JsonMap } from '../region/json.ts';
import type { Parameter } from '../region/parameter.ts';
import type { Problem } from '../region/problem.ts';
import type { Table } from '../region/region.ts';
import type { Template } from './template.ts';

/** What `AWS::NoValue` gives: the property or list entry is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');
export type Value = Json | typeof NO_VALUE;

/** Everything that the functions of a template may ask. */
export interface Scope {
  readonly template: Template;
  readonly regionName: string;
  readonly zones: readonly string[];
  /** `AWS::Region` and the like. */
  readonly pseudoParameters: Readonly<Record<string, Value>>;
  readonly parameters: JsonMap;
  /** Whether a condition holds. Throws ProblemsError at `path` for one that is not declared. */
  readonly condition: (name: string, path: string) => boolean;
  /** What was created so far; absent where resources cannot be referred to (conditions, rules). */
  readonly resources?: ReadonlyMap<string, { physicalId: string; attributes: JsonMap }>;
  /** Of other stacks, by export name. */
  readonly exports: Readonly<Record<string, string>>;
  /** Told of each export that is imported. */
  readonly imported?: (name: string) => void;
  /** The parameter store, for dynamic references. */
  readonly parameterStore: Table<Parameter>;
  /** Whether Secrets Manager has a secret of that ARN or name. */
  readonly isSecret: (id: string) => boolean;
  readonly warn: (problem: Problem) => void;
}
