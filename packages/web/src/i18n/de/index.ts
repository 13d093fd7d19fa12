import type { Texts } from '../index.js';
import { ends, filter, flows, icmp, panel } from './flows.js';
import { health } from './health.js';
import { plot } from './plot.js';
import { setup } from './setup.js';
import { nouns, shell, strip, time } from './shell.js';
import { tops } from './tops.js';

export const de = {
  shell,
  strip,
  nouns,
  time,
  health,
  plot,
  flows,
  panel,
  ends,
  icmp,
  filter,
  tops,
  setup,
} satisfies Texts;
