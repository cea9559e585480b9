import { defineConfig } from 'rolldown';

/** One file with everything in it: a host needs Node and this, and no node_modules. */
export default defineConfig({
  input: 'src/server.ts',
  platform: 'node',
  output: { file: 'dist/server.mjs', format: 'esm', codeSplitting: false },
});
