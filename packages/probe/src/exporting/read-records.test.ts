import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DESTINATION, FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import { TOTALS } from '../metering/record-kinds.js';
import { setAddress } from '../metering/testing/records.js';
import { type FieldPreset, parseFields } from './field-selection.js';
import { FLOW_FIELDS } from './flow-fields.js';
import { FlowTemplates } from './flow-templates.js';

const bits = (count: number) => fc.integer({ min: 1, max: 2 ** count - 1 });
const octets = (count: number) => fc.uint8Array({ minLength: count, maxLength: count });
const counters = fc.array(fc.oneof(fc.constant(0), bits(32)), { minLength: 8, maxLength: 8 });
const time = fc.integer({ min: 1, max: 2 ** 45 });

/** What may be known of a Flow, each thing or not; names of arrays stand for what they are filled with. */
const traffic = fc.record(
  {
    mark: bits(32),
    zone: bits(16),
    helper: fc.string({ unit: fc.constantFrom('a', 'z', '-', '9'), minLength: 1, maxLength: 16 }),
    start: time,
    intervalStart: time,
    tcpState: bits(4),
    tcpStateHistory: bits(16),
    responderRoundTrip: fc.nat(2 ** 31),
    initiatorRoundTrip: fc.nat(2 ** 31),
    ingressInterface: bits(32),
    egressInterface: bits(32),
    ingressVlan: bits(12),
    egressVlan: bits(12),
    sourceAs: fc.nat(2 ** 31),
    destinationAs: fc.nat(2 ** 31),
    classOfService: fc.nat(255),
    counters,
    totals: counters,
    labels: octets(16),
    nextHop: octets(16),
    sourceMac: octets(6),
    destinationMac: octets(6),
    masterAddresses: octets(32),
  },
  { requiredKeys: [] },
);
const key = fc.record({
  family: fc.constantFrom(4, 6),
  protocol: fc.constantFrom(1, 6, 17, 33, 47, 58, 132, 136),
  flowId: bits(32),
  sourcePort: fc.nat(65_535),
  destinationPort: fc.nat(65_535),
  natSourcePort: fc.nat(65_535),
  natDestinationPort: fc.nat(65_535),
  icmpTypeCode: fc.nat(65_535),
  addresses: octets(64),
  translated: fc.boolean(),
  end: time,
  flowEndReason: fc.constantFrom(1, 2, 3, 4, 5),
  // Offloaded to hardware is offloaded.
  status: fc.constantFrom(0x18e, 0x418e, 0xc18e),
});

const FLAGS = {
  counters: 'hasCounters',
  totals: 'hasTotals',
  labels: 'hasLabels',
  nextHop: 'hasNextHop',
  sourceMac: 'hasSourceMac',
  destinationMac: 'hasDestinationMac',
  masterAddresses: 'hasMaster',
} as const;

const ADDRESSES = [SOURCE, DESTINATION, NAT_SOURCE, NAT_DESTINATION];
/** All that has a name. */
const VALUES = Object.entries(Object.getOwnPropertyDescriptors(FlowRecord.prototype))
  .filter(([, { get }]) => get !== undefined)
  .map(([name]) => name);

function widthOf({ family }: FlowRecord): number {
  return family === 6 ? 16 : 4;
}

type Known = Partial<typeof traffic extends fc.Arbitrary<infer T> ? T : never>;
type Key = typeof key extends fc.Arbitrary<infer T> ? T : never;

/** A Flow Record of all that, where each thing that cannot be known is cleared. */
const NOT_TCP = {
  tcpState: 0,
  tcpStateHistory: 0,
  responderRoundTrip: Number.NaN,
  initiatorRoundTrip: Number.NaN,
};

function recordOf(of: Key, known: Known): FlowRecord {
  const record = new FlowRecord();
  const { addresses, ...numbers } = of;
  Object.assign(record, numbers, scalars(known));
  for (const [name, flag] of Object.entries(FLAGS)) {
    const values = known[name as keyof typeof FLAGS];
    if (values === undefined) continue;
    record[name as keyof typeof FLAGS].set(values);
    record[flag] = true;
  }
  if (record.hasMaster)
    Object.assign(record, { masterProtocol: 6, masterSourcePort: 40_001, masterDestinationPort: 21 });
  for (const address of ADDRESSES) setAddress(record, address, addresses.slice(address, address + widthOf(record)));
  if (record.family === 4) for (const each of [record.nextHop, record.masterAddresses]) shorten(each);
  if (record.protocol !== 6) Object.assign(record, NOT_TCP);
  setPorts(record);
  return record;
}

