import { defineConfig } from 'rolldown';

/** The server of the page, in one file. The page itself is built by Vite. */
export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  output: { file: 'dist/server.mjs', format: 'esm', sourcemap: true, codeSplitting: false },
});
