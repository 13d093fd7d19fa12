import { residentOctets } from '../run/memory.js';
import { machineSeconds, processSeconds, processSecondsUntilEnd } from '../run/processor.js';
import { untilQuiet } from '../run/quiet.js';
import { ExportCapture } from '../subjects/capture.js';
import type { Subject } from '../subjects/subject.js';
import type { Bed } from './network.js';

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
