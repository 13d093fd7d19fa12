import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { cached, debianKernel, type KernelChoice, withDebianArchive } from '@weir/lab';
import type { System } from './system.js';

/** The last release that runs on MIPS. */
const RELEASE = 'bookworm';

/** The shell, and nft with the libraries that it is linked with. */
const PACKAGES = [
  'busybox-static',
  'nftables',
  ...['libc6', 'libedit2', 'libtinfo6', 'libbsd0', 'libmd0'],
  ...['libnftables1', 'libnftnl11', 'libmnl0', 'libxtables12', 'libjansson4', 'libgmp10'],
];
/** Where these are, in the packages and on the router. */
const PARTS = ['bin', 'lib', 'usr/lib', 'usr/sbin'];

/** What tracks and translates connections, and what crc32c is for there. */
const MODULES = ['crc32c_generic', 'veth', 'nf_conntrack_netlink', 'nft_ct', 'nft_chain_nat', 'nft_masq'];

const COPY = { recursive: true, verbatimSymlinks: true };

/** Kernel and programs of Debian. */
export async function debianSystem(choice: KernelChoice, modules: readonly string[]): Promise<System> {
  const kernel = await debianKernel(RELEASE, choice);
  const programs = await cached(join('routers', `${RELEASE}-${choice.architecture}`), folder =>
    withDebianArchive(RELEASE, choice.architecture, archive => archive.unpack(PACKAGES, folder)),
  );
  return {
    image: kernel.image,
    options: '',
    layOut: root => {
      for (const part of PARTS) {
        if (existsSync(join(programs, part))) cpSync(join(programs, part), join(root, part), COPY);
      }
      return layOutModules(root, kernel.modules, kernel.version, [...modules, ...MODULES]);
    },
  };
}

/** Copies modules and what they need to the router. @returns their files there, in the order in which they are to be loaded */
function layOutModules(root: string, from: string, version: string, names: readonly string[]): string[] {
  // modprobe looks for them below a root, in a folder of that name.
  const all = mkdtempSync(join(tmpdir(), 'weir-modules-'));
  try {
    cpSync(from, join(all, 'lib/modules', version), COPY);
    execFileSync('depmod', ['-b', all, version]);
    const command = ['-d', all, '-S', version, '--show-depends', '-a', ...names];
    const said = execFileSync('modprobe', command, { encoding: 'utf8' });
    const files = [...new Set([...said.matchAll(/^insmod (\S+)/gm)].map(([, file]) => file!))];
    mkdirSync(join(root, 'lib/modules'), { recursive: true });
    return files.map(file => {
      const place = join('lib/modules', basename(file));
      cpSync(file, join(root, place));
      return `/${place}`;
    });
  } finally {
    rmSync(all, { recursive: true });
  }
}
