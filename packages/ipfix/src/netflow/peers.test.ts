import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { haveProgram, PeerNamespace } from '../testing/peers.js';

const PROGRAMS = ['softflowd', 'pmacctd', 'fprobe', 'ulogd', 'ping', 'nft', 'conntrack', 'text2pcap'];
const missing = PROGRAMS.filter(program => !haveProgram(program));
const possible = PeerNamespace.possible();
const ready = possible && missing.length === 0;

const PORTS = { softflowd: [2005, 2009, 2010], pmacctd: [3005, 3009, 3010], fprobe: [4005], ulogd: [5010] };
/** 3 pings and 40, of 84 octets, there and back. */
const PING_PACKETS = 86;

let peers: PeerNamespace;

function softflowd(): void {
  const datagram = `000000 ${'41 '.repeat(72)}\n`;
  peers.run('text2pcap', '-q', '-u', '1000,53', peers.file('udp.hex', datagram.repeat(3)), 'udp.pcap');
  for (const port of PORTS.softflowd) {
    peers.run('softflowd', '-d', '-r', 'udp.pcap', '-n', `127.0.0.1:${port}`, '-v', String(port - 2000));
  }
}

function pmacctd(port: number): ReturnType<PeerNamespace['start']> {
  const configuration = {
    daemonize: 'false',
    pcap_interface: 'lo',
    pcap_filter: 'icmp or icmp6',
    aggregate: 'src_host, dst_host, src_port, dst_port, proto, tos',
    plugins: 'nfprobe',
    nfprobe_receiver: `127.0.0.1:${port}`,
    nfprobe_version: port - 3000,
    nfprobe_timeouts: 'expint=1:general=1:icmp=1:maxlife=2',
  };
  const lines = Object.entries(configuration).map(([key, value]) => `${key}: ${value}\n`);
  return peers.start('pmacctd', '-f', peers.file(`pmacctd-${port}.conf`, lines.join('')));
}

function ulogd(): ReturnType<PeerNamespace['start']> {
  const lines = [
    '[global]',
    'logfile="stdout"',
    'plugin="@/ulogd_inpflow_NFCT.so"',
    'plugin="@/ulogd_output_IPFIX.so"',
    'stack=ct1:NFCT,ipfix1:IPFIX',
    '[ct1]',
    '[ipfix1]',
    'oid=1',
    'host="127.0.0.1"',
    `port=${PORTS.ulogd[0]}`,
    'proto="udp"',
    'send_template="always"',
  ];
  // Its reader wants the last line ended, too.
  peers.file('ulogd.conf', lines.map(line => `${line}\n`).join(''));
  peers.run(
    'nft',
    'add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c ct state new counter',
  );
  peers.run('sysctl', '-qw', 'net.netfilter.nf_conntrack_acct=1');
  // Where Debian keeps plugins depends on the architecture.
  return peers.start('sh', '-c', 'sed -i "s|@|$(echo /usr/lib/*/ulogd)|" ulogd.conf; exec ulogd -c ulogd.conf');
}

/** What a program sent: its records, and whether anything was wrong with it. */
function collected(port: number) {
  const session = new TransportSession();
  const records: Record<string, unknown>[] = [];
  const versions = new Set<number>();
  for (const message of peers.messages(port)) {
    session.decode(message, {
      message: header => void versions.add(header.version),
      dataSet: set =>
        void (set.template.scopeFieldCount > 0 || records.push(...decodeRecords(set).map(each => each.record))),
    });
  }
  const { malformedMessages, unknownTemplateSets, lostRecords, lostMessages } = session.counters;
  return {
    records,
    versions: [...versions],
    wrong: { malformedMessages, unknownTemplateSets, lostRecords, lostMessages },
  };
}

const NOTHING = { malformedMessages: 0, unknownTemplateSets: 0, lostRecords: 0, lostMessages: 0 };

