import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openwrt } from '../packages.js';

const BUSYBOX = '/bin/busybox';
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Why there can be no root file system here, undefined where there can. */
export function whyNoRootfs(): string | undefined {
  if (process.getuid?.() !== 0) return 'a root file system of its own needs root';
  return existsSync(BUSYBOX) ? undefined : `no ${BUSYBOX} (Debian: busybox-static)`;
}

/** The root file system of a router that does not exist: busybox, and stand-ins for OpenWrt's scripts. */
export class Rootfs {
  readonly folder = mkdtempSync(join(tmpdir(), 'weir-rootfs-'));

  constructor() {
    for (const name of ['bin', 'dev', 'proc', 'tmp', 'usr/sbin', 'var/log', 'var/run'])
      mkdirSync(join(this.folder, name), { recursive: true });
    cpSync(join(openwrt, 'weir-probe/testing/rootfs'), this.folder, { recursive: true });
    copyFileSync(BUSYBOX, join(this.folder, 'bin/busybox'));
    execFileSync('chroot', [this.folder, '/bin/busybox', '--install', '/bin']);
    chmodSync(join(this.folder, 'tmp'), 0o1777);
    this.write('dev/null', '');
  }

  /** Runs a command in there. @returns what it writes @throws Error where it fails */
  run(command: string): string {
    const { status, stdout, stderr } = spawnSync('chroot', [this.folder, '/bin/sh', '-c', command], {
      encoding: 'utf8',
      env: { PATH },
      timeout: 20_000,
    });
    if (status !== 0) throw new Error(`${command}: status ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Whether a command succeeds in there. */
  succeeds(command: string): boolean {
    return (
      spawnSync('chroot', [this.folder, '/bin/sh', '-c', command], { env: { PATH }, timeout: 20_000 }).status === 0
    );
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  write(path: string, content: string | Uint8Array): void {
    writeFileSync(join(this.folder, path), content);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
