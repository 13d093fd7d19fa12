/** IPFIX (RFC 7011): Messages, Templates, Information Elements, Biflows. No I/O, no clock, no dependency. */
export { REVERSE_PEN } from './biflow/reverse.js';
export { flowEndReasonName, protocolName, protocolNumber } from './elements/names.js';
export { ElementRegistry, elements, WEIR_PEN } from './elements/registry.js';
export { type DataType, type InformationElement, naturalLength, VARIABLE_LENGTH } from './elements/types.js';
export { WeirError } from './error.js';
export type { SessionCounters } from './message/counters.js';
export type { SessionLimits } from './message/domain.js';
export type { MessageHeader } from './message/format.js';
export { type DecodedRecord, decodeRecords, recordCount } from './message/records.js';
export { type SessionState, TransportSession } from './message/session.js';
export type { DataSet, Diagnostic, MessageVisitor } from './message/visitor.js';
export { MessageWriter } from './message/writer.js';
export { Reader } from './octets/reader.js';
export { type Binding, type Column, canBind, compileDecoder, type RecordDecoder } from './template/decoder.js';
export { COLUMN_WIDTH, type ColumnKind } from './template/kernels.js';
export { type FieldSpecifier, fieldsOf, type Layout, layoutOf, type Template } from './template/template.js';
