import { existsSync } from 'node:fs';
import { WeirError } from '../error.js';
import { LabProcess } from '../run/process.js';
import { processTree } from '../run/tree.js';
import { noDatabases } from './databases.js';
import { weirCommand } from './weir.js';

/** From here on, and until then, every record is: the widest interval that can be asked for. */
const ALWAYS = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' } as const;

/** Sums over the records of a selection, as `/api/v1/groups` gives them. */
export interface Sums {
  flows: number;
  octets: number;
  packets: number;
  reverseOctets: number;
  reversePackets: number;
}

/** `weir collect` on this machine's own loopback, with what a stranger can ask it. It needs neither root nor a namespace. */
export class LoopbackCollector {
  private constructor(
    readonly command: LabProcess,
    /** UDP port that it receives on, of 127.0.0.1. */
    readonly port: number,
    /** TCP port likewise. */
    readonly tcpPort: number,
    /** Of its page and API. */
    readonly url: string,
  ) {}

  /** Starts it on a data directory, for UDP on the port given or one that is free, and waits until its page is there. */
  static async start(data: string, port = 0): Promise<LoopbackCollector> {
    const listen = [`udp://127.0.0.1:${port}`, 'tcp://127.0.0.1:0'].flatMap(url => ['--listen', url]);
    const options = ['--data', data, ...listen, '--http', '127.0.0.1:0', ...noDatabases];
    const command = new LabProcess(weirCommand('collect', ...options));
    try {
      const said = /collecting on udp:\/\/127\.0\.0\.1:(\d+), tcp:\/\/127\.0\.0\.1:(\d+), page (\S+)/;
      const [, udp, tcp, url] = await command.output(said, 120);
      return new LoopbackCollector(command, Number(udp), Number(tcp), url!);
    } catch (problem) {
      await command.stop('SIGKILL');
      throw problem;
    }
  }

  /** The engine's process, a child of the command. */
  enginePid(): number | undefined {
    return processTree(this.command.pid).find(pid => pid !== this.command.pid && existsSync(`/proc/${pid}`));
  }

  async api<T>(path: string): Promise<T> {
    return JSON.parse(await this.#get(path)) as T;
  }

  /** Sums over all records that match, by these fields: none is one group of all. */
  groups<T = unknown>(filter: string, by = ''): Promise<(Sums & T)[]> {
    return this.#lines('groups', { ...ALWAYS, ...(filter === '' ? {} : { filter }), by });
  }

  /** All Flow Records that match, as their exporter sent them. */
  async records(filter: string): Promise<Record<string, unknown>[]> {
    const lines = await this.#lines<{ record: Record<string, unknown> }>('records', { ...ALWAYS, filter });
    return lines.map(({ record }) => record);
  }

  /** Calls `visit` with each Flow Record's line of JSON, in no order: for more of them than memory should hold. */
  async eachRecordLine(visit: (line: string) => void): Promise<void> {
    const answer = await fetch(new URL(`/api/v1/records?${new URLSearchParams(ALWAYS)}`, this.url));
    let rest = '';
    for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      lines.forEach(visit);
    }
    if (answer.status !== 200 || rest !== '') throw new WeirError(`the records were cut off: ${answer.status} ${rest}`);
  }

  /** The figures of `/metrics` that have no labels, without the names' common beginning. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await this.#get('/metrics');
    return new Map(
      [...text.matchAll(/^weir_collector_(\w+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
    );
  }

  /** Ends it as Ctrl-C does; what has been received is stored then. Throws a WeirError unless it ends in order. */
  async stop(): Promise<void> {
    const status = await this.command.stop('SIGINT', 120);
    if (status !== 0) throw new WeirError(`weir collect ended with ${status}: ${this.command.stderr}`);
  }

  async #lines<T>(route: string, query: Record<string, string>): Promise<T[]> {
    const text = await this.#get(`/api/v1/${route}?${new URLSearchParams(query)}`);
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as T);
  }

  async #get(path: string): Promise<string> {
    const answer = await fetch(new URL(path, this.url));
    const body = await answer.text();
    if (answer.status !== 200) throw new WeirError(`${path} answered ${answer.status}: ${body.slice(0, 500)}`);
    return body;
  }
}
