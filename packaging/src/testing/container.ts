import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.js';
import { debianRoot } from './debian-root.js';
import { type Recipe, readRecipe } from './recipe.js';

const ENVIRONMENT = ['env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
/** As container engines leave it: nothing can be written but the volumes and /tmp, and in /proc nothing of the kernel can be set. */
const BEGIN = `set -e
mount --make-rprivate /
mount --bind "$0" "$0"
for each in $VOLUMES; do mount --bind "$0$each" "$0$each"; done
mount -o remount,bind,ro "$0"
mount -t tmpfs tmpfs "$0/tmp"
mount -t proc proc "$0/proc"
mount --bind "$0/proc/sys" "$0/proc/sys"
mount -o remount,bind,ro "$0/proc/sys"
ip link set lo up
exec "$@"`;

/**
 * What a recipe comes to, without an engine: its steps in a Debian that has Node.js, and its command in namespaces of its own, by its user with
 * no capabilities but those given.
 */
export class Container {
  readonly recipe: Recipe;
  readonly root = join(mkdtempSync(join(tmpdir(), 'weir-container-')), 'root');
  #said = '';
  #process: ChildProcess | undefined;

  constructor(name: string) {
    this.recipe = readRecipe(name);
  }

  /** @param packages folder that is built from */
  async build(packages: string): Promise<void> {
    await debianRoot(this.root);
    mkdirSync(join(this.root, 'packages'));
    for (const command of this.recipe.run) {
      const script = `mount --bind ${packages} ${this.root}/packages && exec chroot ${this.root} ${ENVIRONMENT.join(' ')} sh -ec "$0"`;
      run(['unshare', '--mount', 'sh', '-c', script, command]);
    }
  }

  /** @param capabilities as setpriv names them, such as "net_admin" */
  start(capabilities: readonly string[] = []): void {
    const bounding = ['-all', ...capabilities.map(name => `+${name}`)].join(',');
    const { user, command } = this.recipe;
    const who = ['setpriv', '--reuid', user, '--regid', user, '--init-groups'];
    const rights = ['--bounding-set', bounding, '--inh-caps', '-all', '--no-new-privs'];
    const namespaces = ['--net', '--mount', '--pid', '--ipc', '--fork', '--kill-child'];
    const whole = ['chroot', this.root, ...ENVIRONMENT, ...who, ...rights, ...command];
    this.#process = spawn('unshare', [...namespaces, 'sh', '-c', BEGIN, this.root, ...whole], {
      env: { ...process.env, VOLUMES: this.recipe.volumes.join(' ') },
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.setEncoding('utf8').on('data', text => (this.#said += text));
  }

  get said(): string {
    return this.#said;
  }

  /** What a line of /proc/PID/status says of the command. */
  status(name: string): string {
    const text = readFileSync(`/proc/${this.#first}/status`, 'utf8');
    return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)![1]!;
  }

  /** A command in its namespaces and its root. @throws Error where it fails */
  run(...command: string[]): string {
    const root = ['chroot', this.root, ...ENVIRONMENT];
    return run(['nsenter', '-t', String(this.#first), '--net', '--mount', '--pid', ...root, ...command]);
  }

  async end(): Promise<void> {
    if (this.#process !== undefined && this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit');
      process.kill(this.#first, 'SIGTERM');
      await ended;
    }
    rmSync(join(this.root, '..'), { recursive: true, force: true });
  }

  get #first(): number {
    const { pid } = this.#process!;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  }
}
