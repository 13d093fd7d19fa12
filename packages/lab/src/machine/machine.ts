import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTeardown } from '../run/teardown.js';
import { writeArchive } from './cpio.js';
import type { DebianKernel } from './debian-kernel.js';
import { emulate, type OrderOutcome } from './emulator.js';
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

/** The machine's clock does not care when it runs, so it takes only the time that nobody else wants: SCHED_IDLE of sched(7). */
const whenIdle = ['chrt', '--idle', '0'];

/** Why this machine cannot emulate one with a kernel of Debian, undefined where it can. */
export function noMachine(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the emulated machine needs Linux on x86-64';
  const commands = ['qemu-system-x86_64', 'chrt', 'timeout', 'apt-get', 'dpkg', 'depmod', 'tar'];
  const absent = commands.find(command => whereIs(command) === undefined);
  return absent === undefined ? undefined : `no command "${absent}" for the emulated machine`;
}

/** Why a test that belongs into an emulated machine does not run here; undefined in one. */
export function notInMachine(): string | undefined {
  return process.env.WEIR_MACHINE === 'emulated' ? undefined : 'runs in an emulated machine only: npm run test:kernel';
}

/**
 * An emulated machine with a kernel of Debian. Each order finds it as new. Unless another system is laid out in it, it has this machine's
 * programs, and Weir in /weir; another one has to carry out /order and leave $RESULTS as this one does (system.ts).
 */
export class EmulatedMachine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'weir-machine-'));
  readonly #remove = onTeardown(() => rmSync(this.#folder, { recursive: true, force: true }));
  readonly #root = join(this.#folder, 'root');

  constructor(
    readonly kernel: DebianKernel,
    layOut: (root: string, kernel: DebianKernel) => void = layOutSystem,
  ) {
    mkdirSync(this.#root);
    layOut(this.#root, kernel);
  }

  /**
   * Boots the machine and runs a shell script in it. What it writes comes by `onOutput` as it is written. Throws a WeirError
   * when the machine does not come to an end within `seconds` of this machine's time, or ends otherwise.
   */
  carryOut(script: string, seconds: number, onOutput?: (text: string) => void): Promise<OrderOutcome> {
    writeFileSync(join(this.#root, 'order'), script);
    writeArchive(join(this.#folder, 'initramfs'), this.#root);
    const command = [...whenIdle, 'qemu-system-x86_64'];
    return emulate(this.#folder, { command, options: this.#options(), seconds, onOutput });
  }

  close(): void {
    this.#remove();
  }

  #options(): string[] {
    return [
      ...clock,
      ...['-cpu', 'max', '-m', String(memoryMegabytes), '-nic', 'none'],
      ...['-serial', 'chardev:results'],
      ...['-kernel', this.kernel.image, '-initrd', join(this.#folder, 'initramfs')],
      ...['-append', 'console=ttyS0 quiet panic=-1'],
    ];
  }
}
