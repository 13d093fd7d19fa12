import { readdirSync, readFileSync } from 'node:fs';
import { WeirError } from '../error.js';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { weirMain } from '../paths.js';
import { attempt, type Outcome } from '../run/command.js';
import type { LabProcess } from '../run/process.js';
import { runProgram } from '../traffic/drive.js';
import { noDatabases } from './databases.js';
import type { QueriedRecord } from './records.js';

/** The words that run the built command. */
export function weirCommand(...args: string[]): string[] {
  return [process.execPath, weirMain, ...args];
}

/** Runs the command in the namespace to its end, at most `seconds` long. */
export function weir(namespace: Namespace, args: readonly string[], seconds = 60): Outcome {
  return attempt(namespace.command(weirCommand(...args)), seconds);
}

/** Lets somebody in to the pages, as a viewer. */
export function addUser(namespace: Namespace, file: string, name: string, password: string): Outcome {
  return attempt(namespace.command(weirCommand('user', 'add', name, '--users-file', file)), 60, `${password}\n`);
}

/** A group of `weir query --by`. */
export interface Group extends Record<string, string | number> {
  flows: number;
  octets: number;
  packets: number;
  reverseOctets: number;
  reversePackets: number;
}

/** The loopback of a namespace is its own, so one address does for all. */
export const http = '127.0.0.1:4780';

/** nft: Weir's own connections on loopback are not to be among those that are destroyed and counted. */
export const untrackedLoopback = `
table inet loopback {
  chain in { type filter hook prerouting priority raw; iif lo notrack; }
  chain out { type filter hook output priority raw; oif lo notrack; }
}
`;

/** What the API's status has for us here. */
interface Status {
  exporters: { lostRecords: number; statistics?: Record<string, number> }[];
}

/** What the exporter says that it lost, and what the collector missed by sequence numbers. */
export async function reportedLost(running: RunningWeir): Promise<{ byExporter: number; byCollector: number }> {
  const [exporter] = (await running.api<Status>('/api/v1/status')).exporters;
  return {
    byExporter: exporter?.statistics?.notSentFlowTotalCount ?? Number.NaN,
    byCollector: exporter?.lostRecords ?? Number.NaN,
  };
}

/** `weir up` or `weir collect` in a namespace, with what a stranger can ask it. */
export class RunningWeir {
  private constructor(
    readonly command: LabProcess,
    readonly namespace: Namespace,
    readonly data: string,
  ) {}

  /** Starts `weir up` with `options` on top and waits until it says that it is metering. */
  static async up(lab: Lab, namespace: Namespace, data: string, options: readonly string[] = []): Promise<RunningWeir> {
    const command = weirCommand('up', '--data', data, '--http', http, ...noDatabases, ...options);
    const running = new RunningWeir(lab.own(namespace.start(command)), namespace, data);
    await running.command.output(/metering.*http:\/\//i, 60);
    return running;
  }

  /** Starts `weir collect` alone, listening on `listen`, and waits until its page answers. */
  static async collect(
    lab: Lab,
    namespace: Namespace,
    data: string,
    listen: string,
    more: readonly string[] = [],
  ): Promise<RunningWeir> {
    const options = ['--listen', listen, '--data', data, '--http', http, ...noDatabases, ...more];
    const running = new RunningWeir(lab.own(namespace.start(weirCommand('collect', ...options))), namespace, data);
    await running.command.output(/http:\/\//, 60);
    return running;
  }

  /** All Flow Records that match. */
  records(filter: string): QueriedRecord[] {
    return this.#query<QueriedRecord>([filter]);
  }

  /** The groups of the matching Flows by these fields. */
  groups(filter: string, by: string): Group[] {
    return this.#query<Group>([filter, '--by', by]);
  }

  /** Number of Flows that match. */
  flowCount(filter: string): number {
    return this.groups(filter, 'protocolIdentifier').reduce((sum, { flows }) => sum + flows, 0);
  }

  /** GET of a path of the HTTP API; throws a WeirError unless it answers 200 and JSON. */
  async api<T>(path: string): Promise<T> {
    const { status, body } = await this.get(path);
    if (status !== 200) throw new WeirError(`${path} answered ${status}: ${body}`);
    return JSON.parse(body) as T;
  }

  /** GET of a path, whatever it answers. */
  get(path: string): Promise<{ status: number; type: string; body: string }> {
    return runProgram(this.namespace, 'get', { url: `http://${http}${path}` });
  }

  /** The process of `weir up`'s own that has this word in its command line ("probe", "collect"), if it is there now. */
  child(word: string): number | undefined {
    return descendants(this.command.pid).find(pid => commandLine(pid).includes(word));
  }

  /** Ends it as Ctrl-C does. Resolves with the exit status. */
  stop(): Promise<number | null> {
    return this.command.stop('SIGINT', 30);
  }

  /** Sends a signal to the command and all its processes, which no terminal does: SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void {
    for (const pid of [this.command.pid, ...descendants(this.command.pid)]) process.kill(pid, name);
  }

  /** kill -9 of the command and all its processes at once. */
  async kill(): Promise<void> {
    // Stopped first: none of them is to notice the end of another and tidy up.
    for (const name of ['SIGSTOP', 'SIGKILL'] as const) this.signal(name);
    await this.command.ended();
  }

  #query<T>(args: string[]): T[] {
    const command = ['query', ...args, '--store', `chdb:${this.data}`, '--format', 'json'];
    const { status, stdout, stderr } = weir(this.namespace, command);
    if (status !== 0) throw new WeirError(`weir query ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as T);
  }
}

/** The process and all below it. */
function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .map(Number)
    .filter(candidate => candidate > 0 && parentOf(candidate) === pid);
  return [...children, ...children.flatMap(descendants)];
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  try {
    // Field 4 of proc_pid_stat(5), behind the command's name, which may itself hold spaces and brackets.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    return -1;
  }
}
