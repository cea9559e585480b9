import { defineConfig } from 'vitest/config';

/** Three layers: `core` needs nothing, `lab` needs root and a Linux kernel, `e2e` a whole lab. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          setupFiles: ['packages/onsil/test/seed.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['packages/onsil/test/lab/**/*.test.ts'],
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
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
