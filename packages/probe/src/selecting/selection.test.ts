import { FilterError } from '@weir/flow';
import { expect, test } from 'vitest';
import { SOURCE } from '../metering/flow-record.js';
import { Selection, type SelectionOptions } from './selection.js';
import { randomObservation, recordOf, seeded } from './testing/flows.js';

const context = { interfaceIndex: () => 0, domain: 1 };
const everything: SelectionOptions = { sample: 1, anonymisedNetworks: [] };

test('by default all is selected and nothing changed', () => {
  const random = seeded(1);
  const selection = new Selection(everything, context);
  for (let i = 0; i < 100; i++) {
    const record = recordOf(randomObservation(random), random);
    const before = record.octets.slice();
    expect(selection.accepts(record)).toBe(true);
    selection.anonymise(record);
    expect(record.octets).toEqual(before);
  }
  expect(selection.counters).toEqual({ observed: 100, filteredOut: 0, sampledOut: 0, selected: 100, anonymised: 0 });
  expect(selection.key).toEqual({ kind: 'always' });
  expect([selection.sampler, selection.technique]).toEqual([undefined, undefined]);
});

test('every record is counted once by its fate: filter, then sampling', () => {
  const random = seeded(2);
  const selection = new Selection(
    {
      filter: 'proto tcp',
      sample: 2,
      anonymisation: { technique: 'truncate', ipv4Bits: 8, ipv6Bits: 16 },
      anonymisedNetworks: ['10.0.0.0/8', '2001:db8::/32'],
    },
    context,
  );
  const fates = { tcp: 0, other: 0, accepted: 0 };
  for (let i = 0; i < 400; i++) {
    const record = recordOf(randomObservation(random), random);
    if (record.protocol === 6) fates.tcp++;
    else fates.other++;
    if (!selection.accepts(record)) continue;
    fates.accepted++;
    selection.anonymise(record);
    const source = record.octets.subarray(record.place(SOURCE));
    if (source[0] === 10) expect([...source.subarray(1, 4)]).toEqual([0, 0, 0]);
  }
  expect(selection.counters).toEqual({
    observed: 400,
    filteredOut: fates.other,
    sampledOut: fates.tcp - fates.accepted,
    selected: fates.accepted,
    anonymised: fates.accepted,
  });
  expect(fates.accepted).toBeGreaterThan(10);
  expect(fates.accepted).toBeLessThan(fates.tcp);
  expect(selection.technique).toBe('truncate');
});

test('mistakes are told', () => {
  expect(() => new Selection({ ...everything, filter: 'port x' }, context)).toThrow(FilterError);
  const networks = { ...everything, anonymisedNetworks: ['10.0.0.0/99'] };
  const anonymisation = { technique: 'truncate', ipv4Bits: 8, ipv6Bits: 16 } as const;
  expect(() => new Selection({ ...networks, anonymisation }, context)).toThrow(/"10.0.0.0\/99" is no network: write/);
});
