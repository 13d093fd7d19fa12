import { describe, expect, test } from 'vitest';
import { FilterError } from './error.js';
import { parseFilter } from './parser.js';
import { filterPredicate } from './predicate.js';

/** Records as they are printed. */
const all = {
  web: {
    sourceIPv4Address: '10.0.0.1',
    destinationIPv4Address: '192.0.2.9',
    sourceTransportPort: 40000,
    destinationTransportPort: 443,
    protocolIdentifier: 6,
    postNATSourceIPv4Address: '198.51.100.1',
    octetDeltaCount: 1_500_000,
    packetDeltaCount: 100,
    reverseOctetDeltaCount: '9000000000000000000',
    reversePacketDeltaCount: 80,
    flowStartMilliseconds: '2026-01-01T00:00:00.000Z',
    flowEndMilliseconds: '2026-01-01T00:00:10.500Z',
    ingressInterface: 3,
    sourceMacAddress: '02:00:5e:10:00:01',
    interfaceName: 'eth0',
    samplingProbability: 0.25,
    initiatorRoundTripMicroseconds: 40_000,
    responderRoundTripMicroseconds: 60_500,
  },
  icmp6: {
    sourceIPv6Address: '2001:db8::1',
    destinationIPv6Address: '2001:db8::2',
    protocolIdentifier: 58,
    icmpTypeCodeIPv6: 0x8000,
    packetDeltaCount: 1,
    reversePacketDeltaCount: 0,
  },
  plain: { octetDeltaCount: 0 },
};

function matching(filter: string): string[] {
  const fits = filterPredicate(parseFilter(filter));
  return Object.entries(all)
    .filter(([, record]) => fits(record, 7))
    .map(([name]) => name);
}

const meanings: [string, string[]][] = [
  ['src host 10.0.0.1 and dst port 443', ['web']],
  ['dst host 10.0.0.1', []],
  ['host 192.0.2.9', ['web']],
  ['net 2001:db8::/32', ['icmp6']],
  ['src net 10.0.0.0/8 or dst net 10.0.0.0/8', ['web']],
  ['net in (10.0.0.0/24, 2001:db8::2)', ['web', 'icmp6']],
  ['port 443', ['web']],
  ['port https', ['web']],
  ['dst port in (domain, HTTPS)', ['web']],
  ['src port https', []],
  ['destinationTransportPort = https', ['web']],
  ['port in (53, 40000)', ['web']],
  ['src port > 1024', ['web']],
  ['not port 443', ['icmp6', 'plain']],
  ['proto tcp', ['web']],
  ['PROTO 58', ['icmp6']],
  ['proto in (tcp, icmp6)', ['web', 'icmp6']],
  ['proto != udp', ['web', 'icmp6']],
  ['protocolIdentifier = tcp', ['web']],
  ['octets > 1M', ['web']],
  ['octets = 1.5M', ['web']],
  ['octets >= 0', ['web', 'plain']],
  ['reverseOctetDeltaCount = 9000000000000000000', ['web']],
  ['reverseOctets > 8999999999999999999', ['web']],
  ['octetDeltaCount in (0, 1)', ['plain']],
  ['octets not in (0, 1)', ['web', 'icmp6']],
  ['duration > 10s', ['web']],
  ['duration = 10500ms', ['web']],
  ['duration < 1d', ['web']],
  ['rtt > 100ms', ['web']],
  ['rtt = 100.5ms', ['web']],
  ['rtt < 1s', ['web']],
  ['not rtt > 0ms', ['icmp6', 'plain']],
  ['answered', ['web']],
  ['not answered', ['icmp6', 'plain']],
  ['nat', ['web']],
  ['not nat', ['icmp6', 'plain']],
  ['in if 3', ['web']],
  ['out if 3', []],
  ['start < 2026-01-01T00:00:01Z', ['web']],
  ['flowStartMilliseconds >= 2026-01-01', ['web']],
  ['flowStartSeconds >= 2026-01-01', []],
  ['src = 10.0.0.0/8', ['web']],
  ['src != 10.0.0.0/8', ['icmp6']],
  ['sourceIPv6Address != 10.0.0.0/8', ['icmp6']],
  ['dst in (192.0.2.9)', ['web']],
  ['srcmac = 02:00:5E:10:00:01', ['web']],
  ['interfaceName = eth0', ['web']],
  ['interfaceName = "eth0"', ['web']],
  ['interfaceName != eth1', ['web']],
  ['samplingProbability < 0.5', ['web']],
  ['has srcport', ['web']],
  ['not has srcport', ['icmp6', 'plain']],
  ['has src and not has sourceIPv4Address', ['icmp6']],
  ['HAS rtt or has icmpTypeCodeIPv6', ['web', 'icmp6']],
  ['has duration', ['web']],
  ['has domain', ['web', 'icmp6', 'plain']],
  ['not has interfaceName and not has octets', ['icmp6']],
  ['domain = 7', ['web', 'icmp6', 'plain']],
  ['icmptypecode = 0x8000', ['icmp6']],
  ['(proto tcp or proto 58) and not (port 443)', ['icmp6']],
  ['proto tcp && ! port 80 || packets == 1', ['web', 'icmp6']],
  ['not not proto tcp', ['web']],
  ['proto tcp or proto 58 and packets > 50', ['web']],
];

