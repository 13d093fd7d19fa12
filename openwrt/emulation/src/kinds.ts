import type { KernelChoice } from '@weir/lab';

/** A kind of router as it is emulated. */
export interface Kind {
  /** As `npm run build:router` names it. */
  readonly name: string;
  readonly emulator: string;
  /** Programs and files that it needs besides what every machine for tests has, with the Debian packages that have them. */
  readonly programs: Readonly<Record<string, string>>;
  /** The board. */
  readonly options: readonly string[];
  readonly console: string;
  /** The device in there whose other end is the chardev "results". */
  readonly resultsLine: string;
  /** Debian's kernel and programs; undefined where Debian has none, and both are built here. */
  readonly debian?: KernelChoice;
  /** Modules of the board's: its network card. */
  readonly modules: readonly string[];
}

const malta = {
  options: ['-M', 'malta', '-cpu', '24Kf', '-m', '128', '-serial', 'chardev:results', '-nic', 'user,model=pcnet'],
  console: 'ttyS0',
  resultsLine: '/dev/ttyS1',
  modules: ['pcnet32'],
};

/** The first is what every run of the tests emulates. */
export const KINDS: readonly Kind[] = [
  {
    name: 'aarch64',
    emulator: 'qemu-system-aarch64',
    programs: { 'qemu-system-aarch64': 'qemu-system-arm' },
    options: [
      ...['-M', 'virt', '-cpu', 'cortex-a53', '-m', '256', '-device', 'pci-serial,chardev=results'],
      ...['-nic', 'user,model=virtio-net-pci'],
    ],
    console: 'ttyAMA0',
    resultsLine: '/dev/ttyS0',
    debian: { architecture: 'arm64', metaPackage: 'linux-image-cloud-arm64' },
    modules: ['virtio_pci', 'virtio_net'],
  },
  {
    ...malta,
    name: 'mipsel',
    emulator: 'qemu-system-mipsel',
    programs: { 'qemu-system-mipsel': 'qemu-system-mips' },
    debian: { architecture: 'mipsel', metaPackage: 'linux-image-4kc-malta' },
  },
  {
    ...malta,
    name: 'mips',
    emulator: 'qemu-system-mips',
    programs: {
      'qemu-system-mips': 'qemu-system-mips',
      'mips-linux-gnu-gcc': 'gcc-mips-linux-gnu',
      '/usr/mips-linux-gnu/lib/libc.a': 'libc6-dev-mips-cross',
      gcc: 'gcc',
      '/usr/include/stdio.h': 'libc6-dev',
      ...{ flex: 'flex', bison: 'bison', bc: 'bc', make: 'make', bzip2: 'bzip2', xz: 'xz-utils' },
    },
  },
];

/** @throws Error where one of them is no kind of router that can be emulated */
export function kindsNamed(names: readonly string[]): readonly Kind[] {
  if (names.length === 0) return KINDS.slice(0, 1);
  return names.map(name => {
    const found = KINDS.find(kind => kind.name === name);
    if (found === undefined)
      throw new Error(`no router "${name}" to emulate: there are ${KINDS.map(each => each.name).join(', ')}`);
    return found;
  });
}
