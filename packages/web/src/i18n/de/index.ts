import type { Texts } from '../index.js';
import { alerts } from './alerts.js';
import { billing } from './billing.js';
import { events } from './events.js';
import { exporters } from './exporters.js';
import { fields } from './fields.js';
import { ends, filter, flows, icmp, panel } from './flows.js';
import { fieldPicker, files, flowsPage, range } from './flowsPage.js';
import { health } from './health.js';
import { host, network } from './hosts.js';
import { map } from './map.js';
import { plot } from './plot.js';
import { quality } from './quality.js';
import { report } from './report.js';
import { session } from './session.js';
import { setup } from './setup.js';
import { nouns, shell, strip, time } from './shell.js';
import { split, summary } from './split.js';
import { tops } from './tops.js';

export const de = {
  ...{ shell, strip, nouns, time, health, plot, flows, panel, ends, icmp, filter, tops },
  ...{ split, summary, host, network, exporters, events, quality },
  ...{ fields, flowsPage, fieldPicker, files, range, session, setup, map, billing, alerts, report },
} satisfies Texts;
