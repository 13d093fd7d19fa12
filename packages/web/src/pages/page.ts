import type { Snippet } from 'svelte';
import type { Live } from '../api/live.svelte.js';
import type { Status } from '../api/types.js';
import type { Page } from '../state/page.svelte.js';
import type { Theme } from '../state/theme.svelte.js';

/** What each page is given. */
export interface PageProps {
  page: Page;
  theme: Theme;
  live: Live;
  /** The newest status, with one entry an exporter. */
  status: Status | undefined;
  /** What is not well: stands at the top of each page. */
  findings: Snippet;
}
