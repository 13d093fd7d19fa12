import { elements, WeirError } from '@weir/ipfix';
import { FLOW_FIELDS, type FlowField } from './flow-fields.js';
import { nearest } from './nearest.js';

const ADDRESSES = [
  'sourceIPv4Address',
  'sourceIPv6Address',
  'destinationIPv4Address',
  'destinationIPv6Address',
  'protocolIdentifier',
  'sourceTransportPort',
  'destinationTransportPort',
  'icmpTypeCodeIPv4',
  'icmpTypeCodeIPv6',
];
const TRANSLATION = [
  'postNATSourceIPv4Address',
  'postNATSourceIPv6Address',
  'postNATDestinationIPv4Address',
  'postNATDestinationIPv6Address',
  'postNAPTSourceTransportPort',
  'postNAPTDestinationTransportPort',
];
const NAT_LOG = ['observationTimeMilliseconds', 'natEvent'];
const TOTALS = ['octetTotalCount', 'packetTotalCount', 'reverseOctetTotalCount', 'reversePacketTotalCount'];

const ALL = FLOW_FIELDS.map(field => field.name).filter(name => !NAT_LOG.includes(name));
/** What repeats or refines something else; few need it. */
const FULL_ONLY = [...TOTALS, 'conntrackStatus'];

/** Sets of fields with a name of their own. */
export const PRESETS = {
  default: ALL.filter(name => !FULL_ONLY.includes(name)),
  full: ALL,
  // What a record of NetFlow v5 holds, as far as the kernel knows it: no TCP flags.
  'netflow-v5-fields': [
    ...ADDRESSES,
    'ipNextHopIPv4Address',
    'ipNextHopIPv6Address',
    'ingressInterface',
    'egressInterface',
    'octetDeltaCount',
    'packetDeltaCount',
    'reverseOctetDeltaCount',
    'reversePacketDeltaCount',
    'flowStartMilliseconds',
    'flowEndMilliseconds',
    'bgpSourceAsNumber',
    'bgpDestinationAsNumber',
    'biflowDirection',
    'ipClassOfService',
  ],
  // RFC 8158 section 5.2, NAT44 session create and delete.
  'nat-log': [...NAT_LOG, ...ADDRESSES, ...TRANSLATION, 'conntrackZone'],
} as const satisfies Record<string, readonly string[]>;

export type FieldPreset = keyof typeof PRESETS;

/** Which fields Flow Records are exported with. */
export interface FieldSelection {
  /** In the order of a record. */
  readonly fields: readonly FlowField[];
  /** The creation and the end of translations are exported in place of traffic (RFC 8158). */
  readonly natLog: boolean;
}

/**
 * Reads --fields: the name of a preset, or names of Information Elements with commas between them.
 *
 * @throws WeirError naming what is near, and where all names are
 */
export function parseFields(text: string): FieldSelection {
  const trimmed = text.trim();
  const names = isPreset(trimmed) ? PRESETS[trimmed] : trimmed.split(',').map(name => name.trim());
  const unknown = names.filter(name => !FLOW_FIELDS.some(field => field.name === name));
  if (unknown.length > 0) throw new WeirError(explain(unknown));
  const chosen = FLOW_FIELDS.filter(field => (names as readonly string[]).includes(field.name));
  const events = chosen.some(field => NAT_LOG.includes(field.name));
  if (events && chosen.some(field => !(PRESETS['nat-log'] as readonly string[]).includes(field.name))) {
    throw new WeirError(
      `--fields mixes ${NAT_LOG.join(' or ')}, which tell of a translation, with fields of traffic: use --fields nat-log, or leave them out`,
    );
  }
  return { fields: chosen, natLog: events };
}

function isPreset(text: string): text is FieldPreset {
  return Object.hasOwn(PRESETS, text);
}

function explain(unknown: readonly string[]): string {
  const [name] = unknown;
  const presets = Object.keys(PRESETS);
  const near = nearest(name, [...presets, ...FLOW_FIELDS.map(field => field.name)], 3);
  const hint = near.length > 0 ? `did you mean ${near.join(', or ')}? Otherwise choose` : 'choose';
  const why =
    name === ''
      ? '--fields has an empty name'
      : elements.byName(name) === undefined
        ? `--fields: no Information Element is called "${name}"`
        : `--fields: the kernel does not tell the probe "${name}"`;
  return `${why}; ${hint} ${presets.join(', ')}, or names from docs/reference/fields.md with commas between them`;
}
