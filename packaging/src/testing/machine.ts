import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../run.js';
import { debianRoot } from './debian-root.js';

/**
 * What makes a folder the root of a system of its own and starts its service manager there: the file systems that it expects
 * (systemd.io, "The Container Interface"), and no device but those of no hardware.
 */
const BOOT = `set -e
mount --make-rprivate /
mount --bind "$0" "$0"
cd "$0"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs dev
for each in null zero full random urandom tty; do touch dev/$each; mount --bind /dev/$each dev/$each; done
mkdir dev/pts dev/shm old
mount -t devpts devpts dev/pts -o newinstance,ptmxmode=0666
ln -s pts/ptmx dev/ptmx
pivot_root . old
umount -l old
rmdir old
exec env -i container=weir PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin /lib/systemd/systemd systemd.unified_cgroup_hierarchy=1 >/dev/null 2>&1`;

/** Debian with systemd as its first process, in namespaces of its own: a machine on the kernel of this one, without a network. */
export class DebianMachine {
  readonly root = join(mkdtempSync(join(tmpdir(), 'weir-machine-')), 'root');
  #process: ChildProcess | undefined;
  #first = 0;

  /** @throws Error where the system is not up in a minute */
  async start(): Promise<void> {
    await debianRoot(this.root);
    const namespaces = ['--pid', '--mount', '--net', '--uts', '--ipc', '--cgroup'];
    this.#process = spawn('unshare', [...namespaces, '--fork', '--kill-child', 'bash', '-c', BOOT, this.root], {
      stdio: 'inherit',
    });
    for (let second = 0; second < 60; second++) {
      await sleep(1000);
      try {
        this.#first = Number(
          readFileSync(`/proc/${this.#process.pid}/task/${this.#process.pid}/children`, 'utf8').trim(),
        );
        if (/running|degraded/.test(this.run('systemctl is-system-running || true'))) {
          this.run('ip link set lo up');
          return;
        }
      } catch {
        // It is not that far.
      }
    }
    throw new Error('systemd does not come up in namespaces of its own');
  }

  /** What a command in there writes. @throws Error where it fails */
  run(command: string): string {
    return run([
      'nsenter',
      '-t',
      String(this.#first),
      '--all',
      '--root',
      '--wd',
      'env',
      '-i',
      PATH,
      'sh',
      '-c',
      command,
    ]);
  }

  async end(): Promise<void> {
    if (this.#process !== undefined && this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    rmSync(join(this.root, '..'), { recursive: true, force: true });
  }
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
