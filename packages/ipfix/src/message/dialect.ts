import { parseNetflow9Record } from '../netflow/templates.js';
import { OPTIONS_TEMPLATE_FLOWSET, TEMPLATE_FLOWSET } from '../netflow/v9.js';
import type { Reader } from '../octets/reader.js';
import { OPTIONS_TEMPLATE_SET, TEMPLATE_SET } from '../template/format.js';
import { parseTemplateRecord, type TemplateRecord } from '../template/parse.js';
import type { Version } from './format.js';

/** Reads the next record of a Set of that ID; undefined where only padding is left. */
export type TemplateParser = (reader: Reader, setId: number) => TemplateRecord | undefined;

/**
 * What reads the Template Records of a Set; undefined where that ID has none. Exporters put Template FlowSets of NetFlow v9 into
 * IPFIX, too, which does not use their IDs (RFC 7011 section 3.3.2).
 */
export function templateParser(version: Version, setId: number): TemplateParser | undefined {
  if (setId === TEMPLATE_FLOWSET || setId === OPTIONS_TEMPLATE_FLOWSET) return parseNetflow9Record;
  return version === 10 && (setId === TEMPLATE_SET || setId === OPTIONS_TEMPLATE_SET) ? parseTemplateRecord : undefined;
}
