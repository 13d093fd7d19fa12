import { raiseReceiveBufferLimit } from '../namespaces/globals.js';
import type { Collector } from '../subjects/collector.js';
import { nfacctd } from '../subjects/nfacctd.js';
import { nfcapd } from '../subjects/nfcapd.js';
import { weirCollect, weirDecoding } from '../subjects/weir-collect.js';
import { microseconds } from './burst.js';
import { type Fed, feed } from './feed.js';
import type { Result, TrialCase, TrialSubject } from './harness.js';
import { type Bed, runInNetwork } from './network.js';

const EXPORTERS = 8;
const RECEIVE_BUFFER_OCTETS = 64 * 1024 * 1024;
const STEP_SECONDS = 5;
const [FIRST_RATE, LEAST_RATE] = [200_000, 25_000];
/** The highest rate is known when the next one that was too high is so many times as high. */
const CLOSE = 1.2;
/** A rate is not sustained if what came in so many seconds is kept later than this. */
const LATE_SECONDS = 2;
/** Less than this part of the rate that was wanted: the sender could not, and it says nothing of the collector. */
const SENT = 0.97;
const BURST_RECORDS = 10_000_000;
/** As fast as nfcapd was seen to take it on a machine that it had for itself, and as fast as a collector is to keep for good. */
const BURST_RATES = [4_600_000, 1_500_000] as const;
const RUNS = 3;

/** Each to disk but the second, which shows what of it is the store's. */
const all = [weirCollect, weirDecoding, nfcapd, nfacctd];

/** The highest rate of each collector, and a burst, of the same stream of 64-octet records. */
export async function* collectBench(bench: string): AsyncGenerator<Result[]> {
  yield* collectCases(bench, [rateCase, ...burstCases], all, RUNS);
}

/** Some of its cases, with some collectors. */
export function collectCases(
  bench: string,
  cases: readonly ((bed: Bed, collectors: readonly Collector[], runs: number) => TrialCase)[],
  collectors: readonly Collector[],
  runs: number,
): AsyncGenerator<Result[]> {
  const prepared = cases.map(each => (bed: Bed) => {
    bed.lab.later(raiseReceiveBufferLimit(RECEIVE_BUFFER_OCTETS));
    return each(bed, collectors, runs);
  });
  return runInNetwork(
    bench,
    collectors.flatMap(each => each.needs),
    prepared,
  );
}

/** What each trial says of the processor: the sender shares the machine with the collector. */
const shares = {
  'collector, for each record kept': 'us of processor time',
  'resident memory': 'MB',
  'the sender, for each record': 'us of processor time',
};

function sharesOf({ sent, processor, records, resident }: Fed): Record<keyof typeof shares, number> {
  return {
    'collector, for each record kept': microseconds(processor, records),
    'resident memory': resident / 1e6,
    'the sender, for each record': microseconds(sent.processorSeconds, sent.records),
  };
}

/** The highest rate at which all is kept, and no more than some seconds late. */
export function rateCase(bed: Bed, collectors: readonly Collector[], runs: number): TrialCase {
  return {
    name: `highest rate of 64-octet records over UDP without loss, ${STEP_SECONDS} s a step`,
    measures: { 'records kept': '1/s', ...shares },
    subjects: collectors.map(each => searched(bed, each)),
    runs,
  };
}

function searched(bed: Bed, collector: Collector): TrialSubject {
  // The next search begins where the last one ended.
  let from = FIRST_RATE;
  return {
    name: collector.name,
    async trial() {
      const found = await highest(bed, collector, from);
      if (found === undefined) return { 'records kept': 0 };
      from = found.sent.records / found.sent.seconds;
      return { 'records kept': from, ...sharesOf(found) };
    },
  };
}

/** Doubles or halves the rate until it is between one that was kept and one that was not, then halves that interval. */
async function highest(bed: Bed, collector: Collector, from: number): Promise<Fed | undefined> {
  let good: { rate: number; fed: Fed } | undefined;
  let bad = Number.POSITIVE_INFINITY;
  for (let rate = from; bad / (good?.rate ?? 0) > CLOSE && rate >= LEAST_RATE; ) {
    const fed = await sustained(bed, collector, rate);
    if (fed === undefined) bad = rate;
    else good = { rate, fed };
    if (fed !== undefined && fed.sent.records / fed.sent.seconds < SENT * rate) {
      process.stderr.write(`bench: ${collector.name}: more could not be sent; it may do more than is told here\n`);
      break;
    }
    if (bad === Number.POSITIVE_INFINITY) rate *= 2;
    else rate = good === undefined ? rate / 2 : Math.sqrt(good.rate * bad);
  }
  return good?.fed;
}

/** Tries the rate, a second time if the first does not succeed: what others do on the machine can only make it look too high. */
async function sustained(bed: Bed, collector: Collector, rate: number): Promise<Fed | undefined> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const fed = await feed(bed, collector, { recordsPerSecond: rate, exporters: EXPORTERS, seconds: STEP_SECONDS });
    const done = fed.part === 1 && fed.late <= LATE_SECONDS;
    const figures = `${(100 * fed.part).toFixed(2)}% kept, the last ${fed.late.toFixed(1)} s after it was sent`;
    const verdict = done ? 'sustained' : 'not sustained';
    const told = Math.round(rate).toLocaleString('en');
    process.stderr.write(`bench: ${collector.name} at ${told} records/s: ${verdict}: ${figures}\n`);
    if (done) return fed;
  }
  return undefined;
}

/** Ten million records at once, at each of the rates. */
export const burstCases = BURST_RATES.map(
  recordsPerSecond =>
    (bed: Bed, collectors: readonly Collector[], runs: number): TrialCase => ({
      name: `burst of ${BURST_RECORDS.toLocaleString('en')} records of 64 octets, ${recordsPerSecond.toLocaleString('en')} a second`,
      measures: { 'records sent': '1/s', 'records not kept': '%', 'kept after the last was sent': 's', ...shares },
      subjects: collectors.map(each => burst(bed, each, recordsPerSecond)),
      runs,
    }),
);

function burst(bed: Bed, collector: Collector, recordsPerSecond: number): TrialSubject {
  return {
    name: collector.name,
    async trial() {
      const fed = await feed(bed, collector, { recordsPerSecond, exporters: EXPORTERS, records: BURST_RECORDS });
      return {
        'records sent': fed.sent.records / fed.sent.seconds,
        'records not kept': 100 * (1 - fed.part),
        'kept after the last was sent': fed.late,
        ...sharesOf(fed),
      };
    },
  };
}
