import { elements, fieldsOf, type Template } from '@weir/ipfix';
import type { OptionsRecord } from '../encoder.js';
import type { FlowTemplates } from '../flow-templates.js';
import { FLOW_KEYS_TEMPLATE_ID } from '../template-ids.js';
import type { OptionsSource } from './scheduler.js';

const TEMPLATE: Template = {
  id: FLOW_KEYS_TEMPLATE_ID,
  scopeFieldCount: 1,
  fields: fieldsOf(['templateId', 'flowKeyIndicator']),
};

/** What connection tracking tells connections apart by: the tuple of the original direction, and the zone. */
const FLOW_KEYS = new Set([
  'sourceIPv4Address',
  'sourceIPv6Address',
  'destinationIPv4Address',
  'destinationIPv6Address',
  'protocolIdentifier',
  'sourceTransportPort',
  'destinationTransportPort',
  'icmpTypeCodeIPv4',
  'icmpTypeCodeIPv6',
  'conntrackZone',
]);
/** flowKeyIndicator has 64 bits; this many are exact in a number, and the Flow Keys come first. */
const INDICATOR_BITS = 48;

/** The Flow Keys Options (RFC 7011 section 4.4): which fields of each Flow Template are keys. */
export class FlowKeys implements OptionsSource {
  constructor(
    private readonly templates: FlowTemplates,
    readonly interval: number,
  ) {}

  generation(): number {
    return this.templates.all.length;
  }

  records(): OptionsRecord[] {
    return this.templates.all.map(({ template }) => ({
      template: TEMPLATE,
      values: { templateId: template.id, flowKeyIndicator: indicatorOf(template) },
    }));
  }
}

function indicatorOf({ fields }: Template): number {
  let indicator = 0;
  fields.slice(0, INDICATOR_BITS).forEach(({ enterprise, id }, i) => {
    if (FLOW_KEYS.has(elements.byId(enterprise, id)?.name ?? '')) indicator += 2 ** i;
  });
  return indicator;
}
