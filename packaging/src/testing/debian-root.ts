import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archiveOfDebian, cached } from '@weir/lab';
import { run } from '../run.js';

const RELEASE = 'bookworm';
/** Besides what every Debian has: a service manager, and what looks at it. */
const PACKAGES = ['systemd', 'systemd-sysv', 'dbus', 'iproute2', 'procps', 'nftables'];
/** Where npm is beside the Node.js that this process runs on. */
const NPM = 'lib/node_modules/npm';

/** Debian with a service manager, Node.js and nothing else, in a folder of its own. */
export async function debianRoot(folder: string): Promise<void> {
  run(['cp', '-a', await cached(join('roots', RELEASE), fill), folder]);
}

function fill(folder: string): void {
  const included = `--include=${PACKAGES.join(',')}`;
  run(['debootstrap', '--variant=minbase', included, RELEASE, folder, archiveOfDebian()]);
  const prefix = dirname(dirname(process.execPath));
  cpSync(process.execPath, join(folder, 'usr/local/bin/node'));
  cpSync(join(prefix, NPM), join(folder, 'usr/local', NPM), { recursive: true });
  run(['ln', '-s', `../${NPM}/bin/npm-cli.js`, join(folder, 'usr/local/bin/npm')]);
  run(['chmod', '755', folder]);
}
