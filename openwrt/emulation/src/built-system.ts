import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cached, withDebianArchive } from '@weir/lab';
import { digest } from '../../build/dist/checksum.js';
import { run } from '../../build/dist/command.js';
import type { System } from './system.js';

/** Whose sources are built: kernel 6.1, busybox 1.35, and iptables 1.8.9: the sources of nft are not to be had everywhere. */
const RELEASE = 'bookworm';
const KERNEL = 'linux-source-6.1';

const MAKE = ['-s', `-j${availableParallelism()}`, 'ARCH=mips', 'CROSS_COMPILE=mips-linux-gnu-'];

/**
 * Kernel, shell and firewall for big-endian MIPS, which Debian has left: built of Debian's sources, which takes some minutes, and kept in the user's cache
 * folder.
 *
 * @param config of the kernel: what is on
 */
export async function builtSystem(config: string): Promise<System> {
  const wanted = readFileSync(config, 'utf8');
  const kernel = await cached(`router/kernel-mips-${digest(`${KERNEL} ${wanted}`)}`, folder =>
    buildKernel(folder, config),
  );
  const shell = await cached('router/busybox-mips', buildShell);
  const firewall = await cached('router/iptables-mips', buildFirewall);
  return {
    image: join(kernel, 'vmlinux'),
    // Translation alone would make it track IPv4 only.
    options: 'nf_conntrack.enable_hooks=1',
    layOut: root => {
      mkdirSync(join(root, 'bin'), { recursive: true });
      copyFileSync(join(shell, 'busybox'), join(root, 'bin/busybox'));
      mkdirSync(join(root, 'usr/sbin'), { recursive: true });
      copyFileSync(join(firewall, 'iptables'), join(root, 'usr/sbin/iptables'));
      return [];
    },
  };
}

async function buildKernel(folder: string, config: string): Promise<void> {
  console.log('building a kernel for big-endian MIPS: some minutes, once ...');
  const source = join(folder, 'source');
  withDebianArchive(RELEASE, 'amd64', archive => archive.unpack([KERNEL], join(folder, 'package')));
  mkdirSync(source);
  const packed = join(folder, 'package/usr/src', `${KERNEL}.tar.xz`);
  await run('tar', ['-xf', packed, '-C', source, '--strip-components=1']);
  const make = (...words: string[]) => run('make', ['-C', source, ...MAKE, ...words]);
  await make(`KCONFIG_ALLCONFIG=${config}`, 'allnoconfig');
  await make('vmlinux');
  await run('mips-linux-gnu-strip', [join(source, 'vmlinux'), '-o', join(folder, 'vmlinux')]);
  for (const each of ['source', 'package']) rmSync(join(folder, each), { recursive: true });
}

async function buildShell(folder: string): Promise<void> {
  const source = join(folder, 'source');
  mkdirSync(source);
  withDebianArchive(RELEASE, 'amd64', archive => archive.unpackSource('busybox', source));
  const make = (...words: string[]) => run('make', ['-C', source, ...MAKE, ...words]);
  await make('defconfig');
  // Linked with all that it needs; tc refers to what newer kernels no longer have.
  const edits = ['s/^# CONFIG_STATIC is not set/CONFIG_STATIC=y/', 's/^CONFIG_TC=y/# CONFIG_TC is not set/'];
  await run('sed', ['-i', edits.join(';'), join(source, '.config')]);
  await make('busybox');
  copyFileSync(join(source, 'busybox'), join(folder, 'busybox'));
  rmSync(source, { recursive: true });
}

async function buildFirewall(folder: string): Promise<void> {
  const source = join(folder, 'source');
  mkdirSync(source);
  withDebianArchive(RELEASE, 'amd64', archive => archive.unpackSource('iptables', source));
  const how = [
    '--host=mips-linux-gnu',
    '--disable-nftables',
    '--disable-connlabel',
    '--enable-static',
    '--disable-shared',
  ];
  await run('sh', ['-c', 'cd "$0" && ./configure -q "$@"', source, ...how]);
  await run('make', ['-C', source, '-s', `-j${availableParallelism()}`, 'LDFLAGS=-all-static']);
  await run('mips-linux-gnu-strip', [join(source, 'iptables/xtables-legacy-multi'), '-o', join(folder, 'iptables')]);
  rmSync(source, { recursive: true });
}
