import { raiseTableLimit } from '../../namespaces/globals.js';
import { Lab } from '../../namespaces/lab.js';
import { addresses, silentUdpPorts, type Topology } from '../../namespaces/topology.js';
import type { LabProcess } from '../../run/process.js';
import { untilQuiet } from '../../run/quiet.js';
import { startSubjectProgram } from '../../subjects/programs.js';
import { exportPort } from '../../subjects/subject.js';
import { type Source, startProbe } from '../../subjects/weir.js';
import { runProgram } from '../../traffic/drive.js';
import { burst } from '../../traffic/traffic.js';
import { untrackedLoopback } from '../../weir/weir.js';

export const flowCount = 100_000;
const metrics = '127.0.0.1:9100';
/** Seconds: longer than all of this, so that the kernel removes nothing by itself. */
const connectionTimeout = 100_000;

/** A probe at work. */
export interface Probe {
  process: LabProcess;
  /** A counter of its metrics. */
  counter(name: string): Promise<number>;
  stop(): Promise<void>;
}

/** client - router - server in the emulated machine, connections counted and stamped, no meter; somebody on loopback to export to. */
export class KernelBed {
  private constructor(
    private readonly lab: Lab,
    readonly net: Topology,
  ) {}

  static async make(): Promise<KernelBed> {
    const lab = new Lab();
    lab.later(raiseTableLimit(2 * flowCount));
    const net = lab.topology();
    net.router.nft(untrackedLoopback);
    // Counters and stamps cost the same with and without a meter. Events are made where somebody listens.
    for (const [name, value] of Object.entries({ acct: 1, timestamp: 1, events: 2, udp_timeout: connectionTimeout }))
      net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, value);
    const listener = lab.own(startSubjectProgram(net.router, 'listener', { port: exportPort }));
    await listener.output(/"ready":true/, 30);
    return new KernelBed(lab, net);
  }

  /** Starts a probe, and waits until it is at rest. */
  async probe(source: Source, activeTimeout: number): Promise<Probe> {
    const { lab, net } = this;
    const order = { lab, namespace: net.router, link: 'inside', activeTimeout };
    const options = ['--metrics', metrics];
    const running = await startProbe(order, `udp://127.0.0.1:${exportPort}`, options, source);
    await untilQuiet(running.process.pid);
    return {
      process: running.process,
      stop: () => running.stop(),
      counter: async name => {
        const { body } = await runProgram<{ body: string }>(net.router, 'get', { url: `http://${metrics}/metrics` });
        return Number(new RegExp(`^weir_probe_${name}\\{.*\\} (\\d+)$`, 'm').exec(body)?.[1]);
      },
    };
  }

  /** One packet of each of the flows, through the router: creates their connections, or counts in them. */
  async packets(): Promise<void> {
    const { client, server } = addresses;
    const order = { source: client.v4, destination: server.v4, flows: flowCount, payload: 20 };
    await burst(this.net.client, { ...order, firstPort: silentUdpPorts.first });
  }

  /** Runs a program of the lab's in the router. */
  start(program: string, order: object): LabProcess {
    return this.lab.own(this.net.router.start([process.execPath, program, JSON.stringify(order)]));
  }

  /** @returns what was left behind */
  close(): Promise<string[]> {
    return this.lab.close();
  }
}
