import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { previewOf } from './preview.js';

const config = (changes: Partial<ProbeConfig> = {}): ProbeConfig => ({
  ...(Value.Default(probeSchema, {}) as ProbeConfig),
  ...changes,
});
/** Half of the records are interim reports. */
const rates = { seconds: 60, interimReports: 50, ends: 50, records: 100, octets: 10_000 };

test('octets of a record are those of its Template', () => {
  const { templates } = previewOf(
    config({ fields: 'sourceIPv4Address,sourceIPv6Address,octetDeltaCount,flowId' }),
    config(),
    undefined,
  );
  const octets = Object.fromEntries(templates.map(({ name, recordOctets }) => [name, recordOctets]));
  expect(octets).toMatchObject({ tcp4: 4 + 8 + 4, udp4: 4 + 8 + 4, tcp6: 16 + 8 + 4 });
  expect(templates[0]).toMatchObject({
    fields: ['sourceIPv4Address', 'octetDeltaCount', 'flowId'],
    templateOctets: 4 + 3 * 4,
  });
});

test('a reverse element has an enterprise number in the Template', () => {
  const { templates } = previewOf(config({ fields: 'octetDeltaCount,reverseOctetDeltaCount' }), config(), undefined);
  expect(templates[0]!.templateOctets).toBe(4 + 4 + 8);
});

test('nothing is said of the load before something was counted', () => {
  const { load, countedSeconds } = previewOf(config(), config(), undefined);
  expect(load).toEqual([{ collector: 'udp://127.0.0.1:4739', recordsPerSecond: null, bitsPerSecond: null }]);
  expect(countedSeconds).toBe(0);
});

test('what is in force is expected to go on', () => {
  const { load, countedSeconds } = previewOf(config(), config(), rates);
  expect(load).toEqual([{ collector: 'udp://127.0.0.1:4739', recordsPerSecond: 100, bitsPerSecond: 80_000 }]);
  expect(countedSeconds).toBe(60);
});

test('interim reports follow the active timeout, ends do not; sampling takes of both', () => {
  const of = (changes: Partial<ProbeConfig>) => previewOf(config(changes), config(), rates).load[0]!.recordsPerSecond;
  expect(of({ 'active-timeout': 120 })).toBe(75);
  expect(of({ 'active-timeout': 30 })).toBe(150);
  expect(of({ sample: 10 })).toBe(10);
});

test('fewer fields are fewer bits', () => {
  const bits = (fields: string) => previewOf(config({ fields }), config(), rates).load[0]!.bitsPerSecond!;
  expect(bits('netflow-v5-fields')).toBeLessThan(bits('default'));
  expect(bits('full')).toBeGreaterThan(bits('default'));
});

test('collectors share the records as they are told to', () => {
  const collector = ['udp://192.0.2.1', 'udp://192.0.2.2?version=5'];
  const of = (distribute: ProbeConfig['distribute']) =>
    previewOf(config({ collector, distribute }), config(), rates).load.map(each => each.recordsPerSecond);
  expect(of('all')).toEqual([100, 100]);
  expect(of('balance')).toEqual([50, 50]);
  expect(of('failover')).toEqual([100, 0]);
  const [, v5] = previewOf(config({ collector }), config(), rates).load;
  expect(v5!.bitsPerSecond).toBeCloseTo(100 * 48.8 * 8);
});

test('what cannot be known is told', () => {
  const { notes } = previewOf(config({ filter: 'port 53', collector: ['udp://192.0.2.1?version=9'] }), config(), rates);
  expect(notes).toEqual(['filter', 'netflow-v9']);
});
