import * as libc from '../host/libc.js';

const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_LINGER = 13;
const SO_MEMINFO = 55;
/** Index of sk_wmem_queued among the words of SO_MEMINFO (linux/sock_diag.h). */
const WMEM_QUEUED = 5;
/** linux/sctp.h */
const SOL_SCTP = 132;
const SCTP_RTOINFO = 0;
const SCTP_INITMSG = 2;
const SCTP_NODELAY = 3;
const SCTP_PEER_ADDR_PARAMS = 9;
const SCTP_STATUS = 14;
const SCTP_GET_ASSOC_STATS = 112;

/** struct sctp_status and its sstat_rwnd. */
const STATUS_OCTETS = 176;
const WINDOW = 8;
/** struct sctp_assoc_stats and its sas_ipackets: behind an address and the largest RTO. */
const STATS_OCTETS = 256;
const PACKETS_IN = 168;
/** struct sctp_paddrparams, which is packed: spp_hbinterval, spp_flags. */
const ADDRESS_OCTETS = 156;
const HEARTBEAT_INTERVAL = 132;
const FLAGS = 146;
const SPP_HB_ENABLE = 1;

/** An idle collector is asked whether it is there; and what is not acknowledged is sent again after at most so long. */
const HEARTBEAT_MILLISECONDS = 5000;
const LONGEST_RETRY_MILLISECONDS = 2000;

/** Before connecting: one stream, Messages sent at once, and no sending behind our back once the descriptor is closed. */
export function inOrder(descriptor: number): void {
  // sinit_num_ostreams, and 0 for what stays as it is.
  set(descriptor, SOL_SCTP, SCTP_INITMSG, new Uint16Array([1, 0, 0, 0]));
  set(descriptor, SOL_SCTP, SCTP_NODELAY, new Uint32Array([1]));
  // Without it the kernel goes on with what is queued, and what is sent again in the next session would arrive twice.
  set(descriptor, SOL_SOCKET, SO_LINGER, new Uint32Array([1, 0]));
}

/** Before connecting: lets a collector that is there be heard of every few seconds, whatever it does. */
export function tellOfDeath(descriptor: number): void {
  // srto_assoc_id, srto_initial, srto_max, srto_min.
  set(descriptor, SOL_SCTP, SCTP_RTOINFO, new Uint32Array([0, 0, LONGEST_RETRY_MILLISECONDS, 0]));
  const parameters = new Uint8Array(ADDRESS_OCTETS);
  const view = new DataView(parameters.buffer);
  view.setUint32(HEARTBEAT_INTERVAL, HEARTBEAT_MILLISECONDS, true);
  view.setUint32(FLAGS, SPP_HB_ENABLE, true);
  set(descriptor, SOL_SCTP, SCTP_PEER_ADDR_PARAMS, parameters);
}

/** Octets of memory that wait in the kernel to be sent or acknowledged; not less than those of the Messages among them. */
export function queuedOctets(descriptor: number): number | undefined {
  return get(descriptor, SOL_SOCKET, SO_MEMINFO, 36)?.getUint32(WMEM_QUEUED * 4, true);
}

/** Octets that the other side has room for, less those on their way; undefined where there is no association any more. */
export function peerWindow(descriptor: number): number | undefined {
  return get(descriptor, SOL_SCTP, SCTP_STATUS, STATUS_OCTETS)?.getUint32(WINDOW, true);
}

/** Packets that have come from the other side; undefined where the kernel does not tell. */
export function receivedPackets(descriptor: number): number | undefined {
  const packets = get(descriptor, SOL_SCTP, SCTP_GET_ASSOC_STATS, STATS_OCTETS)?.getBigUint64(PACKETS_IN, true);
  return packets === undefined ? undefined : Number(packets);
}

/** The number of the error that has come up since the last call; 0: none. */
export function socketError(descriptor: number): number {
  return get(descriptor, SOL_SOCKET, SO_ERROR, 4)?.getInt32(0, true) ?? 0;
}

function set(descriptor: number, level: number, name: number, value: Uint8Array | Uint16Array | Uint32Array): void {
  libc.setsockopt(descriptor, level, name, new Uint8Array(value.buffer), value.byteLength);
}

function get(descriptor: number, level: number, name: number, octets: number): DataView | undefined {
  const value = new Uint8Array(octets);
  const length = new Uint8Array(Uint32Array.of(octets).buffer);
  return libc.getsockopt(descriptor, level, name, value, length) < 0 ? undefined : new DataView(value.buffer);
}
