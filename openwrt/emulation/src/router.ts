import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emulate, type OrderOutcome, whereIs, writeArchive } from '@weir/lab';
import { compiler } from '../../build/dist/compiler.js';
import { targetsNamed } from '../../build/dist/targets.js';
import { ipk } from '../../package/dist/ipk.js';
import { probePackages } from '../../package/dist/packages.js';
import { builtSystem } from './built-system.js';
import { debianSystem } from './debian-system.js';
import type { Kind } from './kinds.js';
import type { System } from './system.js';

/** The same from `src/` (tests) and from `dist/`. */
const openwrt = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const guest = join(openwrt, 'emulation/guest');

/** Where the router sends what it exports: ports of this machine's loopback. */
export interface Collectors {
  readonly udp: number;
  readonly tcp: number;
}

/** The address of this machine, as the emulated network has it. */
const HOST = '10.0.2.2';

/** Why no such router can be emulated here, undefined where it can. */
export function notEmulated({ programs }: Kind): string | undefined {
  const wanted = { ...programs, timeout: 'coreutils', depmod: 'kmod', dpkg: 'dpkg', tar: 'tar' };
  const isHere = (name: string) => (name.startsWith('/') ? existsSync(name) : whereIs(name) !== undefined);
  const absent = Object.entries(wanted).find(([name]) => !isHere(name));
  return absent && `no ${absent[0]} (Debian package ${absent[1]})`;
}

/** Kernel and programs of a kind of router, fetched or built where they are not there yet. */
export async function systemOf({ debian, modules }: Kind): Promise<System> {
  return debian === undefined ? builtSystem(join(guest, 'mips.config')) : debianSystem(debian, modules);
}

/** Boots a router, and has it meter and export what its order says. @returns what it has left */
export async function emulateRouter(
  kind: Kind,
  system: System,
  collectors: Collectors,
  seconds: number,
): Promise<OrderOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-emulated-'));
  try {
    const root = join(folder, 'root');
    await layOutRouter(root, kind, system, collectors);
    writeArchive(join(folder, 'initramfs'), root);
    const append = `console=${kind.console} quiet panic=-1 ${system.options}`;
    const options = ['-kernel', system.image, '-initrd', join(folder, 'initramfs'), '-append', append];
    return await emulate(folder, { command: [kind.emulator], options: [...kind.options, ...options], seconds });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function layOutRouter(root: string, kind: Kind, system: System, { udp, tcp }: Collectors): Promise<void> {
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const modules = system.layOut(root);
  // OpenWrt's surroundings, as far as the package needs them, and what stands in for them in a router that is one.
  for (const from of [join(openwrt, 'weir-probe/testing/rootfs'), join(guest, 'root')])
    cpSync(from, root, { recursive: true });
  for (const name of ['init', 'order']) cpSync(join(guest, name), join(root, name));
  const settings = {
    NOW: Math.floor(Date.now() / 1000),
    RESULTS_LINE: kind.resultsLine,
    OVER_UDP: `udp://${HOST}:${udp}`,
    OVER_TCP: `tcp://${HOST}:${tcp}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(join(root, 'settings'), lines.join(''));
  writeFileSync(join(root, 'modules'), modules.map(file => `${file}\n`).join(''));
  writeFileSync(join(root, 'tmp/weir-probe.ipk'), ipk(probePackages(kind.name)[0]!));
  await buildTraffic(kind, join(root, 'bin/traffic'));
}

async function buildTraffic({ name }: Kind, program: string): Promise<void> {
  const compile = await compiler();
  const [target] = targetsNamed([name]);
  const how = [...target!.flags, '-Os', '-static', '-s', '-Wall', '-Wextra', '-Werror'];
  await compile([...how, join(guest, 'traffic.c'), '-o', program]);
}
