import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A kind of router, as the compiler and the emulator name it. */
export interface Target {
  readonly name: string;
  /** Of the compiler; also where it links, because without them it would link for processors with floating point. */
  readonly flags: readonly string[];
  /** The engine's bytecode is in the target's order of octets. */
  readonly bigEndian: boolean;
  /** The emulator of its programs, and what it needs to be told. */
  readonly emulator: readonly string[];
}

/**
 * One target for each kind of processor that OpenWrt runs on in numbers. The C library is linked in, so that a program depends on nothing but
 * the kernel. ARMv7 is without floating point, because some of these have none (Cortex-A9 of bcm53xx).
 */
export const TARGETS: readonly Target[] = [
  target('mips', 'mips-linux-musl', 'mips32r2+soft_float', true),
  target('mipsel', 'mipsel-linux-musl', 'mips32r2+soft_float'),
  target('armv7', 'arm-linux-musleabi', 'cortex_a9+soft_float-neon-vfp3-vfp2', false, 'arm'),
  target('aarch64', 'aarch64-linux-musl', 'generic'),
  target('x86_64', 'x86_64-linux-musl', 'x86_64'),
];

function target(name: string, triple: string, processor: string, bigEndian = false, emulated = name): Target {
  const isMips = name.startsWith('mips');
  const emulator = [`qemu-${emulated}`, ...(isMips ? ['-cpu', '24Kc'] : [])];
  // Code that may lie anywhere takes this processor an instruction in forty more, and a tenth of room, for which a program has no use.
  const fixed = isMips ? ['-fno-pic', '-mno-abicalls'] : [];
  return { name, flags: ['-target', triple, `-mcpu=${processor}`, ...fixed], bigEndian, emulator };
}

/**
 * No kind of router of ours, but one that runs on this machine: with words of 32 bits, as ARMv7 and MIPS have, and so with about as much memory.
 */
export const NARROW = target('x86', 'x86-linux-musl', 'i686', false, 'i386');

export const repository = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** Where programs are left, each target's in a folder of its own. */
export const outputFolder = join(repository, 'build', 'router');

/** Why nothing can be run for the target here, undefined where it can. */
export function notRunnable({ name, emulator: [emulator] }: Target): string | undefined {
  if (!existsSync(join(outputFolder, name, 'weir-run'))) return `not built for ${name}: npm run build:router`;
  if (spawnSync(emulator!, ['--version']).status !== 0) return `no command "${emulator}" (Debian package qemu-user)`;
  return undefined;
}

/** @throws Error where there is no such target */
export function targetsNamed(names: readonly string[]): readonly Target[] {
  const all = [...TARGETS, NARROW];
  if (names.length === 0) return all;
  return names.map(name => {
    const found = all.find(target => target.name === name);
    if (found === undefined) throw new Error(`no target "${name}": there are ${all.map(each => each.name).join(', ')}`);
    return found;
  });
}
