import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Nothing inline: the server's Content-Security-Policy takes scripts and files of its own only. */
export default defineConfig({
  plugins: [react()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
