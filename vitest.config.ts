import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const NO_TESTS = ['**/node_modules/**', '**/dist/**'];
/** Tests that replace modules, or the environment that modules read when they are loaded. */
const OF_A_PROCESS = ['cli', 'lab/daemon', 'lab/image'].map(
  (room) => `packages/onsil/src/${room}/**/*.test.ts`,
);
/** No test's own time is spent on building them. */
const IMAGES = ['packages/onsil/test/images.ts'];
const CORE = {
  setupFiles: ['packages/onsil/test/seed.ts'],
  maxWorkers: availableParallelism(),
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** Three layers: `core` needs nothing, `lab` needs root and a Linux kernel, `e2e` a whole lab. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...NO_TESTS, ...OF_A_PROCESS],
          // Loading the modules anew for each file would take as long as the tests.
          isolate: false,
          ...CORE,
        },
      },
      {
        test: {
          name: 'core, a process each',
          include: OF_A_PROCESS,
          exclude: NO_TESTS,
          ...CORE,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['packages/onsil/test/lab/**/*.test.ts'],
          globalSetup: IMAGES,
          // Each file has labs of its own names, and mostly waits for packets that do not come.
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['packages/onsil/test/e2e/**/*.test.ts'],
          globalSetup: IMAGES,
          // Mostly waiting for machines; labs of different names do not touch each other.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
