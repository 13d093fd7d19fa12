import type { ElementRegistry } from '../elements/registry.js';
import type { Template } from '../template/template.js';
import type { MessageHeader } from './format.js';

/** What the Data Records of a Message need beyond their own Template, from their Transport Session and Observation Domain. */
export interface RecordContext {
  /** The Templates of the Observation Domain: lists name them (RFC 6313). */
  readonly templates: ReadonlyMap<number, Template>;
  /** The elements known in the session: those that it learned (RFC 5610), too. */
  readonly registry: ElementRegistry;
  /** How deep lists may be nested, and how many values the records of one Data Set may have in all. */
  readonly limits: { readonly listDepth: number; readonly valuesPerSet: number };
  /** Told of each list that was cut or could not be read. */
  readonly report: (diagnostic: Diagnostic) => void;
}

/**
 * A Data Set whose Template is known. Its Data Records lie in bytes[start, end); padding and a truncated last record are
 * left out. Valid during the call of the visitor: `bytes` is the caller's buffer.
 */
export interface DataSet {
  readonly header: MessageHeader;
  readonly template: Template;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Absent where the Data Set comes from no session: lists of Templates then stay octets. */
  readonly context?: RecordContext;
}

/** What was wrong with a Message. `reason` is a short code fit for a counter's label, `offset` in the Message. */
export interface Diagnostic {
  readonly reason: string;
  readonly detail: string;
  readonly offset: number;
  readonly setId?: number;
}

/** Receives the content of a Message in its order; behind what is broken in it, a diagnostic. */
export interface MessageVisitor {
  message?(header: MessageHeader): void;
  /** A Template that is new or has changed; the repetition of a known one is not told. The same object until it changes. */
  template?(observationDomainId: number, template: Template): void;
  /** A known Template was withdrawn (RFC 7011 section 8.1). */
  withdrawal?(observationDomainId: number, templateId: number): void;
  dataSet(set: DataSet): void;
  /** The content of a Set whose Template is not known; to be kept by who hopes for the Template to come. */
  unknownTemplate?(observationDomainId: number, setId: number, bytes: Uint8Array): void;
  diagnostic?(diagnostic: Diagnostic): void;
}
