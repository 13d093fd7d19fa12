import { type Host, type NetlinkSocket, SystemError } from '../host/host.js';
import { NLMSG_DONE, NLMSG_ERROR } from '../netlink/messages.js';
import { DatagramReader } from '../netlink/reader.js';
import { NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/writer.js';
import { NETLINK_ROUTE, NLM_F_DUMP_INTR } from './rtnetlink.js';

const HEADER_OCTETS = 16;
/** The kernel fills a dump's datagrams up to the reader's buffer, at most 32 KiB (netlink_recvmsg, max_recvmsg_len). */
const CHUNK_OCTETS = 32_768;
const ANSWER_MILLISECONDS = 1000;

/** What is asked for: the message type, and the fixed part of its payload, of which only the family matters. */
export interface DumpRequest {
  readonly type: number;
  readonly family: number;
  readonly payloadOctets: number;
}

/**
 * Reads a whole dump of rtnetlink on a socket of its own.
 *
 * @param onMessage takes each message of the answer at the reader's cursor; false breaks the dump off
 * @returns false where the dump was broken off, refused, or met changes (so that it may lack something)
 */
export function dump(host: Host, request: DumpRequest, onMessage: (reader: DatagramReader) => boolean): boolean {
  let socket: NetlinkSocket | undefined;
  try {
    socket = open(host);
    socket.send(requestBytes(request));
    return readAll(host, socket, onMessage);
  } catch (error) {
    // Metering goes on without what was asked for.
    if (!(error instanceof SystemError)) throw error;
    return false;
  } finally {
    socket?.close();
  }
}

function open(host: Host): NetlinkSocket {
  return host.netlink({
    protocol: NETLINK_ROUTE,
    groups: [],
    receiveBuffer: 0,
    reliable: false,
    batch: 1,
    slotOctets: CHUNK_OCTETS,
  });
}

function requestBytes({ type, family, payloadOctets }: DumpRequest): Uint8Array {
  const bytes = new Uint8Array(HEADER_OCTETS + payloadOctets);
  new Uint32Array(bytes.buffer)[0] = bytes.length;
  new Uint16Array(bytes.buffer).set([type, NLM_F_REQUEST | NLM_F_DUMP], 2);
  bytes[HEADER_OCTETS] = family;
  return bytes;
}

function readAll(host: Host, socket: NetlinkSocket, onMessage: (reader: DatagramReader) => boolean): boolean {
  const reader = new DatagramReader(socket);
  const { messages } = reader;
  const deadline = host.clock.monotonic() + ANSWER_MILLISECONDS;
  let whole = true;
  for (;;) {
    if (reader.receive() === 0) {
      if (host.clock.monotonic() > deadline) return false;
      host.poll([socket.descriptor], 100);
      continue;
    }
    reader.select(0);
    while (messages.next()) {
      if ((messages.flags & NLM_F_DUMP_INTR) !== 0) whole = false;
      if (messages.type === NLMSG_ERROR) return false;
      if (messages.type === NLMSG_DONE) return whole && messages.errorNumber() === 0;
      if (!onMessage(reader)) return false;
    }
    if (messages.failed) return false;
  }
}
