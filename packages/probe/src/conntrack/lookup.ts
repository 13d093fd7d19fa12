import type { NetfilterClient } from '../netlink/client.js';
import { NetlinkWriter, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/writer.js';
import {
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
  IPCTNL_MSG_CT_DELETE,
  IPCTNL_MSG_CT_GET,
  IPCTNL_MSG_CT_GET_STATS,
  NFNL_SUBSYS_CTNETLINK,
} from './constants.js';

const AF_INET = 2;
const AF_INET6 = 10;
const ENOENT = 2;

/** The original direction of one connection; addresses of 4 or 16 octets in network order. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Is there a connection with this original direction? */
export function hasConnection(client: NetfilterClient, tuple: Tuple): boolean {
  return requestTuple(client, IPCTNL_MSG_CT_GET, tuple) !== ENOENT;
}

/** Removes the connection, if it is there. */
export function removeConnection(client: NetfilterClient, tuple: Tuple): void {
  requestTuple(client, IPCTNL_MSG_CT_DELETE, tuple);
}

/**
 * Asks ctnetlink for its statistics. The question makes the kernel load nf_conntrack and nf_conntrack_netlink where they are
 * modules (nfnetlink_rcv_msg, request_module). @returns whether ctnetlink answered
 */
export function loadConntrack(client: NetfilterClient): boolean {
  const type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET_STATS;
  const message = new NetlinkWriter()
    .begin(type, NLM_F_REQUEST | NLM_F_ACK, 1, 0)
    .end()
    .bytes();
  return client.request(message, 1) === 0;
}

function requestTuple(client: NetfilterClient, message: number, tuple: Tuple): number {
  const v6 = tuple.source.length === 16;
  const writer = new NetlinkWriter();
  const type = (NFNL_SUBSYS_CTNETLINK << 8) | message;
  writer.begin(type, NLM_F_REQUEST | NLM_F_ACK, 1, v6 ? AF_INET6 : AF_INET);
  writer.nested(CTA_TUPLE_ORIG, nest =>
    nest
      .nested(CTA_TUPLE_IP, ip =>
        ip
          .attribute(v6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, tuple.source)
          .attribute(v6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, tuple.destination),
      )
      .nested(CTA_TUPLE_PROTO, proto =>
        proto
          .u8(CTA_PROTO_NUM, tuple.protocol)
          .u16(CTA_PROTO_SRC_PORT, tuple.sourcePort)
          .u16(CTA_PROTO_DST_PORT, tuple.destinationPort),
      ),
  );
  return client.request(writer.end().bytes(), 1);
}
