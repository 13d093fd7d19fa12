import Type, { type Static } from 'typebox';
import { accountOptions } from './options/accounts.js';
import { alertOptions } from './options/alerts.js';
import { capacityOptions } from './options/capacities.js';
import { detectOptions } from './options/detect.js';
import { enrichOptions } from './options/enrich.js';
import { forwardingOptions } from './options/forwarding.js';
import { halvesOptions } from './options/halves.js';
import { mapOptions } from './options/map.js';
import { meaningOptions } from './options/meaning.js';
import { meshOptions } from './options/mesh.js';
import { networkOptions } from './options/networks.js';
import { probeOptions } from './options/probes.js';
import { receivingOptions } from './options/receiving.js';
import { reportOptions } from './options/reports.js';
import { samplingOptions } from './options/sampling.js';
import { servingOptions } from './options/serving.js';
import { storingOptions } from './options/storing.js';
import { tagOptions } from './options/tags.js';
import { watchOptions } from './options/watch.js';

/** The options of the collector: keys of the configuration file and, with two dashes before them, of the command line. */
export const collectorSchema = Type.Object(
  {
    ...receivingOptions,
    ...storingOptions,
    ...servingOptions,
    ...alertOptions,
    ...probeOptions,
    ...networkOptions,
    ...enrichOptions,
    ...tagOptions,
    ...samplingOptions,
    ...halvesOptions,
    ...meaningOptions,
    ...forwardingOptions,
    ...meshOptions,
    ...mapOptions,
    ...detectOptions,
    ...watchOptions,
    ...capacityOptions,
    ...accountOptions,
    ...reportOptions,
  },
  { additionalProperties: false },
);

/** The options of the collector with every default filled in. */
export type CollectorConfig = Static<typeof collectorSchema>;
