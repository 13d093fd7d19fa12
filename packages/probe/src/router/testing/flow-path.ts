import * as C from '../../conntrack/constants.js';
import { ConntrackEvents } from '../../conntrack/events.js';
import { Timeouts } from '../../conntrack/timeouts.js';
import { Exporter } from '../../exporting/exporter.js';
import { Exporters } from '../../exporting/exporters.js';
import { parseFields } from '../../exporting/field-selection.js';
import { FlowTemplates } from '../../exporting/flow-templates.js';
import { IpfixEncoder } from '../../exporting/ipfix-encoder.js';
import type { Host, MessageSink, NetlinkSocket } from '../../host/host.js';
import { Metering } from '../../main/metering.js';
import type { FlowRecord } from '../../metering/flow-record.js';
import { NetlinkWriter } from '../../netlink/writer.js';
import { Selection } from '../../selecting/selection.js';

/** Events of one call to the kernel, and octets of room for each. */
const EVENTS = 32;
const SLOT_OCTETS = 2048;
const T0 = 1_800_000_000_000;
const DESTROY = (C.NFNL_SUBSYS_CTNETLINK << 8) | C.IPCTNL_MSG_CT_DELETE;

function tuple(writer: NetlinkWriter, type: number, protocol: number, addresses: number[][], ports: number[]): void {
  const v6 = addresses[0].length === 16;
  writer.nested(type, nest => {
    nest.nested(C.CTA_TUPLE_IP, ip => {
      ip.attribute(v6 ? C.CTA_IP_V6_SRC : C.CTA_IP_V4_SRC, Uint8Array.from(addresses[0]));
      ip.attribute(v6 ? C.CTA_IP_V6_DST : C.CTA_IP_V4_DST, Uint8Array.from(addresses[1]));
    });
    nest.nested(C.CTA_TUPLE_PROTO, proto => {
      proto.u8(C.CTA_PROTO_NUM, protocol).u16(C.CTA_PROTO_SRC_PORT, ports[0]).u16(C.CTA_PROTO_DST_PORT, ports[1]);
    });
  });
}

function counters(writer: NetlinkWriter, type: number, packets: number, octets: number): void {
  const put = (nest: NetlinkWriter, type: number, low: number) => {
    if (nest.bytes().length % 8 === 0) nest.attribute(C.CTA_COUNTERS_PAD, new Uint8Array(0));
    nest.attribute(type, Uint8Array.of(0, 0, 0, 0, low >>> 24, low >>> 16, low >>> 8, low));
  };
  writer.nested(type, nest => {
    put(nest, C.CTA_COUNTERS_PACKETS, packets);
    put(nest, C.CTA_COUNTERS_BYTES, octets);
  });
}

/**
 * The end of a connection as a router's kernel tells it (ctnetlink_conntrack_event), which stamps no times: half of them TCP, half
 * translated, one in eight IPv6.
 *
 * @returns the event, and where in it the connection's id is
 */
export function endEvent(i: number): { event: Uint8Array; idAt: number } {
  const v6 = i % 8 === 7;
  const protocol = i % 2 === 0 ? C.TCP : C.UDP;
  const address = (last: number) =>
    v6 ? [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), last] : [192, 168, 1, last];
  const [client, server] = [address(2 + i), address(200)];
  const outside = !v6 && i % 4 < 2 ? [198, 51, 100, 1] : client;
  const writer = new NetlinkWriter().begin(DESTROY, 0, 0, v6 ? 10 : 2);
  tuple(writer, C.CTA_TUPLE_ORIG, protocol, [client, server], [40_000 + i, 443]);
  tuple(writer, C.CTA_TUPLE_REPLY, protocol, [server, outside], [443, 40_000 + i]);
  const idAt = writer.bytes().length + 4;
  writer.u32(C.CTA_ID, 0x1234_5678 + i * 7919).u32(C.CTA_STATUS, 0x18e);
  counters(writer, C.CTA_COUNTERS_ORIG, 10 + i, 1000 * (i + 1));
  counters(writer, C.CTA_COUNTERS_REPLY, 20 + i, 0xffff_0000 + i);
  if (protocol === C.TCP) {
    writer.nested(C.CTA_PROTOINFO, info => {
      info.nested(1, tcp => tcp.u8(C.CTA_PROTOINFO_STATE, 7));
    });
  }
  return { event: writer.end().bytes(), idAt };
}

