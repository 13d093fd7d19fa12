import { parseNetflow9Record } from '../netflow/templates.js';
import { OPTIONS_TEMPLATE_FLOWSET, TEMPLATE_FLOWSET } from '../netflow/v9.js';
import type { Reader } from '../octets/reader.js';
import { OPTIONS_TEMPLATE_SET, TEMPLATE_SET } from '../template/format.js';
import { parseTemplateRecord, type TemplateRecord } from '../template/parse.js';

/** In what the Sets of IPFIX and the FlowSets of NetFlow v9 differ. */
export interface Dialect {
  readonly templateSet: number;
  readonly optionsTemplateSet: number;
  /** The next record of a Set of that ID, one of the two; undefined where only padding is left. */
  readonly parse: (reader: Reader, setId: number) => TemplateRecord | undefined;
}

export const IPFIX: Dialect = {
  templateSet: TEMPLATE_SET,
  optionsTemplateSet: OPTIONS_TEMPLATE_SET,
  parse: parseTemplateRecord,
};

export const NETFLOW_V9: Dialect = {
  templateSet: TEMPLATE_FLOWSET,
  optionsTemplateSet: OPTIONS_TEMPLATE_FLOWSET,
  parse: parseNetflow9Record,
};
