import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MessageWriter } from './message/writer.js';
import { fieldsOf, type Template } from './template/template.js';
import { haveProgram, PeerNamespace } from './testing/peers.js';
import { needTshark, tshark } from './testing/tshark.js';

const missing = ['nfacctd', 'nfcapd', 'nfdump', 'ss'].filter(program => !haveProgram(program));
const possible = PeerNamespace.possible();
const ready = possible && missing.length === 0;

const PORTS = { nfacctd: 6010, nfcapd: 6020 };
const BEHIND_ADDRESSES = [
  'sourceTransportPort',
  'destinationTransportPort',
  'protocolIdentifier',
  'flowStartMilliseconds',
  'flowEndMilliseconds',
] as const;
const COUNTERS = ['octetDeltaCount', 'packetDeltaCount', 'reverseOctetDeltaCount', 'reversePacketDeltaCount'] as const;
const ipv4: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf(['sourceIPv4Address', 'destinationIPv4Address', ...BEHIND_ADDRESSES, ...COUNTERS]),
};
/** Reduced-size counters (RFC 7011 section 6.2). */
const ipv6: Template = {
  id: 257,
  scopeFieldCount: 0,
  fields: fieldsOf([
    'sourceIPv6Address',
    'destinationIPv6Address',
    ...BEHIND_ADDRESSES,
    ...COUNTERS.map(name => [name, 4] as const),
  ]),
};
const options: Template = {
  id: 258,
  scopeFieldCount: 1,
  fields: fieldsOf(['meteringProcessId', 'exportedFlowRecordTotalCount', 'samplingInterval']),
};
const START = Date.now() - 5000;
const rest = {
  sourceTransportPort: 40_000,
  destinationTransportPort: 443,
  protocolIdentifier: 6,
  flowStartMilliseconds: new Date(START),
  flowEndMilliseconds: new Date(START + 1500),
  octetDeltaCount: 5_000_000_000,
  packetDeltaCount: 4_000_000,
  reverseOctetDeltaCount: 60_000,
  reversePacketDeltaCount: 1000,
};
const flows: [Template, Record<string, unknown>][] = [
  [ipv4, { ...rest, sourceIPv4Address: '192.0.2.1', destinationIPv4Address: '198.51.100.2' }],
  [ipv6, { ...rest, octetDeltaCount: 7000, sourceIPv6Address: '2001:db8::1', destinationIPv6Address: '2001:db8:1::2' }],
];

/** A Message with the Templates, the options and the flows. */
function message(): Uint8Array {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  writer.begin(7);
  for (const template of [ipv4, ipv6, options]) expect(writer.addTemplate(template)).toBe(true);
  const told = { meteringProcessId: 1, exportedFlowRecordTotalCount: 2, samplingInterval: 1 };
  expect(writer.addRecord(options, told)).toBe(true);
  for (const [template, record] of flows) expect(writer.addRecord(template, record)).toBe(true);
  return buffer.subarray(0, writer.finish(Math.floor(Date.now() / 1000), 0));
}

/** nfdump has the reverse direction as what went out. */
const COLUMNS = 'fmt:%sa %sp %da %dp %ibyt %ipkt %obyt %opkt';

let peers: PeerNamespace;

function nfacctd(): ReturnType<PeerNamespace['start']> {
  const configuration = {
    daemonize: 'false',
    nfacctd_ip: '127.0.0.1',
    nfacctd_port: String(PORTS.nfacctd),
    plugins: 'print',
    aggregate: 'src_host, dst_host, src_port, dst_port, proto, timestamp_start, timestamp_end',
    timestamps_utc: 'true',
    print_output: 'json',
    print_output_file: join(peers.folder, 'nfacctd.json'),
    print_output_file_append: 'true',
    print_refresh_time: '1',
  };
  const lines = Object.entries(configuration).map(([key, value]) => `${key}: ${value}\n`);
  return peers.start('nfacctd', '-f', peers.file('nfacctd.conf', lines.join('')));
}

