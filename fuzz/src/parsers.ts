import { readFile } from '../../packages/collector/src/collecting/files/records.js';
import { ByteSource } from '../../packages/collector/src/collecting/files/source.js';
import { links, pcap, pcapng } from '../../packages/collector/src/collecting/files/testing/captures.js';
import { detect } from '../../packages/collector/src/mesh/detect.js';
import { fixture, fixtures } from '../../packages/collector/src/mesh/formats/testing/fixtures.js';
import { completeFilter, FilterError, filterPredicate, parseFilter } from '../../packages/flow/src/index.js';
import { fieldsOf, TransportSession } from '../../packages/ipfix/src/index.js';
import { messageOf } from '../../packages/ipfix/src/testing/messages.js';
import { readSettings } from '../../packages/probe/src/router/settings.js';
import { endEvent, meterFrom } from '../../packages/probe/src/router/testing/flow-path.js';
import type { Parser } from './hammer.js';

const text = (octets: Uint8Array) => Buffer.from(octets).toString();
const seedsOf = (...texts: string[]) => texts.map(each => Buffer.from(each));

const SLOT_OCTETS = 66_560;

/** What leaves must be IPFIX, whatever came in. */
const strict = {
  dataSet: () => {},
  diagnostic: ({ detail }: { detail: string }) => {
    throw new Error(`what was exported cannot be decoded: ${detail}`);
  },
};

/** Conntrack's events, all the way to the Messages. */
function netlink(): Parser {
  const batch = { bytes: new Uint8Array(SLOT_OCTETS), slotOctets: SLOT_OCTETS, lengths: new Uint32Array(1) };
  const nothing = () => {};
  const socket = {
    batch,
    send: nothing,
    receive: () => 1,
    drops: () => 0,
    setReliable: nothing,
    descriptor: -1,
    close: nothing,
  };
  const session = new TransportSession();
  const sink = {
    messageOctets: 1400,
    keeps: false,
    isConnected: () => true,
    wasRefused: () => false,
    close: nothing,
    room: () => 64,
    send: (bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number) => {
      for (let i = 0; i < count; i++)
        session.decode(bytes.subarray(i * slotOctets, i * slotOctets + lengths[i]!), strict);
      return count;
    },
  };
  const meter = meterFrom(socket, sink);
  return {
    seeds: Array.from({ length: 8 }, (_, i) => endEvent(i).event),
    take(octets) {
      batch.bytes.set(octets);
      batch.lengths[0] = octets.length;
      // The header's length, so that most get past it.
      if (octets.length % 4 !== 3) new DataView(batch.bytes.buffer).setUint32(0, octets.length, true);
      meter();
    },
  };
}

const topologies = (): Parser => ({
  seeds: fixtures.map(fixture),
  take: octets => void detect([octets]),
});

const RECORD = {
  sourceIPv4Address: '10.0.0.1',
  protocolIdentifier: 6,
  octetDeltaCount: 1234,
  destinationTransportPort: 443,
};

const filter = (): Parser => ({
  seeds: seedsOf(
    'src host 10.0.0.1 and dst port 443',
    'net 2001:db8::/32 or not (proto udp and octets > 1M)',
    'duration > 10s and rtt > 100ms and answered',
    'in if eth0 or tag = "café" and flowEndReason != 3',
    'sourceIPv4Address in (10.0.0.0/8, 192.0.2.1) and has tcpState',
    'exporter 192.0.2.1 and src as 64500 and dst country de',
  ),
  words: [
    'and',
    'or',
    'not',
    '(',
    ')',
    'src',
    'dst',
    'host',
    'net',
    'port',
    'proto',
    'in',
    'has',
    '"',
    '>',
    '<=',
    '10.0.0.0/33',
    '::',
    '1e999',
    '-1',
  ],
  take(octets) {
    const given = text(octets);
    completeFilter(given, given.length >> 1);
    try {
      filterPredicate(parseFilter(given))(RECORD);
    } catch (error) {
      if (error instanceof FilterError && (error.column < 1 || error.column > given.length + 1))
        throw new Error(`column ${error.column} of ${given.length}`, { cause: error });
      throw error;
    }
  },
});

const settings = (): Parser => ({
  seeds: seedsOf(
    "config probe 'main'\n\tlist collector 'udp://192.0.2.1:4739'\n\toption active_timeout '60'\n\toption enabled '1'\n",
    "# comment\nconfig probe\n\toption fields \"default\"\n\toption filter 'net 10.0.0.0/8'\n\nconfig other 'x'\n",
  ),
  words: ['config', 'option', 'list', "'", '"', '\\', '#'],
  take: octets => void readSettings(text(octets)),
});

const message = messageOf(
  {},
  [{ id: 256, scopeFieldCount: 0, fields: fieldsOf(['octetDeltaCount', 'sourceIPv4Address']) }],
  [[256, [0, 0, 0, 0, 0, 0, 1, 0, 192, 0, 2, 1]]],
);
const captures = [
  ...links.flatMap(([, linkType, packet]) => [
    pcap(linkType, [packet(message)]),
    pcapng(linkType, [packet(message), packet(message)]),
  ]),
  pcap(1, [links[0]![2](message)], true),
  Buffer.concat([message, message]),
];

const files = (): Parser => ({
  seeds: captures,
  async take(octets) {
    const session = new TransportSession();
    const source = new ByteSource(
      (async function* () {
        // The mutation's memory is used again for the next.
        yield octets.slice();
      })(),
    );
    for await (const { bytes } of readFile(source, () => {})) session.decode(bytes, { dataSet: () => {} });
  },
});

/** All that sees octets from outside, but IPFIX and NetFlow, which have a test of their own (packages/ipfix). */
export const parsers: Readonly<Record<string, () => Parser>> = { netlink, topologies, filter, settings, files };
