import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WeirError } from '../error.js';
import { labEnvironment } from '../run/mark.js';
import type { QueriedRecord } from './records.js';
import { weirCommand } from './weir.js';

/** The records of IPFIX files and captures, by `weir read`, as a stream: there may be millions. */
export async function* readRecords(files: readonly string[]): AsyncGenerator<QueriedRecord> {
  const [program, ...args] = weirCommand('read', ...files, '--format', 'json');
  const child = spawn(program!, args, { env: labEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  for await (const line of createInterface(child.stdout)) yield JSON.parse(line) as QueriedRecord;
  const status = await ended;
  if (status !== 0) throw new WeirError(`weir read ${files.join(' ')} ended with ${status}: ${complaint}`);
}