test.each(meanings)('%s', (filter, names) => {
  expect(matching(filter)).toEqual(names);
});

const mistakes: [string, number, RegExp][] = [
  ['', 1, /expected a condition/],
  ['   ', 1, /expected a condition/],
  ['src host', 9, /expected an address.*found the end/],
  ['src host 10.0.0.300', 10, /expected an address/],
  ['host 10.0.0.0/8', 6, /goes with net/],
  ['net 10.0.0.0/40', 5, /prefix/],
  ['src', 4, /expected host, net, port, as, country, network, name or a comparison/],
  ['port 65k and', 13, /expected a condition.*found the end/],
  ['port x', 6, /expected a port such as 443 or https, found "x"/],
  ['port != 80', 6, /write not before/],
  ['proto foo', 7, /expected a protocol/],
  ['octets > -1', 10, /whole number/],
  ['octets > 1.5', 10, /whole number/],
  ['octets = 18446744073709551616', 10, /whole number/],
  ['octets', 7, /expected =, !=/],
  ['has', 4, /expected the name of a field, found the end/],
  ['has bogus', 5, /"bogus" is no condition/],
  ['has src = 10.0.0.1', 9, /expected and, or, or the end/],
  ['octets 5', 8, /expected =, !=/],
  ['duration > 10', 12, /duration such as 10s/],
  ['constructor = 1', 1, /no condition/],
  ['bogus = 1', 1, /"bogus" is no condition/],
  ['proto tcp port 80', 11, /expected and, or, or the end, found "port"/],
  ['(proto tcp', 11, /expected and, or, or \)/],
  ['proto tcp)', 10, /found "\)"/],
  ['proto in tcp', 10, /expected \(/],
  ['proto in (tcp udp)', 15, /expected , or \)/],
  ['country Germany', 9, /two letters of a country/],
  ['srccountry = D1', 14, /two letters of a country/],
  ['as ASN1', 4, /an AS number such as 64512, found "ASN1"/],
  ['as != 1', 4, /write not before/],
  ['as > 1', 4, /AS number/],
  ['src > 10.0.0.1', 5, /no order/],
  ['in if', 6, /number or name of an interface|whole number/],
  ['rtt > fast', 7, /duration/],
  ['octets > 5 ; drop', 12, /; means nothing here/],
  ['interfaceName = "eth0', 17, /no closing "/],
  ['start > yesterday', 9, /time such as/],
  [`${'('.repeat(5000)}`, 101, /nested deeper/],
  [`proto tcp ${' '.repeat(10_000)}`, 10_001, /longer than/],
];

describe('errors say what was expected, and where', () => {
  test.each(mistakes)('%s', (filter, column, message) => {
    let error: unknown;
    try {
      parseFilter(filter);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FilterError);
    expect((error as FilterError).name).toBe('WeirError');
    expect((error as FilterError).message).toMatch(message);
    expect((error as FilterError).column).toBe(column);
  });

  test('what only stored records have', () => {
    expect(() => filterPredicate(parseFilter('proto tcp and exporter = 10.0.0.1'))).toThrow(
      /column 15.*stored records only/,
    );
  });

  test('what only the probe knows', () => {
    expect(() => filterPredicate(parseFilter('not duplicate'))).toThrow(
      /column 5: duplicate is added by the collector/,
    );
    expect(() => filterPredicate(parseFilter('proto tcp or dst country DE'))).toThrow(
      /column 26: destinationCountry is added by the collector/,
    );
    expect(() => filterPredicate(parseFilter('not has srcname'))).toThrow(/column 9: sourceName is added/);
    expect(() => filterPredicate(parseFilter('proto tcp and in if eth0'))).toThrow(/column 21.*give the number/);
  });
});

test('a long chain is no deep one', () => {
  const filter = Array.from({ length: 700 }, (_, i) => `port ${i}`).join(' or ');
  expect(filterPredicate(parseFilter(filter))(all.web)).toBe(true);
});
