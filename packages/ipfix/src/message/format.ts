/** The IPFIX version number (RFC 7011 section 3.1). */
export const VERSION = 10 as const;
export const MESSAGE_HEADER_LENGTH = 16;
export const SET_HEADER_LENGTH = 4;
/** The length field of a Message has 16 bits. */
export const MAXIMUM_MESSAGE_LENGTH = 65535;

/** What a Message is: NetFlow v5 or v9, or IPFIX. */
export type Version = 5 | 9 | 10;

/**
 * The Message header. `exportTime` in seconds since the Unix epoch; `sequence` counts modulo 2^32 what was sent before this
 * Message: Data Records in IPFIX, flows in NetFlow v5, Messages in NetFlow v9. `length` in octets, 16 to 65535: up to the end of
 * the last whole Set, which is the end of the Message but for malformed ones.
 */
export interface MessageHeader {
  readonly version: Version;
  readonly length: number;
  readonly exportTime: number;
  readonly sequence: number;
  /** NetFlow v9: the Source ID. NetFlow v5: engine type * 256 + engine id. */
  readonly observationDomainId: number;
  /** NetFlow only: what flowStartSysUpTime and flowEndSysUpTime of the Message's records count from. */
  readonly sysUpTime?: SysUpTime;
}

/** The clock of an exporter at one moment. */
export interface SysUpTime {
  /** Milliseconds since the exporter's start, modulo 2^32. */
  readonly milliseconds: number;
  /** The same moment in milliseconds since the Unix epoch; NetFlow v9 tells whole seconds. */
  readonly at: number;
}
