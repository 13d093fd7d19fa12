import { attempt, run } from '../run/command.js';
import { LabProcess } from '../run/process.js';
import { onTeardown } from '../run/teardown.js';

let made = 0;

/** A network namespace of the lab, named `weir-PID-NUMBER-LABEL` after the process that made it. */
export class Namespace {
  readonly name: string;
  readonly #undo: () => void;

  /** Makes the namespace with its loopback up and IPv6 addresses usable at once. Needs root. */
  constructor(label: string) {
    this.name = `weir-${process.pid}-${++made}-${label}`;
    run(['ip', 'netns', 'add', this.name]);
    this.#undo = onTeardown(() => removeNamespace(this.name));
    // Duplicate address detection (RFC 4862 section 5.4) would hold every new address back for a second.
    this.sysctl('net.ipv6.conf.all.accept_dad', 0);
    this.sysctl('net.ipv6.conf.default.accept_dad', 0);
    this.ip('link', 'set', 'lo', 'up');
  }

  /** The words to put before a command so that it runs in here. */
  command(command: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }

  /** Runs a short command in here that has to succeed; returns its standard output. */
  run(command: readonly string[], input?: string): string {
    return run(this.command(command), 60, input);
  }

  /** Starts a long-running command in here. */
  start(command: readonly string[]): LabProcess {
    return new LabProcess(this.command(command));
  }

  /** `ip -n NAME ...` */
  ip(...args: string[]): string {
    return run(['ip', '-n', this.name, ...args]);
  }

  /** Loads nftables commands, one a line. */
  nft(script: string): void {
    this.run(['nft', '-f', '-'], script);
  }

  /** Sets a sysctl of this namespace. */
  sysctl(name: string, value: number | string): void {
    this.run(['sysctl', '-q', '-w', `${name}=${value}`]);
  }

  /** Ends what still runs in here and removes the namespace. */
  remove(): void {
    this.#undo();
  }
}

/** The names of all network namespaces that some lab made, with the process that made each. */
export function labNamespaces(): { name: string; pid: number }[] {
  const listed = attempt(['ip', 'netns', 'list']).stdout;
  return [...listed.matchAll(/^weir-(\d+)-\S+/gm)].map(match => ({ name: match[0], pid: Number(match[1]) }));
}

/** Ends every process in the namespace, then removes it; only ever called for names that a lab gave. */
export function removeNamespace(name: string): void {
  for (const pid of attempt(['ip', 'netns', 'pids', name]).stdout.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
  run(['ip', 'netns', 'delete', name]);
}
