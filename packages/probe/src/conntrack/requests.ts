import { NetlinkWriter, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/writer.js';
import {
  CTA_FILTER,
  CTA_FILTER_ORIG_FLAGS,
  CTA_IP_V4_DST,
  CTA_IP_V4_SRC,
  CTA_IP_V6_DST,
  CTA_IP_V6_SRC,
  CTA_PROTO_DST_PORT,
  CTA_PROTO_NUM,
  CTA_PROTO_SRC_PORT,
  CTA_TUPLE_IP,
  CTA_TUPLE_ORIG,
  CTA_TUPLE_PROTO,
  IPCTNL_MSG_CT_GET,
  NFNL_SUBSYS_CTNETLINK,
} from './constants.js';

const AF_INET = 2;
const AF_INET6 = 10;
/** Parts of the tuple that the kernel is to compare (net/netfilter/nf_internals.h, CTA_FILTER_F_...). */
const COMPARE_SOURCE = 1 << 0;
const COMPARE_DESTINATION = 1 << 1;
const COMPARE_PROTOCOL = 1 << 3;
const COMPARE_SOURCE_PORT = 1 << 4;
const COMPARE_DESTINATION_PORT = 1 << 5;

/** What connections of a dump have in their original direction; ports only with their protocol. */
export interface DumpFilter {
  readonly family: 4 | 6;
  readonly protocol?: number;
  /** 4 or 16 octets in network order. */
  readonly source?: Uint8Array;
  readonly destination?: Uint8Array;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** Asks for every connection of the network namespace, of all address families, or for those that the filter names. */
export function dumpRequest(sequence: number, filter?: DumpFilter): Uint8Array {
  const type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET;
  const family = filter === undefined ? 0 : filter.family === 6 ? AF_INET6 : AF_INET;
  const writer = new NetlinkWriter().begin(type, NLM_F_REQUEST | NLM_F_DUMP, sequence, family);
  if (filter !== undefined) writeFilter(writer, filter);
  return writer.end().bytes();
}

function writeFilter(writer: NetlinkWriter, filter: DumpFilter): void {
  const { family, protocol, source, destination, sourcePort, destinationPort } = filter;
  const flags =
    (source ? COMPARE_SOURCE : 0) |
    (destination ? COMPARE_DESTINATION : 0) |
    (protocol !== undefined ? COMPARE_PROTOCOL : 0) |
    (sourcePort !== undefined ? COMPARE_SOURCE_PORT : 0) |
    (destinationPort !== undefined ? COMPARE_DESTINATION_PORT : 0);
  if (flags === 0) return;
  writer.nested(CTA_TUPLE_ORIG, tuple => {
    tuple.nested(CTA_TUPLE_IP, ip => {
      if (source) ip.attribute(family === 6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, source);
      if (destination) ip.attribute(family === 6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, destination);
    });
    tuple.nested(CTA_TUPLE_PROTO, proto => {
      if (protocol !== undefined) proto.u8(CTA_PROTO_NUM, protocol);
      if (sourcePort !== undefined) proto.u16(CTA_PROTO_SRC_PORT, sourcePort);
      if (destinationPort !== undefined) proto.u16(CTA_PROTO_DST_PORT, destinationPort);
    });
  });
  // Host-endian, unlike all else (ctnetlink_parse_filter).
  writer.nested(CTA_FILTER, nest =>
    nest.attribute(CTA_FILTER_ORIG_FLAGS, new Uint8Array(Uint32Array.of(flags).buffer)),
  );
}
