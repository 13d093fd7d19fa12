import type { Libc } from './libc.js';
import type { UserMessage } from './sctp-socket.js';

/** linux/sctp.h */
export const SOL_SCTP = 132;
const SCTP_INITMSG = 2;
const SCTP_RECVRCVINFO = 32;
/** Type of the control message that holds a struct sctp_rcvinfo, which begins with the stream. */
const SCTP_RCVINFO = 3;
const MSG_DONTWAIT = 0x40;
/** The largest IPFIX Message. */
const MESSAGE_OCTETS = 65_535;
/** struct msghdr, struct iovec and struct cmsghdr of 64 bits. */
const MSGHDR_OCTETS = 56;
const IOV = 16;
const CONTROL = 32;
const CONTROL_LENGTH = 40;
const IOVEC_OCTETS = 16;
const CMSG_OCTETS = 16;
const CONTROL_OCTETS = 64;
/** Streams that an exporter may use (RFC 7011 section 9.2: several); each has sequence numbers to be kept. */
const STREAMS = 64;

/** Before listening: the associations have so many streams at most, and each user message comes with its stream. */
export function wantStreams(c: Libc, descriptor: number): void {
  // sinit_num_ostreams, sinit_max_instreams; 0 for what stays as it is.
  c.setsockopt(descriptor, SOL_SCTP, SCTP_INITMSG, new Uint8Array(Uint16Array.of(0, STREAMS, 0, 0).buffer), 8);
  c.setsockopt(descriptor, SOL_SCTP, SCTP_RECVRCVINFO, new Uint8Array(Int32Array.of(1).buffer), 4);
}

/** The arguments of recvmsg(2), which all sockets of a thread can share: the object must live as long as it is used. */
export class SctpInbox {
  readonly #c: Libc;
  readonly #header = new Uint8Array(MSGHDR_OCTETS);
  readonly #iovec = new Uint8Array(IOVEC_OCTETS);
  readonly #bytes = new Uint8Array(MESSAGE_OCTETS);
  readonly #control = new Uint8Array(CONTROL_OCTETS);
  readonly #view = new DataView(this.#header.buffer);

  constructor(c: Libc) {
    this.#c = c;
    const iovec = new DataView(this.#iovec.buffer);
    iovec.setBigUint64(0, c.addressOf(this.#bytes), true);
    iovec.setBigUint64(8, BigInt(MESSAGE_OCTETS), true);
    this.#view.setBigUint64(IOV, c.addressOf(this.#iovec), true);
    this.#view.setBigUint64(IOV + 8, 1n, true);
    this.#view.setBigUint64(CONTROL, c.addressOf(this.#control), true);
  }

  /** The next user message, or as much of it as has come; no octets at the end; undefined where there is an error. */
  receive(descriptor: number): UserMessage | undefined {
    // The kernel has written over it.
    this.#view.setBigUint64(CONTROL_LENGTH, BigInt(CONTROL_OCTETS), true);
    const octets = this.#c.recvmsg(descriptor, this.#header, MSG_DONTWAIT);
    return octets < 0 ? undefined : { bytes: this.#bytes.slice(0, octets), stream: this.#stream() };
  }

  #stream(): number {
    const control = new DataView(this.#control.buffer);
    const isThere = this.#view.getBigUint64(CONTROL_LENGTH, true) >= BigInt(CMSG_OCTETS + 2);
    if (!isThere || control.getInt32(8, true) !== SOL_SCTP || control.getInt32(12, true) !== SCTP_RCVINFO) return 0;
    return control.getUint16(CMSG_OCTETS, true);
  }
}
