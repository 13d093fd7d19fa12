import { expect, test } from 'vitest';
import { fieldsOf, type Template } from './template/template.js';
import { fuzz, TEMPLATE_LIMIT } from './testing/fuzz.js';
import { messageOf, rawMessage } from './testing/messages.js';
import { allExporters } from './testing/vectors.js';

const CASES = Number(process.env.WEIR_FUZZ_CASES || 2_000_000);
const SEED = Number(process.env.WEIR_FUZZ_SEED || 4739);

/**
 * Octets that decoding may keep: one session within the fuzz run's limits, its compiled Templates and the engine's own code for the
 * codec (together 2.3 MiB after 2 million Messages). A leak of a kilobyte a session, 4,000 of them, is beyond it.
 */
const RETAINED_LIMIT = 6 * 2 ** 20;

const ofEveryType: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf([
    'octetDeltaCount',
    ['octetDeltaCount', 65535],
    'interfaceName',
    'samplingProbability',
    'mibObjectValueInteger',
    'dataRecordsReliability',
    'sourceMacAddress',
    'flowStartMicroseconds',
    'flowEndNanoseconds',
    'sourceIPv6Address',
    'reversePacketDeltaCount',
    'ipPayloadPacketSection',
  ]),
};

/** Messages of our own: every type, options, lists within lists, withdrawals. */
function own(): Uint8Array[] {
  const options: Template = {
    id: 257,
    scopeFieldCount: 1,
    fields: fieldsOf(['meteringProcessId', 'observedFlowTotalCount']),
  };
  const lists: Template = {
    id: 258,
    scopeFieldCount: 0,
    fields: fieldsOf(['basicList', 'subTemplateList', 'subTemplateMultiList']),
  };
  const fixed = [1, 2, 3, 4, 5, 6, 7, 8];
  const record = [
    ...fixed,
    2,
    1,
    2,
    2,
    0x6c,
    0x6f,
    ...fixed,
    0,
    0,
    0,
    9,
    1,
    ...fixed.slice(2),
    ...fixed,
    ...fixed,
    ...fixed,
    ...fixed,
    ...fixed,
    255,
    0,
    3,
    7,
    7,
    7,
  ];
  const basic = [11, 3, 0, 4, 0, 1, 6, 17, 1, 6, 17, 1];
  const sub = [15, 3, 1, 1, 0, 0, 0, 7, ...fixed];
  const multi = [17, 3, 1, 1, 0, 16, 0, 0, 0, 7, ...fixed];
  return [
    messageOf({}, [ofEveryType, options, lists]),
    messageOf(
      {},
      [],
      [
        [256, record],
        [256, record],
        [257, [0, 0, 0, 7, ...fixed]],
      ],
    ),
    messageOf({}, [], [[258, [...basic, ...sub, ...multi]]]),
    rawMessage([2, 1, 0, 0, 0], [3, 0, 3, 0, 0]),
  ];
}

test(
  `${CASES} mutated Messages: no throw, no hang, memory bounded`,
  () => {
    const groups = [own(), ...allExporters().values()];
    const begun = performance.now();
    const report = fuzz(groups, CASES, SEED);
    const seconds = (performance.now() - begun) / 1000;
    console.log(
      `${CASES} mutated Messages of ${groups.length} exporters in ${seconds.toFixed(0)} s: ${report.records} records, ` +
        `${report.objects} of them as objects, ${report.reasons.size} kinds of diagnostics, ${(report.retained / 2 ** 20).toFixed(1)} MiB retained`,
    );
    expect(report.records).toBeGreaterThan(CASES / 4);
    expect(report.objects).toBeGreaterThan(CASES / 256);
    expect(report.reasons.size).toBeGreaterThan(8);
    expect(report.templates).toBeLessThanOrEqual(TEMPLATE_LIMIT);
    expect(report.retained).toBeLessThan(RETAINED_LIMIT);
  },
  Math.max(180_000, CASES / 5),
);

test('the clean Messages of our own are records', () => {
  expect(fuzz([own()], 1, 1).records).toBeGreaterThanOrEqual(4);
});
