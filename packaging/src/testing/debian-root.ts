import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../run.js';

const RELEASE = 'bookworm';
/** Besides what every Debian has: a service manager, and what looks at it. */
const PACKAGES = ['systemd', 'systemd-sysv', 'dbus', 'iproute2', 'procps', 'nftables'];
/** Where npm is beside the Node.js that this process runs on. */
const NPM = 'lib/node_modules/npm';

/**
 * Debian with a service manager, Node.js and nothing else, in a folder of its own. It comes from where this machine's apt gets its
 * packages, once, and is kept in the user's cache folder.
 */
export function debianRoot(folder: string): void {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir', 'roots', RELEASE);
  if (!existsSync(cache)) fetchInto(cache);
  run(['cp', '-a', cache, folder]);
}

function fetchInto(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(join(dirname(folder), '.unfinished-'));
  try {
    run([
      'debootstrap',
      '--variant=minbase',
      `--include=${PACKAGES.join(',')}`,
      RELEASE,
      unfinished,
      archiveOfDebian(),
    ]);
    const prefix = dirname(dirname(process.execPath));
    cpSync(process.execPath, join(unfinished, 'usr/local/bin/node'));
    cpSync(join(prefix, NPM), join(unfinished, 'usr/local', NPM), { recursive: true });
    run(['ln', '-s', `../${NPM}/bin/npm-cli.js`, join(unfinished, 'usr/local/bin/npm')]);
    run(['chmod', '755', unfinished]);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Where this machine's apt gets Debian's main archive from. */
function archiveOfDebian(): string {
  const format = '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)';
  const targets = run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const found = /^Debian Debian main (\S+)$/m.exec(targets)?.[1];
  if (found === undefined) throw new Error("this machine's apt knows no archive of Debian: apt-get update");
  return found;
}