/** A socket on which the same events come again and again, each time of connections with other ids, as a kernel gives them. */
function socketOfEnds(): NetlinkSocket {
  const bytes = new Uint8Array(EVENTS * SLOT_OCTETS);
  const lengths = new Uint32Array(EVENTS);
  const ids = new Uint32Array(EVENTS);
  for (let i = 0; i < EVENTS; i++) {
    const { event, idAt } = endEvent(i);
    bytes.set(event, i * SLOT_OCTETS);
    lengths[i] = event.length;
    ids[i] = i * SLOT_OCTETS + idAt;
  }
  let round = 0;
  return {
    batch: { bytes, slotOctets: SLOT_OCTETS, lengths },
    send: () => {},
    receive: () => {
      round++;
      for (let i = 0; i < EVENTS; i++) bytes[ids[i] + 2] = round;
      if (round % 256 === 0) for (let i = 0; i < EVENTS; i++) bytes[ids[i] + 1] = round >> 8;
      return EVENTS;
    },
    drops: () => 0,
    setReliable: () => {},
    descriptor: -1,
    close: () => {},
  };
}

/** Meters and exports at least so many ends, all that a probe does with one from the socket to the Message. */
export function meterFlows(flows: number, sink: MessageSink): void {
  const meter = meterFrom(socketOfEnds(), sink);
  for (let metered = 0; metered < flows; ) metered += meter();
}

/** All that a probe does with what comes from a socket. @returns a pass of its loop, which returns the ends that it has taken */
export function meterFrom(socket: NetlinkSocket, sink: MessageSink): () => number {
  let now = 0;
  const clock = { wall: () => T0 + now, monotonic: () => now };
  const host = {
    clock,
    netlink: () => socket,
    memory: (octets: number) => ({ buffer: new ArrayBuffer(octets), allocate: () => true, close: () => {} }),
    readText: () => undefined,
  } as Partial<Host> as Host;
  const fields = parseFields('default');
  const encoder = new IpfixEncoder(1, new FlowTemplates(fields));
  const refresh = { milliseconds: 10_000, messages: 1000 };
  const exporters = new Exporters([new Exporter(encoder, sink, clock, refresh)], 'all', clock);
  const selection = new Selection({ sample: 1, anonymisedNetworks: [] }, { interfaceIndex: () => 0, domain: 1 });
  const emit = (record: FlowRecord): void => {
    if (!selection.accepts(record)) return;
    if (selection.technique !== undefined) selection.anonymise(record);
    exporters.export(record);
  };
  const paths = {
    find: () => 1,
    describe: (_: number, record: FlowRecord) => {
      record.setInterfaces(2, 3);
    },
  };
  const options = { activeTimeout: 60_000, fields, tcpEvents: true, flowTableEntries: 4096, statePath: undefined };
  const metering = new Metering(host, { ...options, owner: 1, key: selection.key }, paths, emit);
  const events = new ConntrackEvents(host, new Timeouts(), 0, true);
  return () => {
    exporters.refresh();
    const ends = events.receive(metering.sink, clock.wall());
    exporters.flush();
    now += 20;
    return ends;
  };
}

/** The Messages with so many ends, in hexadecimal. */
export function exportedBy(flows: number): string[] {
  const messages: string[] = [];
  const hex = (octets: Uint8Array) => Array.from(octets, octet => octet.toString(16).padStart(2, '0')).join('');
  meterFlows(flows, {
    ...nowhere,
    send(bytes, slotOctets, lengths, count) {
      for (let i = 0; i < count; i++) messages.push(hex(bytes.subarray(i * slotOctets, i * slotOctets + lengths[i])));
      return count;
    },
  });
  return messages;
}

/** Takes all and sends nothing. */
export const nowhere: MessageSink = {
  messageOctets: 1400,
  keeps: false,
  room: () => Number.POSITIVE_INFINITY,
  send: (_, __, ___, count) => count,
  isConnected: () => true,
  wasRefused: () => false,
  close: () => {},
};
