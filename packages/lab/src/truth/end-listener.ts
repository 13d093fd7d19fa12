import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { raiseDefaultReceiveBuffer } from '../namespaces/globals.js';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { type KernelFlow, parseConntrack } from './conntrack.js';

/** Of its netlink socket. */
const bufferOctets = 64 * 1024 * 1024;

/** @param times writes when each end was heard of, too */
interface Listening {
  buffer?: number;
  times?: boolean;
}

/** `conntrack -E -e DESTROY`: connections as they end, with their last counters. */
export class EndListener {
  private constructor(
    private readonly process: LabProcess,
    private readonly file: string,
  ) {}

  /** Starts it and waits until the kernel tells it of ends. @param file for what it hears */
  static async start(
    lab: Lab,
    namespace: Namespace,
    file: string,
    { buffer = bufferOctets, times = false }: Listening = {},
  ): Promise<EndListener> {
    const format = times ? 'extended,id,timestamp' : 'extended,id';
    // Before all others, so that it writes when it happens. Its option for the buffer (-b) is of no use: conntrack-tools 1.4.7 sets the size of a socket that it does not listen on.
    const restore = raiseDefaultReceiveBuffer(buffer);
    try {
      const process = lab.own(
        namespace.start(['sh', '-c', `exec nice -n -20 conntrack -E -e DESTROY -o ${format} >'${file}'`]),
      );
      const listener = new EndListener(process, file);
      await until(
        'the listener to ends of connections',
        10,
        () => listener.#socket(),
        () => process.stderr,
      );
      return listener;
    } finally {
      restore();
    }
  }

  /** Ends it when it has read what the kernel had to tell. */
  async finish(): Promise<{ flows: KernelFlow[]; problems: string[] }> {
    const problems = await this.end();
    return { flows: parseConntrack(readFileSync(this.file, 'utf8')), problems };
  }

  /** As `finish`, for those who read the file themselves. @returns why it is incomplete, one line each */
  async end(): Promise<string[]> {
    const socket = await until('the end of events', 600, () => {
      const now = this.#socket();
      return now === undefined || now.waiting > 0 ? undefined : now;
    });
    await this.process.stop('SIGINT');
    return socket.dropped === 0 ? [] : [`the kernel dropped ${socket.dropped} events that the lab listened to`];
  }

  /** Octets of events that it has not read yet. */
  get waiting(): number {
    return this.#socket()?.waiting ?? 0;
  }

  /** Its listening socket, a row of /proc/PID/net/netlink with groups (net/netlink/af_netlink.c), known by its inode. */
  #socket(): { waiting: number; dropped: number } | undefined {
    const own = socketInodes(this.process.pid);
    for (const row of readFileSync(`/proc/${this.process.pid}/net/netlink`, 'utf8').split('\n')) {
      const [, , , groups, waiting, , , , dropped, inode] = row.trim().split(/\s+/);
      if (!own.has(inode!) || Number.parseInt(groups!, 16) === 0) continue;
      return { waiting: Number(waiting), dropped: Number(dropped) };
    }
    return undefined;
  }
}

function socketInodes(pid: number): Set<string> {
  const targets = readdirSync(`/proc/${pid}/fd`).map(fd => linkOf(`/proc/${pid}/fd/${fd}`));
  return new Set(targets.flatMap(target => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** A process that is starting may have closed a file between two looks: then there is no link to read. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
