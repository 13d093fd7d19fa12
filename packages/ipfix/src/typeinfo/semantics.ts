import { type DataType, isInteger, isList } from '../elements/types.js';

/** Semantics of numbers that are counted or measured. */
const OF_NUMBERS: ReadonlySet<string> = new Set([
  'quantity',
  'totalCounter',
  'deltaCounter',
  'snmpCounter',
  'snmpGauge',
]);

/**
 * Whether values of the type may have those semantics (RFC 5610 section 3.10). The registry has octets of flags and of identifiers
 * since, so that these are taken, too.
 */
export function semanticsFit(type: DataType, semantics: string | undefined): boolean {
  if (semantics === undefined || semantics === 'default') return true;
  if (semantics === 'list') return isList(type);
  const float = type === 'float32' || type === 'float64';
  if (OF_NUMBERS.has(semantics)) return float || isInteger(type);
  if (semantics === 'flags') return type.startsWith('unsigned') || type === 'octetArray';
  return isInteger(type) || type === 'octetArray';
}
