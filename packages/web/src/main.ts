import { mount, unmount } from 'svelte';
import 'uplot/dist/uPlot.min.css';
import './app.css';
import App from './App.svelte';
import { type Language, languageFor, speak } from './i18n/index.js';

const KEY = 'weir-language';
const target = document.getElementById('app')!;

/** Draws the pages in a language; anew where they were drawn in another. */
async function draw(language: Language): Promise<void> {
  await speak(language);
  document.documentElement.lang = language;
  const app = mount(App, {
    target,
    props: {
      speakTo: async (next: Language) => {
        localStorage.setItem(KEY, next);
        await unmount(app);
        await draw(next);
      },
    },
  });
}

await draw(languageFor(localStorage.getItem(KEY), navigator.languages));
