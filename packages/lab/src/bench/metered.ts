import { residentOctets } from '../run/memory.js';
import { machineSeconds, processSeconds, processSecondsUntilEnd } from '../run/processor.js';
import { sleep } from '../run/wait.js';
import { ExportCapture } from '../subjects/capture.js';
import type { Subject } from '../subjects/subject.js';
import type { Bed } from './network.js';

/** A subject that has used no processor time for so long has nothing more to do. */
const QUIET_MILLISECONDS = 1500;
/** What a subject at rest uses for its timers in that time is no work. */
const REST_SECONDS = 0.05;
const LONGEST_MILLISECONDS = 60_000;
/** Longer than any traffic here: no interim reports. */
const ACTIVE_TIMEOUT_SECONDS = 300;

/** What it took to meter some traffic. */
export interface Metered {
  /** Seconds of processor time of the subject's, from when it metered to its end. */
  subject: number;
  /** Seconds that the whole machine worked, from the first packet until the subject had nothing more to do. */
  machine: number;
  /** Octets. */
  memory: number;
  /** Capture of what was exported. */
  exported: string;
}

/** Meters the traffic by the subject, on the router. */
export async function meter({ lab, net }: Bed, subject: Subject, traffic: () => Promise<void>): Promise<Metered> {
  const capture = await ExportCapture.start(lab, net.router);
  const order = { lab, namespace: net.router, link: 'inside', activeTimeout: ACTIVE_TIMEOUT_SECONDS };
  const running = await subject.start(order);
  const { pid } = running.process;
  const before = processSeconds(pid);
  const begun = machineSeconds();
  await traffic();
  await untilQuiet(pid);
  const machine = machineSeconds() - begun;
  const memory = residentOctets(pid);
  const used = (await processSecondsUntilEnd(pid, () => running.stop())) - before;
  await capture.stop();
  return { subject: used, machine, memory, exported: capture.file };
}

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
