import { raiseReceiveBufferLimit } from '../namespaces/globals.js';
import { residentOctets } from '../run/memory.js';
import { processSeconds, processSecondsUntilEnd } from '../run/processor.js';
import { untilQuiet } from '../run/quiet.js';
import { ExportCapture } from '../subjects/capture.js';
import type { Collector, Stored } from '../subjects/collector.js';
import { collectors } from '../subjects/collectors.js';
import { microseconds } from './burst.js';
import type { Result, TrialCase, TrialSubject } from './harness.js';
import { type Bed, runInNetwork } from './network.js';
import { makeStream, type Stream, streamRecords } from './stream.js';

/** The stream is sent so often: no receive buffer holds all of it. */
const TIMES = 2;
const RUNS = 5;
const RECEIVE_BUFFER_OCTETS = 64 * 1024 * 1024;

/** Collectors, fed with the same stream of the probe's. */
export async function* collectorsBench(bench: string): AsyncGenerator<Result[]> {
  const all = [...collectors.values()];
  const needs = [...ExportCapture.needs, 'tshark', ...all.flatMap(each => each.needs)];
  let stream: Stream | undefined;
  const atRate = (rate: number) => async (bed: Bed) => {
    stream ??= await makeStream(bed);
    bed.lab.later(raiseReceiveBufferLimit(RECEIVE_BUFFER_OCTETS));
    return rateCase(bed, all, stream, rate);
  };
  yield* runInNetwork(bench, needs, [atRate(50_000), atRate(200_000)]);
}

function rateCase(bed: Bed, all: readonly Collector[], stream: Stream, rate: number): TrialCase {
  return {
    name: `${rate.toLocaleString('en')} Flow Records a second over UDP`,
    measures: {
      'collector, for each record kept': 'us of processor time',
      'octets not kept': '%',
      'resident memory': 'MB',
    },
    subjects: all.map(each => fed(bed, each, stream, rate)),
    runs: RUNS,
  };
}

function fed({ lab, net }: Bed, collector: Collector, stream: Stream, rate: number): TrialSubject {
  return {
    name: collector.name,
    async trial() {
      const running = await collector.start(lab, net.router);
      const { pid } = running.process;
      const before = processSeconds(pid);
      await streamRecords(net.router, stream, { times: TIMES, recordsPerSecond: rate });
      await untilQuiet(pid);
      const memory = residentOctets(pid);
      let stored: Stored = { flowRecords: 0, octets: 0 };
      const used = await processSecondsUntilEnd(pid, async () => {
        stored = await running.stop();
      });
      // Each record is of as many octets; who sums by Flow Key has fewer records.
      const kept = stored.octets! / stream.octetsOfEach;
      const sent = stream.records * TIMES;
      return {
        'collector, for each record kept': microseconds(used - before, kept),
        'octets not kept': (100 * (sent - kept)) / sent,
        'resident memory': memory / 1e6,
      };
    },
  };
}
