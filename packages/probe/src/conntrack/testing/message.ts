import { Observation } from '../../metering/observation.js';
import type { MessageOctets } from '../../netlink/reader.js';
import { NetlinkWriter } from '../../netlink/writer.js';
import * as C from '../constants.js';
import { ConntrackParser } from '../parse.js';
import { Timeouts } from '../timeouts.js';

export const NOW = 1_800_000_000_000;
export const ASSURED = C.IPS_SEEN_REPLY | C.IPS_ASSURED;

/** What a ctnetlink message tells; what is not said is left out, or the usual. */
export interface Message {
  protocol?: number;
  v6?: boolean;
  status?: number;
  timeout?: number;
  state?: number;
  start?: number;
  stop?: number;
  counters?: [packets: number, octets: bigint][];
  padded?: boolean;
  zone?: number;
  mark?: number;
  labels?: number[];
  helper?: string;
  master?: boolean;
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

function tuple(type: number, m: Message, source: number[], destination: number[], ports: [number, number]) {
  const v6 = m.v6 ?? false;
  return (writer: NetlinkWriter) =>
    writer.nested(type, nest =>
      nest
        .nested(C.CTA_TUPLE_IP, ip =>
          ip
            .attribute(v6 ? C.CTA_IP_V6_SRC : C.CTA_IP_V4_SRC, Uint8Array.from(source))
            .attribute(v6 ? C.CTA_IP_V6_DST : C.CTA_IP_V4_DST, Uint8Array.from(destination)),
        )
        .nested(C.CTA_TUPLE_PROTO, proto => {
          proto.u8(C.CTA_PROTO_NUM, m.protocol ?? C.TCP);
          if (m.protocol === C.ICMP) {
            proto.u16(C.CTA_PROTO_ICMP_ID, ports[0]).u8(C.CTA_PROTO_ICMP_TYPE, 8).u8(C.CTA_PROTO_ICMP_CODE, 0);
          } else proto.u16(C.CTA_PROTO_SRC_PORT, ports[0]).u16(C.CTA_PROTO_DST_PORT, ports[1]);
        }),
    );
}

function nanoseconds(milliseconds: number): Uint8Array {
  return u64(BigInt(milliseconds) * 1_000_000n);
}

/** The body of a ctnetlink message as the kernel writes it (ctnetlink_fill_info, ctnetlink_conntrack_event). */
export function encode(m: Message): Uint8Array {
  const client = m.v6 ? [0x20, 1, ...Array(13).fill(0), 1] : [10, 0, 0, 2];
  const server = m.v6 ? [0x20, 1, ...Array(13).fill(0), 9] : [192, 0, 2, 9];
  const router = m.v6 ? [0x20, 2, ...Array(13).fill(0), 1] : [198, 51, 100, 1];
  const writer = new NetlinkWriter().begin(0x102, 0, 0, m.v6 ? 10 : 2);
  tuple(C.CTA_TUPLE_ORIG, m, client, server, [40000, 443])(writer);
  tuple(C.CTA_TUPLE_REPLY, m, server, router, [443, 50000])(writer);
  writer.u32(C.CTA_ID, 0xfedcba98).u32(C.CTA_STATUS, m.status ?? ASSURED);
  if (m.timeout !== undefined) writer.u32(C.CTA_TIMEOUT, m.timeout);
  m.counters?.forEach(([packets, octets], direction) => {
    const pad = (nest: NetlinkWriter) => (m.padded ? nest.attribute(C.CTA_COUNTERS_PAD, new Uint8Array(0)) : nest);
    writer.nested(direction === 0 ? C.CTA_COUNTERS_ORIG : C.CTA_COUNTERS_REPLY, nest => {
      pad(nest).attribute(C.CTA_COUNTERS_PACKETS, u64(BigInt(packets)));
      pad(nest).attribute(C.CTA_COUNTERS_BYTES, u64(octets));
    });
  });
  if (m.start !== undefined) {
    writer.nested(C.CTA_TIMESTAMP, nest => {
      nest.attribute(C.CTA_TIMESTAMP_START, nanoseconds(m.start!));
      if (m.stop !== undefined) nest.attribute(C.CTA_TIMESTAMP_STOP, nanoseconds(m.stop));
    });
  }
  if (m.state !== undefined) {
    writer.nested(C.CTA_PROTOINFO, info => info.nested(1, tcp => tcp.u8(C.CTA_PROTOINFO_STATE, m.state!)));
  }
  if (m.zone !== undefined) writer.u16(C.CTA_ZONE, m.zone);
  if (m.mark !== undefined) writer.u32(C.CTA_MARK, m.mark);
  if (m.labels !== undefined) writer.attribute(C.CTA_LABELS, Uint8Array.from(m.labels));
  if (m.helper !== undefined) writer.nested(C.CTA_HELP, help => help.text(C.CTA_HELP_NAME, m.helper!));
  if (m.master) tuple(C.CTA_TUPLE_MASTER, { ...m, protocol: C.TCP }, client, server, [40001, 21])(writer);
  return writer.end().bytes().slice(16);
}

export function octetsOf(body: Uint8Array): MessageOctets {
  const bytes = new Uint8Array((body.length + 3) & ~3);
  bytes.set(body);
  return { bytes, halves: new Uint16Array(bytes.buffer), words: new Int32Array(bytes.buffer) };
}

/** One for all messages: nothing of one may be left in the next. */
const parser = new ConntrackParser(new Timeouts());

/**
 * What ConntrackParser makes of it; undefined where it refuses it.
 *
 * @param end of the message: what lies behind it is left of another
 */
export function parse(body: Uint8Array, ended: boolean, end = body.length): Observation | undefined {
  if (!parser.parse(octetsOf(body), 0, end, ended, NOW)) return undefined;
  const { bytes, helper, labels, master } = parser.observation;
  const copy = Object.assign(new Observation(), { helper });
  copy.bytes.set(bytes);
  copy.labels.set(labels);
  copy.master.set(master);
  return copy;
}
