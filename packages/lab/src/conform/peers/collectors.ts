import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '../../error.js';
import { attempt } from '../../run/command.js';
import { LabProcess } from '../../run/process.js';
import { onTeardown } from '../../run/teardown.js';
import { sleep } from '../../run/wait.js';
import { noDatabases } from '../../weir/databases.js';
import { weirCommand } from '../../weir/weir.js';
import type { Transport } from '../case.js';
import type { CollectorSubject } from '../collecting/run-cases.js';
import { NFACCTD_AGGREGATE, NfacctdObserver } from '../observe/nfacctd.js';
import { NfcapdObserver } from '../observe/nfcapd.js';
import type { Observer } from '../observe/observer.js';
import { WeirObserver } from '../observe/weir.js';
import { freePort, temporaryDirectory } from './place.js';

/** A collector that the lab can start on this machine, on its loopback. */
export interface CollectorPeer {
  readonly name: string;
  readonly transports: readonly Transport[];
  /** The command that tells its version, and where in the output that is. */
  readonly versionCommand: readonly string[];
  start(transport: Transport, port: number, directory: string): Promise<{ process: LabProcess; observer: Observer }>;
}

const host = '127.0.0.1';

const weir: CollectorPeer = {
  name: 'weir',
  transports: ['udp', 'tcp'],
  versionCommand: weirCommand('--version'),
  async start(transport, port, directory) {
    const http = `${host}:${await freePort()}`;
    const options = ['--listen', `${transport}://${host}:${port}`, '--data', directory, '--http', http, ...noDatabases];
    const process = new LabProcess(weirCommand('collect', ...options));
    await process.output(/collecting on/, 60);
    return { process, observer: new WeirObserver(`http://${http}`) };
  },
};

const nfcapd: CollectorPeer = {
  name: 'nfcapd',
  transports: ['udp'],
  versionCommand: ['nfcapd', '-V'],
  async start(_transport, port, directory) {
    const options = ['-w', directory, '-p', String(port), '-b', host, '-t', '2', '-B', '4194304'];
    const process = new LabProcess(['nfcapd', ...options]);
    await sleep(1000); // It says nothing that would tell that it listens.
    return { process, observer: new NfcapdObserver(directory) };
  },
};

const nfacctd: CollectorPeer = {
  name: 'nfacctd',
  transports: ['udp'],
  versionCommand: ['nfacctd', '-V'],
  async start(_transport, port, directory) {
    const output = join(directory, 'flows.json');
    const configuration = [
      'daemonize: false',
      `nfacctd_ip: ${host}`,
      `nfacctd_port: ${port}`,
      'plugins: print',
      `aggregate: ${NFACCTD_AGGREGATE}`,
      'timestamps_since_epoch: true',
      'print_output: json',
      `print_output_file: ${output}`,
      'print_output_file_append: true',
      'print_refresh_time: 1',
    ];
    const file = join(directory, 'nfacctd.conf');
    writeFileSync(file, `${configuration.join('\n')}\n`);
    const process = new LabProcess(['nfacctd', '-f', file]);
    await process.output(/waiting for NetFlow|waiting for/i, 20);
    return { process, observer: new NfacctdObserver(output) };
  },
};

export const collectorPeers: readonly CollectorPeer[] = [weir, nfcapd, nfacctd];

/** A collector of ours, started for one run. */
export class StartedCollector {
  private constructor(
    readonly subject: CollectorSubject,
    private readonly stopIt: () => Promise<void>,
  ) {}

  /** Starts the peer listening on the transport. */
  static async start(peer: CollectorPeer, transport: Transport): Promise<StartedCollector> {
    const port = await freePort();
    const directory = temporaryDirectory(peer.name);
    const { process, observer } = await peer.start(transport, port, directory.path);
    const undo = onTeardown(() => process.signal('SIGKILL'));
    // A process of its own may keep the output of a dead one open, so that its status does not tell.
    const ended = (): string | undefined => (isAlive(process.pid) ? undefined : 'the collector ended');
    const subject = { name: peer.name, target: { transport, host, port }, observer, ended };
    return new StartedCollector(subject, async () => {
      await process.stop('SIGINT', 15);
      undo();
      directory.remove();
    });
  }

  stop(): Promise<void> {
    return this.stopIt();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** "1.7.1" of a peer; throws a WeirError where it is not installed. */
export function versionOf(name: string, command: readonly string[]): string {
  let text: string;
  try {
    const { stdout, stderr } = attempt(command, 20);
    text = stdout + stderr;
  } catch {
    throw new WeirError(`${name} cannot be started: no command "${command[0]}"; install it`);
  }
  return /\d+\.\d+(\.\d+)*/.exec(text)?.[0] ?? 'unknown version';
}
