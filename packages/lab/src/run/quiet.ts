import { processSeconds } from './processor.js';
import { sleep } from './wait.js';

/** A process that has used no processor time for so long has nothing more to do. */
const QUIET_MILLISECONDS = 1500;
/** What a process at rest uses for its timers in that time is no work. */
const REST_SECONDS = 0.05;
const LONGEST_MILLISECONDS = 60_000;

/** Waits until the process has nothing more to do. */
export async function untilQuiet(pid: number): Promise<void> {
  const deadline = Date.now() + LONGEST_MILLISECONDS;
  for (let used = processSeconds(pid); Date.now() < deadline; ) {
    await sleep(QUIET_MILLISECONDS);
    const now = processSeconds(pid);
    if (now - used < REST_SECONDS) return;
    used = now;
  }
}
