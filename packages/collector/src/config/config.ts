import { Value } from 'typebox/value';
import { WeirError } from '../error.js';
import { type AccountSettings, accountSettings } from './options/accounts.js';
import { type AlertingSettings, alertSettings } from './options/alerts.js';
import { type CapacitySettings, capacitySettings } from './options/capacities.js';
import { type DetectSettings, detectSettings } from './options/detect.js';
import { type EnrichSettings, enrichSettings } from './options/enrich.js';
import { type ForwardingSettings, forwardingSettings } from './options/forwarding.js';
import { type HalvesSettings, halvesSettings } from './options/halves.js';
import { type MapSettings, mapSettings } from './options/map.js';
import { type MeaningSettings, meaningSettings } from './options/meaning.js';
import { type MeshSettings, meshSettings } from './options/mesh.js';
import { type NetworkSettings, networkSettings } from './options/networks.js';
import { type ProbeSettings, probeSettings } from './options/probes.js';
import { type ReceivingSettings, receivingSettings } from './options/receiving.js';
import { type ReportSettings, reportSettings } from './options/reports.js';
import { type SamplingSettings, samplingSettings } from './options/sampling.js';
import { type ServingSettings, servingSettings } from './options/serving.js';
import { type StoringSettings, storingSettings } from './options/storing.js';
import { type TagSettings, tagSettings } from './options/tags.js';
import { type WatchSettings, watchSettings } from './options/watch.js';
import { type CollectorConfig, collectorSchema } from './schema.js';

/** What the collector runs with: the options checked, parsed, and every default filled in. */
export interface CollectorSettings
  extends AlertingSettings,
    ReceivingSettings,
    StoringSettings,
    ServingSettings,
    ProbeSettings,
    NetworkSettings,
    EnrichSettings,
    TagSettings,
    SamplingSettings,
    HalvesSettings,
    MeaningSettings,
    ForwardingSettings,
    MeshSettings,
    MapSettings,
    DetectSettings,
    WatchSettings,
    CapacitySettings,
    AccountSettings,
    ReportSettings {}

/**
 * Checks the options and fills in what is missing.
 * @throws WeirError for an unknown option, a wrong type or value, or what this version cannot do
 */
export function resolveConfig(options: unknown): CollectorSettings {
  const full = checkOptions(options);
  const storing = storingSettings(full);
  const forwarding = forwardingSettings(full);
  if (forwarding.forward.length > 0 && storing.server !== undefined) {
    throw new WeirError(
      'forward: a Mediator goes by the batches of one collector, which those of others come between on servers; forward from a collector with the embedded store',
    );
  }
  const mesh = meshSettings(full);
  const serving = servingSettings(full, storing.directory);
  if (storing.server !== undefined && (mesh.keepMeshHistory ?? mesh.keepMeshLoads) !== undefined) {
    throw new WeirError(
      'the options --keep-mesh-... are of the embedded store; on servers set a TTL of the table "mesh_history", as docs/how-to/cluster.md shows for "flows"',
    );
  }
  const networks = networkSettings(full);
  const accounts = accountSettings(full, networks.localNetworks);
  if (accounts.accounts.length > 0 && storing.server !== undefined) {
    throw new WeirError(
      'accounts: sums go by the batches of one collector, which those of others come between on servers; bill with a collector that has the embedded store',
    );
  }
  const alerts = alertSettings(full, serving);
  return {
    ...receivingSettings(full),
    ...storing,
    ...serving,
    ...alerts,
    ...probeSettings(full),
    ...networks,
    ...enrichSettings(full),
    ...tagSettings(full),
    ...samplingSettings(full),
    ...halvesSettings(full),
    ...meaningSettings(full),
    ...forwarding,
    ...mesh,
    ...mapSettings(full),
    ...detectSettings(full),
    ...watchSettings(full),
    ...capacitySettings(full),
    ...accounts,
    ...reportSettings(full, alerts.alerting.channels, storing.directory),
  };
}

function checkOptions(options: unknown): CollectorConfig {
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).find(key => !Object.hasOwn(collectorSchema.properties, key));
  if (unknown !== undefined) {
    const known = Object.keys(collectorSchema.properties).join(', ');
    throw new WeirError(`configuration: the collector has no option "${unknown}"; it has ${known}`);
  }
  const full = Value.Default(collectorSchema, given);
  const [error] = Value.Errors(collectorSchema, full);
  if (error === undefined) return full as CollectorConfig;
  // What nothing allows: a key that is not known.
  const message = error.keyword === 'boolean' ? 'is no key there' : error.message;
  throw new WeirError(`${error.instancePath.slice(1) || 'configuration'}: ${message}`);
}
