import { defineConfig } from 'rolldown';

/** One file with everything in it: an instance needs Node and this, and no node_modules. */
export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  output: { file: 'dist/server.mjs', format: 'esm', sourcemap: true, codeSplitting: false },
});
