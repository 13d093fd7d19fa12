/** IPFIX (RFC 7011): Messages, Templates, Information Elements, Biflows. No I/O, no clock, no dependency. */
export { REVERSE_PEN } from './biflow/reverse.js';
export { flowEndReasonName, protocolName, protocolNumber, valueName, valueNumber } from './elements/names.js';
export { ElementRegistry, elements, WEIR_PEN } from './elements/registry.js';
export {
  type DataType,
  type InformationElement,
  naturalLength,
  VARIABLE_LENGTH,
  type ValueRange,
} from './elements/types.js';
export { WeirError } from './error.js';
export { readFile } from './file/reader.js';
export { type FileMessage, MessageSplitter } from './file/splitter.js';
export { type FileDetails, FileWriter } from './file/writer.js';
export type { SessionCounters } from './message/counters.js';
export type { SessionLimits } from './message/domain.js';
export type { MessageHeader, SysUpTime, Version } from './message/format.js';
export {
  type DecodedRecord,
  decodeRecords,
  type ElementReader,
  elementReader,
  recordCount,
} from './message/records.js';
export { TransportSession } from './message/session.js';
export type { SessionOptions, SessionState } from './message/state.js';
export { recordsWith } from './message/typed.js';
export type { DataSet, Diagnostic, MessageVisitor, RecordContext } from './message/visitor.js';
export { MessageWriter } from './message/writer.js';
export { timeOfSysUpTime } from './netflow/uptime.js';
export { NETFLOW_V5_SAMPLING, NETFLOW_V5_TEMPLATE } from './netflow/v5.js';
export { Reader } from './octets/reader.js';
export type { EncodeContext } from './structured/encode.js';
export type {
  BasicList,
  ListSemantic,
  SubTemplateGroup,
  SubTemplateList,
  SubTemplateMultiList,
} from './structured/types.js';
export type { Binding, Column, RecordDecoder } from './template/column.js';
export { type ColumnsEncoder, compileColumnsEncoder } from './template/columns-encoder.js';
export { canBind, compileDecoder } from './template/decoder.js';
export { encodeRecord } from './template/encode.js';
export { COLUMN_WIDTH, type ColumnKind } from './template/kinds.js';
export { type FieldSpecifier, fieldsOf, type Layout, layoutOf, type Template } from './template/template.js';
export {
  defineTemplate,
  type FieldName,
  type RecordOf,
  type TypedTemplate,
  type TypeOfElement,
  type ValueOf,
} from './template/typed.js';
export { registerElements } from './text/elements.js';
export { parseText, valueText } from './text/text.js';
export { typeInformationOf, typeInformationTemplate } from './typeinfo/record.js';
