import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { labEnvironment } from '../run/mark.js';
import { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { repository } from './documented.js';

/**
 * What is not run as it is written, and what is in its place. The addresses of a repository and of hosts on the Internet are not there in a test,
 * nor is sudo for somebody who is root.
 */
export const standIns: Readonly<Record<string, string>> = {
  git: 'clone lays this repository, as it is built, below the folder: what is written there is not written here',
  sudo: 'runs the command',
};

const scripts = (stage: string): Record<string, string> => ({
  git: `[ "$1" = clone ] || exit 64
for target; do :; done
mkdir -p ${stage}/changes ${stage}/work "$target"
exec mount -t overlay overlay -o lowerdir=${repository.replace(/\/$/, '')},upperdir=${stage}/changes,workdir=${stage}/work "$target"`,
  sudo: 'exec "$@"',
});

/** What a command came to: what it printed on either output. */
export interface Result {
  readonly status: number;
  readonly output: string;
}

/** A machine for one page: a network namespace, with folders for services and a home of its own that nothing is in. */
export class Terminal {
  /** Those that go on until somebody presses Ctrl-C. */
  readonly #services: LabProcess[] = [];
  readonly #shell: ChildProcess;
  readonly #used: string;
  #output = '';
  #asked = 0;

  private constructor(
    readonly machine: Namespace,
    readonly holder: LabProcess,
    stage: string,
    outside: string,
  ) {
    this.#used = join(outside, 'used');
    const [file, ...args] = this.#inside(['bash', '--noprofile', '--norc']);
    const env = {
      ...labEnvironment(),
      HOME: `${stage}/home`,
      PATH: `${outside}/bin:${process.env.PATH}:/usr/sbin:/sbin`,
    };
    this.#shell = spawn(file!, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#shell.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#shell.stdin!.write(`exec 2>&1; export HISTFILE=; cd\n`);
  }

  /** @param hosts addresses by names that are on the Internet elsewhere */
  static async open(lab: Lab, machine: Namespace, hosts: Readonly<Record<string, string>>): Promise<Terminal> {
    const stage = lab.directory('stage');
    const outside = lab.directory('terminal');
    writeStandIns(outside, stage);
    const names = Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`);
    writeFileSync(join(outside, 'hosts'), `127.0.0.1 localhost\n${names.join('')}`);
    const mounts = ['/var/lib', '/run', stage].map(path => `mount -t tmpfs tmpfs ${path}`);
    const script = [
      ...mounts,
      `mkdir /run/netns ${stage}/home`,
      `mount --bind ${outside}/hosts /etc/hosts`,
      'echo ready',
    ];
    const holder = lab.own(
      machine.start([
        'unshare',
        '--mount',
        '--propagation',
        'private',
        'sh',
        '-ec',
        `${script.join('\n')}\nexec sleep 3600`,
      ]),
    );
    await holder.output(/ready/, 20);
    return new Terminal(machine, holder, stage, outside);
  }

  /** Types a line and waits for its end, for two minutes at most. */
  async run(line: string): Promise<Result> {
    const mark = `=${++this.#asked}= `;
    this.#output = '';
    this.#shell.stdin!.write(`{ ${line}\n} < /dev/null\nprintf '\\n%s%s=\\n' '${mark}' $?\n`);
    const end = new RegExp(`\\n${mark}(\\d+)=\\n`);
    const [all, status] = await until(
      `the end of ${line}`,
      120,
      () => end.exec(this.#output) ?? undefined,
      () => this.#output,
    );
    return { status: Number(status), output: this.#output.slice(0, this.#output.indexOf(all)) };
  }

  /** Types a line in a terminal of its own, in the folder where this one is, and waits until it says so. */
  async start(line: string, ready: RegExp): Promise<Result> {
    const { output: folder } = await this.run('pwd');
    const { output: home } = await this.run('echo "$HOME:$PATH"');
    const [first, ...path] = home.trim().split(':');
    const environment = ['env', `HOME=${first}`, `PATH=${path.join(':')}`];
    const words = [...environment, 'setsid', 'bash', '-c', `cd '${folder.trim()}' && exec ${line}`];
    const service = new LabProcess(this.#inside(words));
    this.#services.push(service);
    await service.output(ready, 120);
    return { status: 0, output: service.stdout + service.stderr };
  }

  /** Ctrl-C in all of those terminals, the newest first, and waits until nothing of them is left. */
  async interrupt(): Promise<void> {
    for (const service of this.#services.splice(0).reverse()) {
      process.kill(-service.pid, 'SIGINT');
      await service.ended();
      await until(`the end of ${service.command.join(' ')}`, 30, () => (isGroup(service.pid) ? undefined : true));
    }
  }

  /** Which of the stand-ins were called. */
  used(): string[] {
    return [...new Set(readFileSync(this.#used, 'utf8').trim().split('\n'))].sort();
  }

  async close(): Promise<void> {
    await this.interrupt();
    this.#shell.stdin!.end('exit\n');
    await this.holder.stop();
  }

  #inside(command: readonly string[]): string[] {
    return ['nsenter', '--target', String(this.holder.pid), '--mount', '--net', '--', ...command];
  }
}

function isGroup(id: number): boolean {
  try {
    return process.kill(-id, 0);
  } catch {
    return false;
  }
}

function writeStandIns(folder: string, stage: string): void {
  mkdirSync(join(folder, 'bin'));
  for (const [name, script] of Object.entries(scripts(stage))) {
    const path = join(folder, 'bin', name);
    writeFileSync(path, `#!/bin/sh\necho ${name} >> ${folder}/used\n${script}\n`);
    chmodSync(path, 0o755);
  }
}
