import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import { attempt } from '../run/command.js';
import { onTeardown } from '../run/teardown.js';
import { writeArchive } from './cpio.js';
import type { DebianKernel } from './debian-kernel.js';
import { whereIs } from './programs.js';
import { layOutSystem } from './system.js';

/** The system lies in memory, twice while it is unpacked. */
const memoryMegabytes = 2000;

/**
 * The machine's time is the number of its instructions, two nanoseconds each, and waiting takes none: what it does depends on nothing
 * else that this machine has to do, its CPU times are counts of instructions, and a test that waits a minute is over at once.
 * One CPU, because the emulator can count those of one only; no disk, because time would fly while that one works.
 */
const clock = ['-accel', 'tcg', '-icount', 'shift=1,sleep=off', '-rtc', 'clock=vm', '-smp', '1'];

/** Why this machine cannot emulate one with a kernel of Debian, undefined where it can. */
export function noMachine(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the emulated machine needs Linux on x86-64';
  const commands = ['qemu-system-x86_64', 'chrt', 'apt-get', 'dpkg', 'depmod', 'tar'];
  const absent = commands.find(command => whereIs(command) === undefined);
  return absent === undefined ? undefined : `no command "${absent}" for the emulated machine`;
}

/** Why a test that belongs into an emulated machine does not run here; undefined in one. */
export function notInMachine(): string | undefined {
  return process.env.WEIR_MACHINE === 'emulated' ? undefined : 'runs in an emulated machine only: npm run test:kernel';
}

/** How an order ended: exit status, what it left in $RESULTS (text, by name), what it wrote. */
export interface OrderOutcome {
  status: number;
  results: Map<string, string>;
  output: string;
}

/** An emulated machine with a kernel of Debian, this machine's programs, and Weir in /weir. Each order finds it as new. */
export class EmulatedMachine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'weir-machine-'));
  readonly #remove = onTeardown(() => rmSync(this.#folder, { recursive: true, force: true }));
  readonly #root = join(this.#folder, 'root');

  constructor(readonly kernel: DebianKernel) {
    mkdirSync(this.#root);
    layOutSystem(this.#root, kernel);
  }

  /**
   * Boots the machine and runs a shell script in it, in /weir. What it writes comes by `onOutput` as it is written. Throws a WeirError
   * when the machine does not come to an end within `seconds` of this machine's time, or ends otherwise.
   */
  async carryOut(script: string, seconds: number, onOutput: (text: string) => void = () => {}): Promise<OrderOutcome> {
    writeFileSync(join(this.#root, 'order'), script);
    writeArchive(join(this.#folder, 'initramfs'), this.#root);
    const output = await emulate(this.#options(), seconds, onOutput);
    const results = unpackResults(join(this.#folder, 'results'), join(this.#folder, 'unpacked'));
    const status = results.get('status');
    if (status === undefined)
      throw new WeirError(`the emulated machine ended before its order did:\n${output.slice(-4000)}`);
    return { status: Number(status), results, output };
  }

  close(): void {
    this.#remove();
  }

  #options(): string[] {
    return [
      ...clock,
      ...[
        '-cpu',
        'max',
        '-m',
        String(memoryMegabytes),
        '-no-reboot',
        '-nic',
        'none',
        '-display',
        'none',
        '-monitor',
        'none',
      ],
      ...['-serial', 'stdio', '-serial', `file:${join(this.#folder, 'results')}`],
      ...['-kernel', this.kernel.image, '-initrd', join(this.#folder, 'initramfs')],
      ...['-append', 'console=ttyS0 quiet panic=-1'],
    ];
  }
}

/** The machine's clock does not care when it runs, so it takes only the time that nobody else wants: SCHED_IDLE of sched(7). */
function emulate(options: readonly string[], seconds: number, onOutput: (text: string) => void): Promise<string> {
  const command = ['--idle', '0', 'qemu-system-x86_64', ...options];
  const emulator = spawn('chrt', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = onTeardown(() => emulator.kill('SIGKILL'));
  let output = '';
  for (const stream of [emulator.stdout, emulator.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(text);
    });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new WeirError(`the emulated machine had not ended after ${seconds} s:\n${output.slice(-4000)}`));
    }, seconds * 1000);
    emulator.once('close', () => {
      clearTimeout(timer);
      stop();
      resolve(output);
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
