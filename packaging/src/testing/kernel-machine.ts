import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type DebianKernel, layOutModules, withDebianArchive } from '@weir/lab';
import { run } from '../run.js';
import { debianRoot } from './debian-root.js';

const RELEASE = 'bookworm';

/** What an archive of an initramfs does not keep: whose files are. */
const INIT = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin
chown -R weir-probe:weir-probe /etc/weir-probe
exec /lib/systemd/systemd
`;

/** Carries out the order once the probe has started, or has failed to, and switches off. */
const ORDER = `[Unit]
After=weir-probe.service

[Service]
Type=oneshot
Environment=RESULTS=/run/results
StandardOutput=file:/dev/ttyS0
StandardError=inherit
ExecStart=sh -c 'mkdir $RESULTS; sh /order; echo $? > $RESULTS/status; stty -F /dev/ttyS1 raw; tar -cf /dev/ttyS1 -C $RESULTS .; echo o > /proc/sysrq-trigger; sleep 60'
`;
const UNITS = 'etc/systemd/system';

/** What is of no use there, because all of it has to fit into memory. */
const LEFT_OUT = [
  'var/cache/apt',
  'var/lib/apt/lists',
  'usr/share/doc',
  'usr/share/locale',
  'usr/share/man',
  'usr/local/lib/node_modules',
];

/** Debian with systemd, a package of Weir's and the modules of a kernel: for an emulated machine. @returns what lays it out in there */
export async function systemWith(file: string, folder: string): Promise<(root: string, kernel: DebianKernel) => void> {
  await debianRoot(folder);
  cpSync(file, join(folder, 'weir.deb'));
  run(['chroot', folder, 'env', '-i', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin', 'dpkg', '-i', '/weir.deb']);
  for (const path of ['weir.deb', ...LEFT_OUT]) rmSync(join(folder, path), { recursive: true });
  await putModprobe(folder);
  writeFileSync(join(folder, 'init'), INIT);
  chmodSync(join(folder, 'init'), 0o755);
  put(folder, 'order.service', ORDER);
  mkdirSync(join(folder, UNITS, 'multi-user.target.wants'), { recursive: true });
  symlinkSync('../order.service', join(folder, UNITS, 'multi-user.target.wants/order.service'));
  // There are no devices to wait for.
  symlinkSync('/dev/null', join(folder, UNITS, 'serial-getty@ttyS0.service'));
  writeFileSync(join(folder, 'etc/modules-load.d/conntrack.conf'), 'nf_conntrack\nnf_conntrack_netlink\n');
  return (root, kernel) => {
    run(['cp', '-a', `${folder}/.`, root]);
    layOutModules(root, kernel);
  };
}

/** Puts a file of systemd's into the system. */
export function put(folder: string, name: string, text: string): void {
  const file = join(folder, UNITS, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

/** The smallest Debian has none, because it does without modules. */
async function putModprobe(folder: string): Promise<void> {
  const kmod = await cached(join('roots', `${RELEASE}-kmod`), unpacked =>
    withDebianArchive(RELEASE, 'amd64', archive => archive.unpack(['kmod'], unpacked)),
  );
  cpSync(join(kmod, 'bin/kmod'), join(folder, 'usr/bin/kmod'));
  symlinkSync('../bin/kmod', join(folder, 'usr/sbin/modprobe'));
}
