import { elements, type Template, VARIABLE_LENGTH } from '@weir/ipfix';
import { PRESETS, parseFields } from '../../../packages/probe/dist/exporting/field-selection.js';
import { FLOW_FIELDS } from '../../../packages/probe/dist/exporting/flow-fields.js';
import { FlowTemplates } from '../../../packages/probe/dist/exporting/flow-templates.js';
import { FlowKeys } from '../../../packages/probe/dist/exporting/options/flow-keys.js';
import { InterfaceNames } from '../../../packages/probe/dist/exporting/options/interfaces.js';
import { LossTimes } from '../../../packages/probe/dist/exporting/options/loss-times.js';
import {
  exportingReliability,
  meteringReliability,
  meteringStatistics,
} from '../../../packages/probe/dist/exporting/options/process-statistics.js';
import {
  noPacketSampling,
  observationDomainName,
  typeInformation,
} from '../../../packages/probe/dist/exporting/options/unchanging.js';
import { FIRST_FLOW_TEMPLATE_ID } from '../../../packages/probe/dist/exporting/template-ids.js';
import * as K from '../../../packages/probe/dist/metering/record-kinds.js';
import { code, madePage, table } from './markdown.js';

const USUAL =
  K.COUNTERS |
  K.TOTALS |
  K.START |
  K.TRAFFIC |
  K.INGRESS |
  K.EGRESS |
  K.NEXT_HOP |
  K.SOURCE_MAC |
  K.DESTINATION_MAC |
  K.PORTS;
const TCP = USUAL | K.TCP_STATE | K.TCP_HISTORY;
/** Kinds of Flow Records that most are of. */
const KINDS: Readonly<Record<string, number>> = {
  'TCP over IPv4': TCP,
  'TCP over IPv4, a report behind another': TCP | K.INTERVAL,
  'TCP over IPv4, translated': TCP | K.NAT,
  'UDP over IPv4': USUAL,
  'TCP over IPv6': TCP | K.IPV6,
  'UDP over IPv6': USUAL | K.IPV6,
};
const NAT_EVENT = K.NAT_EVENT | K.NAT | K.PORTS;
const LETTERS = { default: 'd', full: 'f', 'netflow-v5-fields': '5', 'nat-log': 'n' } as const;

/** What a collector gets of the probe. */
export function templatesPage(): string {
  return madePage(
    'Templates',
    `What the probe exports as IPFIX, for those who read it. A Flow Record's Template has those of the chosen fields (\`--fields\`: **d** default, **f** full,
**5** netflow-v5-fields, **n** nat-log) that the kernel knows of the Flow, in the order of this table; [when a field is there](fields.md). Each combination that occurs is a
Template of its own, numbered from ${FIRST_FLOW_TEMPLATE_ID} on in the order in which they occur: the number means nothing. Reverse Information Elements are those of RFC 5103
(enterprise number 29305), Weir's own have its private one.`,
    '## Flow Records',
    table(
      ['element', 'number', 'octets', 'type', 'in'],
      FLOW_FIELDS.map(({ name, length }) => fieldRow(name, length)),
    ),
    '## How large they are',
    'Octets of a Data Record, where the routing is known and the handshake was not timed; without fields of variable length.',
    sizes(),
    '## Options Data',
    'What the probe says of itself (RFC 7011 section 4): statistics every 5 seconds, all else once a minute, or when it changes.',
    ...optionsTemplates().map(optionsTable),
  );
}

function fieldRow(name: string, length?: number): string[] {
  const element = elements.byName(name)!;
  const number = element.enterprise === 0 ? String(element.id) : `${element.enterprise}:${element.id}`;
  const octets = length ?? specifierLength(name);
  const presets = Object.entries(LETTERS).filter(([preset]) =>
    (PRESETS[preset as keyof typeof PRESETS] as readonly string[]).includes(name),
  );
  return [code(name), number, lengthText(octets), element.type, presets.map(([, letter]) => letter).join(' ')];
}

function specifierLength(name: string): number {
  const templates = new FlowTemplates(parseFields(name));
  const field = FLOW_FIELDS.find(each => each.name === name)!;
  return templates.templateOf(field.needs).template.fields[0]!.length;
}

const lengthText = (length: number): string => (length === VARIABLE_LENGTH ? 'variable' : String(length));

function sizes(): string {
  const presets = ['default', 'full', 'netflow-v5-fields'] as const;
  const rows = Object.entries(KINDS).map(([name, kind]) => [name, ...presets.map(preset => octetsOf(preset, kind))]);
  const nat = `With \`nat-log\` there is one kind, of ${octetsOf('nat-log', NAT_EVENT)} octets over IPv4.`;
  return `${table(['', ...presets.map(code)], rows)}\n\n${nat}`;
}

function octetsOf(preset: string, kind: number): string {
  const { fields } = new FlowTemplates(parseFields(preset)).templateOf(kind).template;
  return String(fields.reduce((sum, { length }) => sum + (length === VARIABLE_LENGTH ? 0 : length), 0));
}

/** Those of all Options Data Records, each once, by their numbers. */
function optionsTemplates(): [title: string, template: Template][] {
  const flows = new FlowTemplates(parseFields('default'));
  flows.templateOf(TCP);
  const nothing = new LossTimes();
  const lossy = new LossTimes();
  lossy.update(1, 0);
  const statistics = Object.fromEntries(STATISTICS.map(name => [name, 0])) as unknown as Parameters<
    typeof meteringStatistics
  >[1];
  const interfaces = new InterfaceNames({ generation: 0, list: () => [{ index: 1, name: '', description: '' }] }, 0);
  const records: [string, Template][] = [
    ['Metering Process Statistics', meteringStatistics(1, statistics).template],
    ['Metering Process Reliability Statistics', meteringReliability(1, statistics).template],
    [
      'The same, where the kernel tells of packets it did not track',
      meteringReliability(1, statistics, nothing).template,
    ],
    ['The same, once there were some', meteringReliability(1, statistics, lossy).template],
    ['Exporting Process Reliability Statistics', exportingReliability(1, nothing).template],
    ['The same, once something was lost', exportingReliability(1, lossy).template],
    ['Flow Keys of a Template', new FlowKeys(flows, 0).records()[0]!.template],
    ['Elements of our own (RFC 5610)', typeInformation(['conntrackMark'])[0]!.template],
    ['Interfaces', interfaces.records()[0]!.template],
    ['Name of the Observation Domain', observationDomainName(1, '').template],
    ['That no packet was left out by sampling', noPacketSampling(1).template],
  ];
  return records.sort(([, a], [, b]) => a.id - b.id);
}

const STATISTICS = ['exportedMessageTotalCount', 'notSentFlowTotalCount', 'flowActiveTimeout'];

function optionsTable([title, { id, scopeFieldCount = 0, fields }]: [string, Template]): string {
  const rows = fields.map(({ id: number, enterprise, length }, i) => [
    `${code(elements.byId(enterprise, number)!.name)}${i < scopeFieldCount ? ', scope' : ''}`,
    enterprise === 0 ? String(number) : `${enterprise}:${number}`,
    lengthText(length),
  ]);
  return `### ${id}: ${title}\n\n${table(['element', 'number', 'octets'], rows)}`;
}
