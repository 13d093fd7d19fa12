import type { Host } from '../host/host.js';
import type { Metering } from './metering.js';
import type { Sources } from './sources.js';

/** What still waits when the probe is told to stop is taken for so long. */
const STOP_MILLISECONDS = 5000;
/** Between two looks for what the kernel tries to deliver again. */
const PAUSE_MILLISECONDS = 10;

/** What the last look takes part of: the loop's own. */
export interface LastLookParts {
  readonly host: Host;
  readonly sources: Sources;
  readonly metering: Metering;
  /** Returns when there is room to export a batch. */
  awaitCredit(): void;
}

/** Takes what waits, and reports every live connection once more ("forced end"); the flow table remembers what was reported. */
export function takeLastLook(parts: LastLookParts): void {
  const { metering, sources } = parts;
  const { sweep } = sources;
  const { lastLook } = metering;
  const pause = () => parts.awaitCredit();
  drain(parts);
  // What a sweep under way has passed already would get no last look.
  if (sweep.active) sweep.complete(metering.sink, pause);
  sweep.begin(lastLook);
  sweep.complete(lastLook, pause);
  drain(parts);
  sources.countDrops();
}

/** Takes what waits in the socket, and what the kernel keeps until it can deliver it. */
function drain({ host, sources, metering, awaitCredit }: LastLookParts): void {
  const deadline = host.clock.monotonic() + STOP_MILLISECONDS;
  while (host.clock.monotonic() < deadline) {
    awaitCredit();
    if (sources.receive(metering.sink) > 0) continue;
    if (sources.endsAreIn()) return;
    host.sleep(PAUSE_MILLISECONDS);
  }
}
