import { chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../run/command.js';
import type { DebianKernel } from './debian-kernel.js';
import { copyLibraries, copyLibrary, copyProgram, whereIs } from './programs.js';

const repository = dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))));

/** What the order, the tests and the probe run. */
const programs = [
  ...['sh', 'mount', 'cat', 'ls', 'cp', 'rm', 'mkdir', 'sleep', 'stty', 'tar', 'env', 'ps', 'grep', 'setsid', 'sysctl'],
  ...['modprobe', 'node', 'ip', 'tc', 'nft', 'conntrack', 'ping', 'setpriv', 'dumpcap', 'tshark'],
];
/** Loaded by name while a program runs, so that no program tells of it: the kernel meter's loader. */
const libraries = ['libbpf.so.1'];
/**
 * What nothing in there needs, because all of it has to fit into memory: the store's engine, what only checks and builds, and what
 * people and compilers read.
 */
const leftOut =
  /^(@chdb|@biomejs|typescript|playwright-core|svelte-check|web|\.cache|.*\.(d\.[cm]?ts|d\.[cm]?ts\.map|md))$/;
/** Kinds of modules that a machine without a disk and a network card has no use for. */
const modulesLeftOut = /^(fs|sound|gpu|scsi|nvme|infiniband|ethernet|virt|hv|md)$/;

/** Files of /etc that programs look into. */
const settings = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n',
  group: 'root:x:0:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
};

/**
 * Starts the system, carries out the order and writes what is in $RESULTS, with the order's exit status, to the second serial line.
 * Conntrack is there from the start, as it is on a machine with a firewall, with its netlink, whose types the kernel meter's programs
 * refer to; all other modules load when something asks for them.
 */
const init = `#!/bin/sh
export PATH=/usr/bin HOME=/root NO_COLOR=1 CI=1 TERM=dumb WEIR_MACHINE=emulated
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
mkdir -p /dev/shm /tmp/results
mount -t tmpfs shm /dev/shm
modprobe -a nf_conntrack nf_conntrack_netlink
ip link set lo up
cd /weir
{ RESULTS=/tmp/results sh /order; echo $? > /tmp/results/status; } 2>&1 | cat
stty -F /dev/ttyS1 raw
tar -cf /dev/ttyS1 -C /tmp/results .
echo o > /proc/sysrq-trigger
sleep 60
`;

/** Lays the system of the emulated machine into the empty folder `root`: this machine's programs, that kernel's modules, Weir. */
export function layOutSystem(root: string, kernel: DebianKernel): void {
  for (const folder of ['usr/bin', 'usr/lib', 'usr/lib64', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'root'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const [link, target] of [['bin', 'usr/bin'] as const, ['sbin', 'usr/bin'] as const, ['lib', 'usr/lib'] as const])
    symlinkSync(target, join(root, link));
  symlinkSync('usr/lib64', join(root, 'lib64'));
  symlinkSync('bin', join(root, 'usr/sbin'));
  for (const program of programs) if (whereIs(program) !== undefined) copyProgram(root, program);
  for (const library of libraries) copyLibrary(root, library);
  for (const [name, text] of Object.entries(settings)) writeFileSync(join(root, 'etc', name), text);
  layOutModules(root, kernel);
  layOutWeir(root);
  writeFileSync(join(root, 'init'), init);
  chmodSync(join(root, 'init'), 0o755);
}

/** The kernel's modules, as far as a machine without hardware has a use for them, as modprobe looks for them. */
export function layOutModules(root: string, kernel: DebianKernel): void {
  cpSync(kernel.modules, join(root, 'usr/lib/modules', kernel.version), {
    recursive: true,
    filter: source => !modulesLeftOut.test(basename(source)),
  });
  run(['depmod', '-b', root, kernel.version]);
}

function layOutWeir(root: string): void {
  const filter = (source: string): boolean => !leftOut.test(basename(source));
  for (const part of [
    'node_modules',
    'packages',
    'tools/dist',
    'package.json',
    'vitest.config.ts',
    'tsconfig.base.json',
  ])
    cpSync(join(repository, part), join(root, 'weir', part), { recursive: true, verbatimSymlinks: true, filter });
  for (const file of readdirSync(join(root, 'weir/node_modules'), { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.node')) copyLibraries(root, join(root, 'weir/node_modules', file));
}
