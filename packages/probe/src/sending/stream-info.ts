/** struct tcp_info (linux/tcp.h), in the order of the machine: octets to be read, and offsets. */
export const INFO_OCTETS = 256;
const PROBES = 3;
const UNACKED = 24;
const LAST_ACK_RECEIVED = 56;
const BYTES_ACKED = 120;
const SEND_WINDOW = 228;

/** An answer as old as this is still fresh. */
const ANSWER_MILLISECONDS = 1000;

/** What the kernel knows of a connection, octets counted from its beginning. */
export interface StreamInfo {
  /** Octets that were written to the socket; undefined where that cannot be said just now. */
  readonly written: number | undefined;
  /** Octets of them that the other side's kernel has acknowledged. */
  readonly acknowledged: number;
  /** Octets that the other side has room for. */
  readonly window: number;
  /** The other side's kernel answers, or nothing waits for an answer. A process that was stopped leaves its window closed, but its kernel answers. */
  readonly isAlive: boolean;
}

const lowFirst = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Reads struct tcp_info. @param octets that the kernel has of it @returns undefined where it lacks what is needed */
export function readStreamInfo(bytes: Uint8Array, octets: number): Omit<StreamInfo, 'written'> | undefined {
  // The field of the window came last, with Linux 5.4.
  if (octets < SEND_WINDOW + 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const word = (at: number): number => view.getUint32(at, lowFirst);
  const long = (at: number): number => word(lowFirst ? at : at + 4) + word(lowFirst ? at + 4 : at) * 2 ** 32;
  // Segments on their way, and probes of a closed window without an answer.
  const answered = word(UNACKED) === 0 && bytes[PROBES]! <= 1;
  return {
    // The SYN counts as one octet here.
    acknowledged: Math.max(0, long(BYTES_ACKED) - 1),
    window: word(SEND_WINDOW),
    isAlive: answered || word(LAST_ACK_RECEIVED) < ANSWER_MILLISECONDS,
  };
}
