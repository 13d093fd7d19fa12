import type { InformationElement } from '../elements/types.js';
import type { Template } from '../template/template.js';
import type { Version } from './format.js';

/** What of a Transport Session outlives a restart of the Collecting Process; plain JSON. */
export interface SessionState {
  readonly domains: readonly {
    /** Absent: 10, IPFIX. */
    readonly version?: Version;
    readonly id: number;
    /** Sequence number that the next Message should have; null where not known. */
    readonly nextSequence: number | null;
    readonly exportTime: number;
    readonly templates: readonly Template[];
  }[];
  /** Elements learned by type information (RFC 5610); absent where there are none. */
  readonly elements?: readonly InformationElement[];
}

/** How the Messages of a Transport Session come. */
export interface SessionOptions {
  /** Over UDP, which may swap or lose them: Template Withdrawals must be ignored there (RFC 7011 section 8.4). */
  readonly datagrams?: boolean;
  /** Nothing is told of the records of a Message whose lengths make no sense, as RFC 7011 section 9.1 has it; else what is whole of it is. */
  readonly discardMalformed?: boolean;
}
