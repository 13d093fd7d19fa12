import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WeirError } from '../error.js';
import { labEnvironment } from '../run/mark.js';
import type { FlowKey } from '../truth/flow.js';
import { weirCommand } from '../weir/weir.js';
import { netflowBootTimes } from './boot-time.js';
import { RecordReader } from './record-reader.js';

/** A Flow Record as it was exported, whatever the exporter's dialect. What it does not tell is absent. */
export interface ExportedRecord extends FlowKey {
  /** Since the flow's record before this one, also where the exporter counts from the flow's beginning. */
  packets?: number;
  octets?: number;
  /** Present in Biflows (RFC 5103) only. */
  reversePackets?: number;
  reverseOctets?: number;
  /** Milliseconds since the Unix epoch. */
  start?: number;
  end?: number;
  /** flowEndReason. */
  endReason?: number;
  /** ICMP type, where it is told. */
  icmpType?: number;
}

/**
 * The Flow Records in a capture of export datagrams, in order, as `weir read` has them. Runs the built command.
 * @param port that the datagrams went to
 */
export async function readExported(capture: string, port: number): Promise<ExportedRecord[]> {
  const [command, ...args] = weirCommand('read', capture, '--format', 'json');
  const reading = spawn(command!, args, { env: labEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(reading, 'close');
  let complaints = '';
  reading.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(0, 2000);
  });
  const reader = new RecordReader(netflowBootTimes(capture, port));
  for await (const line of createInterface({ input: reading.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.startsWith('{')) reader.take(JSON.parse(line));
  }
  const [status] = await ended;
  if (status !== 0) throw new WeirError(`"weir read ${capture}" ended with ${status}: ${complaints.trim()}`);
  return reader.finish();
}