/** Sums of the counters over the records of a protocol. */
function sums(records: readonly Record<string, unknown>[], protocol: number): [packets: number, octets: number] {
  const mine = records.filter(record => record.protocolIdentifier === protocol);
  const sum = (name: string) => mine.reduce((total, record) => total + Number(record[name]), 0);
  return [sum('packetDeltaCount'), sum('octetDeltaCount')];
}

describe('exporters of others, on the wire', () => {
  beforeAll(async () => {
    if (!ready) return;
    peers = new PeerNamespace();
    await peers.receive(Object.values(PORTS).flat());
    softflowd();
    const probes = PORTS.pmacctd.map(pmacctd);
    const log = ulogd();
    const fprobe = ['-p', '-l', '2:weir', '-i', 'lo', '-f', 'icmp', '-s', '1', '-g', '1', '-d', '1', '-e', '1'];
    probes.push(peers.start('fprobe', ...fprobe, `127.0.0.1:${PORTS.fprobe[0]}`));
    // None of them says when it listens.
    await new Promise(resolve => setTimeout(resolve, 2000));
    peers.run('ping', '-q', '-c', '3', '-i', '0.2', '127.0.0.1');
    peers.run('ping', '-q', '-c', '3', '-i', '0.2', '::1');
    for (let host = 2; host < 42; host++) peers.run('ping', '-q', '-c', '1', `127.0.0.${host}`);
    // ulogd sends when a Message is full: 40 connections are three.
    peers.run('conntrack', '-F');
    await peers.until(() => peers.messages(PORTS.ulogd[0]!).length >= 3, 10_000);
    const timed = [...PORTS.pmacctd, ...PORTS.fprobe];
    await peers.until(() => timed.every(port => sums(collected(port).records, 1)[0] >= PING_PACKETS), 10_000);
    await peers.stop(log);
    for (const probe of probes) await peers.stop(probe, 'SIGINT');
  }, 60_000);
  afterAll(() => peers?.close());
  beforeEach(({ skip }) => {
    skip(!possible, 'no network namespace may be made here: run as root');
    skip(!ready, `not installed: ${missing.join(', ')}`);
  });

  test.each(PORTS.softflowd)('softflowd to port %d', port => {
    const { records, versions, wrong } = collected(port);
    expect([versions, wrong]).toEqual([[port - 2000], NOTHING]);
    expect(records).toMatchObject([
      {
        sourceIPv4Address: '10.1.1.1',
        destinationIPv4Address: '10.2.2.2',
        sourceTransportPort: 1000,
        destinationTransportPort: 53,
        protocolIdentifier: 17,
        packetDeltaCount: 3,
        octetDeltaCount: 300,
      },
    ]);
  });

  test.each(PORTS.pmacctd)('pmacctd to port %d', port => {
    const { records, versions, wrong } = collected(port);
    expect([versions, wrong]).toEqual([[port - 3000], NOTHING]);
    expect(sums(records, 1)).toEqual([PING_PACKETS, PING_PACKETS * 84]);
    // NetFlow v5 has no IPv6.
    expect(sums(records, 58)).toEqual(port === 3005 ? [0, 0] : [6, 6 * 104]);
  });

  test('fprobe', () => {
    const { records, versions, wrong } = collected(PORTS.fprobe[0]!);
    expect([versions, wrong]).toEqual([[5], NOTHING]);
    expect(sums(records, 1)).toEqual([PING_PACKETS, PING_PACKETS * 84]);
  });

  test('ulogd', () => {
    const { records, versions, wrong } = collected(PORTS.ulogd[0]!);
    expect([versions, wrong]).toEqual([[10], NOTHING]);
    const pings = records.filter(
      record => record.protocolIdentifier === 1 && record.destinationIPv4Address !== '127.0.0.1',
    );
    expect(pings.length).toBeGreaterThan(25);
    // It sums both directions.
    for (const ping of pings) expect(ping).toMatchObject({ packetTotalCount: 2, octetTotalCount: 168 });
  });
});