function content(name: string): string {
  try {
    return readFileSync(join(peers.folder, name), 'utf8');
  } catch {
    return '';
  }
}

/** Sends the Message to each port, from within the namespace. */
function send(): void {
  const hex = Buffer.from(message()).toString('hex');
  const script = `const socket = require('node:dgram').createSocket('udp4');
    const send = ports => ports.length === 0 ? socket.close() : socket.send(Buffer.from('${hex}', 'hex'), ports[0], '127.0.0.1', () => send(ports.slice(1)));
    send(${JSON.stringify(Object.values(PORTS))})`;
  peers.run(process.execPath, '-e', script);
}

describe('collectors of others read what we write', () => {
  beforeAll(async () => {
    if (!ready) return;
    peers = new PeerNamespace();
    const folder = join(peers.folder, 'flows');
    mkdirSync(folder);
    const theirs = [nfacctd(), peers.start('nfcapd', '-p', String(PORTS.nfcapd), '-b', '127.0.0.1', '-w', folder)];
    const bound = () => {
      peers.run('sh', '-c', 'ss -Huln > sockets');
      return Object.values(PORTS).every(port => content('sockets').includes(`:${port} `));
    };
    await peers.until(bound, 10_000);
    send();
    await peers.until(() => content('nfacctd.json').trim().split('\n').length >= flows.length, 15_000);
    for (const each of theirs) await peers.stop(each, 'SIGINT');
    peers.run('sh', '-c', `nfdump -q -N -6 -R flows -o '${COLUMNS}' > nfdump.txt`);
  }, 60_000);
  afterAll(() => peers?.close());
  beforeEach(({ skip }) => {
    skip(!possible, 'no network namespace may be made here: run as root');
    skip(!ready, `not installed: ${missing.join(', ')}`);
  });

  test('nfacctd, which has no counters for the reverse direction', () => {
    const records = content('nfacctd.json')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    records.sort((a, b) => b.bytes - a.bytes);
    const seconds = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
    expect(records.map(each => [each.ip_src, each.ip_dst, each.bytes, each.packets])).toEqual([
      ['192.0.2.1', '198.51.100.2', 5_000_000_000, 4_000_000],
      ['2001:db8::1', '2001:db8:1::2', 7000, 4_000_000],
    ]);
    for (const each of records) {
      expect(each).toMatchObject({ port_src: 40_000, port_dst: 443, ip_proto: 'tcp' });
      expect(each.timestamp_start).toContain(seconds(START));
      expect(each.timestamp_end).toContain(seconds(START + 1500));
    }
  });

  test('nfcapd, with both directions', () => {
    const records = content('nfdump.txt')
      .trim()
      .split('\n')
      .map(line => line.trim().split(/ +/));
    expect(records.sort()).toEqual([
      ['192.0.2.1', '40000', '198.51.100.2', '443', '5000000000', '4000000', '60000', '1000'],
      ['2001:db8::1', '40000', '2001:db8:1::2', '443', '7000', '4000000', '60000', '1000'],
    ]);
  });
});

test('tshark reads the Message without complaint', context => {
  needTshark(context);
  const text = tshark([message()], '-V').join('\n');
  const shown = (label: string) => [...text.matchAll(new RegExp(`^ *${label}: (.+)$`, 'gm'))].map(match => match[1]);
  expect(shown('SrcAddr')).toEqual(['192.0.2.1', '2001:db8::1']);
  const reverse = ['60000 (Reverse Type 1 BYTES)', '1000 (Reverse Type 2 PKTS)'];
  expect(shown('Octets')).toEqual(['5000000000', reverse[0], '7000', reverse[0]]);
  expect(shown('Packets')).toEqual(['4000000', reverse[1], '4000000', reverse[1]]);
  expect([...shown('Metering Process Id'), ...shown('FlowsExp'), ...shown('Sampling interval')]).toEqual([
    '1',
    '2',
    '1',
  ]);
  expect(text).not.toMatch(/Malformed|no template found|Unexpected/i);
});
