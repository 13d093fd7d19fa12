import { VARIABLE_LENGTH } from '@weir/ipfix';
import type { ProbeConfig } from '../config/schema.js';
import { parseTransport } from '../config/transport.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import * as K from '../metering/record-kinds.js';
import type { Rates } from './rates.js';
import type { LoadPreview, Preview, TemplatePreview } from './types.js';

/** What the kernel knows of most connections. */
const USUAL =
  K.COUNTERS | K.TOTALS | K.START | K.TRAFFIC | K.INGRESS | K.EGRESS | K.NEXT_HOP | K.SOURCE_MAC | K.DESTINATION_MAC;
const AS = K.SOURCE_AS | K.DESTINATION_AS;
const HANDSHAKE = K.TCP_HISTORY | K.INITIATOR_ROUND_TRIP | K.RESPONDER_ROUND_TRIP;
/** Octets of a record of NetFlow v5, with its part of the header of 24 before 30 of them. */
const NETFLOW_V5_OCTETS = 48 + 24 / 30;
/** RFC 7011 section 3.4.1: header of a Template Record; a Field Specifier, and one with an enterprise number. */
const TEMPLATE_HEADER_OCTETS = 4;
const SPECIFIER_OCTETS = 4;
const ENTERPRISE_SPECIFIER_OCTETS = 8;

/** What records of a configuration look like, and what they come to. @param inForce what the rates were counted by */
export function previewOf(config: ProbeConfig, inForce: ProbeConfig, rates: Rates | undefined): Preview {
  const templates = templatesOf(config);
  const growth = meanOctets(templates) / meanOctets(templatesOf(inForce));
  return {
    templates,
    load: loadOf(config, inForce, rates, growth),
    countedSeconds: Math.round(rates?.seconds ?? 0),
    notes: notesOf(config, inForce),
  };
}

/** By the encoder's own Templates. */
function templatesOf(config: ProbeConfig): TemplatePreview[] {
  const selection = parseFields(config.fields);
  const templates = new FlowTemplates(selection);
  const kinds = selection.natLog ? natKinds() : trafficKinds(config);
  return kinds.map(([name, kind]) => {
    const { fields } = templates.templateOf(kind).template;
    return {
      name,
      fields: namesOf(selection.fields, kind),
      recordOctets: fields.reduce((sum, { length }) => sum + (length === VARIABLE_LENGTH ? 0 : length), 0),
      templateOctets: fields.reduce(
        (sum, { enterprise }) => sum + (enterprise === 0 ? SPECIFIER_OCTETS : ENTERPRISE_SPECIFIER_OCTETS),
        TEMPLATE_HEADER_OCTETS,
      ),
    };
  });
}

function trafficKinds(config: ProbeConfig): [string, number][] {
  const usual = USUAL | (config['as-table'] === undefined ? 0 : AS);
  const tcp = usual | K.PORTS | K.TCP_STATE | (config['tcp-events'] ? HANDSHAKE : 0);
  const udp = usual | K.PORTS;
  return [
    ['tcp4', tcp],
    ['tcp4-interim', tcp | K.INTERVAL],
    ['tcp4-nat', tcp | K.NAT],
    ['udp4', udp],
    ['icmp4', usual | K.ICMP],
    ['tcp6', tcp | K.IPV6],
    ['udp6', udp | K.IPV6],
  ];
}

function natKinds(): [string, number][] {
  return [['nat4', K.NAT_EVENT | K.NAT | K.PORTS]];
}

function namesOf(fields: ReturnType<typeof parseFields>['fields'], kind: number): string[] {
  return fields.filter(({ needs, lacks }) => (kind & needs) === needs && (kind & lacks) === 0).map(({ name }) => name);
}

function meanOctets(templates: readonly TemplatePreview[]): number {
  const octets = templates.map(({ recordOctets }) => recordOctets).filter(each => each > 0);
  return octets.length === 0 ? 1 : octets.reduce((sum, each) => sum + each, 0) / octets.length;
}

function loadOf(config: ProbeConfig, inForce: ProbeConfig, rates: Rates | undefined, growth: number): LoadPreview[] {
  const records = rates && expectedRecords(config, inForce, rates);
  // What Messages add to their records is in the octets that were counted.
  const octetsEach = rates === undefined || rates.records === 0 ? 0 : (rates.octets / rates.records) * growth;
  return config.collector.map((collector, i) => {
    if (records === undefined) return { collector, recordsPerSecond: null, bitsPerSecond: null };
    const own = records * shareOf(config, i);
    const octets = isNetflowV5(collector) ? NETFLOW_V5_OCTETS : octetsEach;
    return { collector, recordsPerSecond: own, bitsPerSecond: own * octets * 8 };
  });
}

/** Interim reports come with each active timeout; ends come when they come. */
function expectedRecords(config: ProbeConfig, inForce: ProbeConfig, rates: Rates): number {
  const seen = rates.interimReports + rates.ends;
  const interimShare = seen === 0 ? 0 : rates.interimReports / seen;
  const oftener = inForce['active-timeout'] / config['active-timeout'];
  return rates.records * (interimShare * oftener + 1 - interimShare) * (inForce.sample / config.sample);
}

function shareOf({ distribute, collector }: ProbeConfig, i: number): number {
  if (distribute === 'balance') return 1 / collector.length;
  return distribute === 'failover' && i > 0 ? 0 : 1;
}

function isNetflowV5(url: string): boolean {
  const target = parseTransport(url);
  return target.kind === 'udp' && target.version === 5;
}

/** What the expectation does not know. */
function notesOf(config: ProbeConfig, inForce: ProbeConfig): string[] {
  const changed = (key: keyof ProbeConfig) => JSON.stringify(config[key]) !== JSON.stringify(inForce[key]);
  return [
    ...(changed('filter') ? ['filter'] : []),
    ...(changed('namespace') ? ['namespace'] : []),
    ...(config.collector.some(url => /[?&]version=9\b/.test(url)) ? ['netflow-v9'] : []),
  ];
}
