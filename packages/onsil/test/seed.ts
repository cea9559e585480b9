/**
 * Random cases are the same in every run, so that a red test is red again: ONSIL_FUZZ_SEED gives
 * others. fast-check prints the seed of a failure.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['ONSIL_FUZZ_SEED'] ?? 20261122) });
