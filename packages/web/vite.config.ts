import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { bundled } from './bundled.js';
import { compress } from './compress.js';
import { manual } from './manual/plugin.js';
import { shell } from './src/i18n/en/shell.js';
import { world } from './world.js';

const { forPages, forWorkers } = bundled();
const pages = Object.entries(shell.page).map(([page, name]) => ({
  query: page === 'overview' ? '' : `?page=${page}`,
  name,
}));

// Relative addresses everywhere, so that the pages also work behind a reverse proxy's path.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte({ configFile: false }), world(), manual(pages), forPages, compress()],
  worker: { format: 'es', plugins: () => [forWorkers] },
  build: {
    // The first versions with light-dark() in CSS.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // A data: address would need its own permission in the Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'login.html'].map(page => `${import.meta.dirname}/${page}`) },
  },
});
