import { octetRange, parseNetwork } from '@weir/flow';
import { fieldsOf } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import { DESTINATION, FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import { setAddress } from '../metering/testing/records.js';
import { anonymisationRecords, anonymisationTemplate } from './anonymisation-records.js';
import { Anonymiser } from './anonymiser.js';
import { octetsOf } from './testing/flows.js';
import { received } from './testing/messages.js';

const places = { source: SOURCE, destination: DESTINATION, natSource: NAT_SOURCE, natDestination: NAT_DESTINATION };

/** A record with all addresses, MACs and ports that there can be. */
function recordWith(addresses: Record<keyof typeof places | 'master' | 'hop', string>): FlowRecord {
  const record = new FlowRecord();
  record.family = addresses.source.includes(':') ? 6 : 4;
  for (const [name, address] of Object.entries(places)) {
    setAddress(record, address, octetsOf(addresses[name as keyof typeof places]));
  }
  record.translated = record.hasMaster = record.hasNextHop = record.hasSourceMac = record.hasDestinationMac = true;
  record.masterAddresses.set(octetsOf(addresses.master), 0);
  record.masterAddresses.set(octetsOf(addresses.source), 16);
  record.nextHop.set(octetsOf(addresses.hop));
  record.sourcePort = 1234;
  return record;
}

function addressesOf(record: FlowRecord): Record<string, string> {
  const width = record.family === 6 ? 16 : 4;
  const text = (octets: Uint8Array, at: number) => [...octets.subarray(at, at + width)].join('.');
  return {
    ...Object.fromEntries(
      Object.entries(places).map(([name, address]) => [name, text(record.octets, record.place(address))]),
    ),
    master: text(record.masterAddresses, 0),
    masterDestination: text(record.masterAddresses, 16),
    hop: text(record.nextHop, 0),
  };
}

const v4 = {
  source: '10.1.2.3',
  destination: '192.0.2.255',
  natSource: '198.51.100.7',
  natDestination: '192.0.2.255',
  master: '10.1.2.77',
  hop: '203.0.113.1',
};

describe('truncation', () => {
  test('every address, no MAC; ports stay', () => {
    const record = recordWith(v4);
    new Anonymiser({ technique: 'truncate', ipv4Bits: 20, ipv6Bits: 48 }, []).apply(record);
    expect(addressesOf(record)).toEqual({
      source: '10.1.0.0',
      destination: '192.0.0.0',
      natSource: '198.51.96.0',
      natDestination: '192.0.0.0',
      master: '10.1.0.0',
      masterDestination: '10.1.0.0',
      hop: '203.0.112.0',
    });
    expect([record.hasSourceMac, record.hasDestinationMac, record.sourcePort]).toEqual([false, false, 1234]);
  });

  test.each([
    [0, '0.0.0.0'],
    [1, '128.0.0.0'],
    [24, '192.0.2.0'],
    [31, '192.0.2.254'],
    [32, '192.0.2.255'],
  ])('to %i bits', (bits, expected) => {
    const record = recordWith(v4);
    new Anonymiser({ technique: 'truncate', ipv4Bits: bits, ipv6Bits: 0 }, []).apply(record);
    expect(addressesOf(record).destination).toBe(expected);
  });

  test('IPv6', () => {
    const one = '2001:db8:1:2:3:4:5:6';
    const record = recordWith({
      ...v4,
      source: one,
      destination: one,
      natSource: one,
      natDestination: one,
      master: one,
      hop: one,
    });
    new Anonymiser({ technique: 'truncate', ipv4Bits: 0, ipv6Bits: 48 }, []).apply(record);
    const expected = [...octetsOf('2001:db8:1::')].join('.');
    expect(new Set(Object.values(addressesOf(record)))).toEqual(new Set([expected]));
  });
});

test('only addresses of the networks given are changed', () => {
  const networks = parseNetwork('10.0.0.0/8')!.map(octetRange);
  const record = recordWith(v4);
  const anonymiser = new Anonymiser({ technique: 'crypto-pan', key: new Uint8Array(32).fill(7) }, networks);
  anonymiser.apply(record);
  const changed = addressesOf(record);
  expect(changed).toMatchObject({ destination: '192.0.2.255', natSource: '198.51.100.7', hop: '203.0.113.1' });
  expect(changed.source).not.toBe(v4.source);
  expect(changed.masterDestination).toBe(changed.source);
  // The same /24 before, the same /24 after.
  expect(changed.master!.split('.').slice(0, 3)).toEqual(changed.source!.split('.').slice(0, 3));
  expect(record.hasSourceMac).toBe(false);
});

test('a collector is told of each address of a Template', () => {
  const flows = {
    id: 256,
    scopeFieldCount: 0,
    fields: fieldsOf(['sourceIPv4Address', 'octetDeltaCount', 'sourceTransportPort', 'masterSourceIPv4Address']),
  };
  const options = anonymisationTemplate(601);
  const records = anonymisationRecords(options, flows, 'crypto-pan');
  const told = { anonymizationFlags: 3, anonymizationTechnique: 6 };
  expect(received(records)).toMatchObject([
    { scope: { templateId: 256, privateEnterpriseNumber: 0, informationElementId: 8 }, record: told },
    { scope: { templateId: 256, privateEnterpriseNumber: 32_473, informationElementId: 17 }, record: told },
  ]);
  expect(anonymisationRecords(options, flows, 'truncate')[0]!.values.anonymizationTechnique).toBe(2);
});
