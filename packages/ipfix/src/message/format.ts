/** The IPFIX version number (RFC 7011 section 3.1). */
export const VERSION = 10;
export const MESSAGE_HEADER_LENGTH = 16;
export const SET_HEADER_LENGTH = 4;
/** The length field of a Message has 16 bits. */
export const MAXIMUM_MESSAGE_LENGTH = 65535;

/** The Message header. `exportTime` in seconds since the Unix epoch; `sequence` counts Data Records modulo 2^32. */
export interface MessageHeader {
  readonly length: number;
  readonly exportTime: number;
  readonly sequence: number;
  readonly observationDomainId: number;
}