function scalars(known: Known): object {
  return Object.fromEntries(Object.entries(known).filter(([name]) => !(name in FLAGS)));
}

/** IPv4 addresses have four of sixteen octets. */
function shorten(addresses: Uint8Array): void {
  for (let i = 0; i < addresses.length; i++) if (i % 16 > 3) addresses[i] = 0;
}

function setPorts(record: FlowRecord): void {
  record.hasPorts = ![1, 47, 58].includes(record.protocol);
  if (!record.isIcmp) record.icmpTypeCode = 0;
  if (!record.hasPorts) record.sourcePort = record.destinationPort = 0;
  if (!record.hasPorts || !record.translated) {
    record.natSourcePort = record.sourcePort;
    record.natDestinationPort = record.destinationPort;
  }
}

/** All that a record says: of an array, where its flag is set. */
function said(record: FlowRecord): object {
  const values = VALUES.map(name => [name, record[name as keyof FlowRecord]]);
  const arrays = Object.entries(FLAGS).map(([name, flag]) => [
    name,
    record[flag] && record[name as keyof typeof FLAGS],
  ]);
  const addresses = ADDRESSES.map(address =>
    record.octets.slice(record.place(address), record.place(address) + widthOf(record)),
  );
  return { ...Object.fromEntries([...values, ...arrays]), addresses };
}

const full = new FlowTemplates(parseFields('full'));

/** Written as a Data Record, and read into `into`. */
function throughWire(record: FlowRecord, into: FlowRecord, templates = full): void {
  const template = templates.templateOf(record.kind);
  const bytes = new Uint8Array(600);
  template.put(record, bytes, 5);
  template.read(into, bytes, 5);
}

test('every field is read', () => {
  const record = new FlowRecord();
  for (const { name, needs } of FLOW_FIELDS) {
    const templates = new FlowTemplates(parseFields(name));
    expect(() => templates.templateOf(needs).read(record, new Uint8Array(32), 0), name).not.toThrow();
  }
});

test('what is written is what is read, whatever was in the record before', () => {
  const into = new FlowRecord();
  const kinds = new Set<number>();
  fc.assert(
    fc.property(key, traffic, (of, known) => {
      const record = recordOf(of, known);
      throughWire(record, into);
      expect(said(into)).toEqual(said(record));
      expect(into.kind).toBe(record.kind);
      kinds.add(record.kind);
    }),
    { numRuns: 2000 },
  );
  expect(kinds.size).toBeGreaterThan(1000);
});

test('a translation is read as one', () => {
  const into = recordOf(fc.sample(key, 1)[0], fc.sample(traffic, 1)[0]);
  const [of] = fc.sample(key, 1);
  const record = Object.assign(recordOf({ ...of, translated: true }, {}), { natEvent: 4, observationTime: 2 ** 41 });
  throughWire(record, into, new FlowTemplates(parseFields('nat-log')));
  Object.assign(record, { end: 0, flowId: 0, flowEndReason: 0, status: 0 });
  expect(said(into)).toEqual(said(record));
});

test.each<[FieldPreset, object]>([
  // The totals and the status, except what flowOffload tells of it.
  ['default', { status: 0xc000, hasTotals: false }],
  ['full', { status: 0xc18e, hasTotals: true }],
])('of %s all is read but what it leaves out', (preset, expected) => {
  const [of] = fc.sample(key, 1);
  const record = recordOf(
    { ...of, status: 0xc18e },
    { totals: [1, 0, 1, 0, 1, 0, 1, 0], counters: [1, 0, 1, 0, 0, 0, 0, 0] },
  );
  const into = new FlowRecord();
  throughWire(record, into, new FlowTemplates(parseFields(preset)));
  expect(into).toMatchObject({ hasCounters: true, ...expected });
  expect(into.kind | TOTALS).toBe(record.kind);
});
