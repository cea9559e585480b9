/** For tests: which random worlds a run sees. */

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** How many; more for a long search: `ONSIL_FUZZ_RUNS=5000 npx vitest run …`. */
export const runsOf = (environment: Environment, usual: number): number =>
  Number(environment['ONSIL_FUZZ_RUNS'] ?? usual);

/**
 * The same worlds in every run, so that a red test is about the change at hand and not about luck;
 * others by `ONSIL_FUZZ_SEED=7`. What such a search finds is kept as a named case.
 */
export const seedOf = (environment: Environment): number =>
  Number(environment['ONSIL_FUZZ_SEED'] ?? 20261122);
