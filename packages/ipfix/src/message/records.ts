import { type ElementRegistry, elements } from '../elements/registry.js';
import { ValueReader } from '../structured/decode.js';
import { extentOf } from '../template/locator.js';
import { layoutOf } from '../template/template.js';
import { type DecodedRecord, recordReaderOf } from './record-reader.js';
import type { DataSet } from './visitor.js';

export type { DecodedRecord };

/** Number of whole Data Records in the Set. */
export function recordCount(set: DataSet): number {
  return extentOf(layoutOf(set.template), set.bytes, set.start, set.end)[1];
}

/**
 * The Data Records of the Set as objects, lists (RFC 6313) included. For people: columns are what machines want
 * (compileDecoder). Elements are those that the session knows, unless another registry is given.
 */
export function decodeRecords(set: DataSet, registry?: ElementRegistry): DecodedRecord[] {
  const { template, bytes, start, end, context } = set;
  const known = registry ?? context?.registry ?? elements;
  const values = new ValueReader(context === undefined || registry === undefined ? context : { ...context, registry });
  return recordReaderOf(template, known).read(bytes, start, end, values);
}
