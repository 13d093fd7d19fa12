import { exporters } from './exporters.js';
import { ends, filter, flows, icmp, panel } from './flows.js';
import { health } from './health.js';
import { host, network } from './hosts.js';
import { plot } from './plot.js';
import { nouns, shell, strip, time } from './shell.js';
import { split, summary } from './split.js';
import { tops } from './tops.js';

export const en = {
  ...{ shell, strip, nouns, time, health, plot, flows, panel, ends, icmp, filter, tops },
  ...{ split, summary, host, network, exporters },
};
