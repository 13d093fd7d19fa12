import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import { attempt } from '../run/command.js';
import { onTeardown } from '../run/teardown.js';

/** How an order ended: exit status, what it left in $RESULTS (text, by name), what it wrote. */
export interface OrderOutcome {
  status: number;
  results: Map<string, string>;
  output: string;
}

/** `timeout` of coreutils says so by its exit status. */
const TIMED_OUT = 124;

/** A machine as its emulator is told of it. */
export interface Emulation {
  /** The emulator's command, and what runs it. */
  readonly command: readonly string[];
  /**
   * The machine. Its first serial line is there already, for what it writes; one that it leaves its results on is to be made of the chardev
   * "results".
   */
  readonly options: readonly string[];
  /** This machine's time that it may take. */
  readonly seconds: number;
  /** Gets what the machine writes as it is written. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/**
 * Runs an emulator until its machine has switched itself off, having left an archive of its results.
 *
 * @param folder for the archive, and what is in it
 * @throws WeirError when the machine takes longer than it may, or ends before its order
 */
export async function emulate(folder: string, emulation: Emulation): Promise<OrderOutcome> {
  const archive = join(folder, 'results');
  const [exit, output] = await runToEnd(emulation, archive);
  if (exit === TIMED_OUT)
    throw new WeirError(`the emulated machine had not ended after ${emulation.seconds} s:\n${output.slice(-4000)}`);
  const results = unpackResults(archive, join(folder, 'unpacked'));
  const status = results.get('status');
  if (status === undefined)
    throw new WeirError(`the emulated machine ended before its order did:\n${output.slice(-4000)}`);
  return { status: Number(status), results, output };
}

/** Also where this process is killed, the emulator does not outlive its time. */
function runToEnd(
  { command, options, seconds, onOutput = () => {} }: Emulation,
  archive: string,
): Promise<[exit: number | null, output: string]> {
  // No window and no way in, and an end instead of a new start.
  const headless = ['-display', 'none', '-monitor', 'none', '-no-reboot', '-serial', 'stdio'];
  const results = ['-chardev', `file,id=results,path=${archive}`];
  const words = ['--kill-after=5', String(seconds), ...command, ...headless, ...results, ...options];
  const emulator = spawn('timeout', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  // Which it hands on.
  const stop = onTeardown(() => emulator.kill('SIGTERM'));
  let output = '';
  for (const stream of [emulator.stdout, emulator.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(text);
    });
  return new Promise(resolve => {
    emulator.once('close', exit => {
      stop();
      resolve([exit, output]);
    });
  });
}

/** The text files of an archive; none where the machine has not written one. */
function unpackResults(archive: string, folder: string): Map<string, string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  attempt(['tar', '-xf', archive, '-C', folder]);
  return new Map(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}
