import { addresses } from '../namespaces/topology.js';
import type { LabProcess } from '../run/process.js';
import { sleep } from '../run/wait.js';
import type { Network } from '../topology/network.js';
import { silentPorts } from '../topology/schema.js';
import { startProgram } from '../traffic/drive.js';
import { Ground } from '../traffic/ground.js';
import { burstSourcePorts, echoCommand } from '../traffic/traffic.js';
import { fillPorts } from './bed.js';
import type { SoakPlan } from './plan.js';

/** One kind of traffic, again and again. */
interface Lane {
  /** Seconds after which a sender is ended that waits for what a fault has taken away. */
  patience: number;
  /** Seconds between two senders. */
  pause: number;
  start(): Promise<LabProcess>;
}

const port = 7000;

/**
 * The traffic of the scenarios `mixed` and `flood` over and over: every protocol, both versions of IP, and floods. Senders fail under faults;
 * what was sent nonetheless is what the kernel counted.
 */
export class Load {
  senders = 0;
  failed = 0;
  #ending = false;
  readonly #running = new Set<LabProcess>();
  readonly #lanes: Promise<void>[] = [];
  readonly #ground: Ground;
  #fillPort: number = fillPorts.first;

  constructor(
    private readonly network: Network,
    private readonly plan: SoakPlan,
  ) {
    this.#ground = Ground.of(network);
  }

  async begin(): Promise<void> {
    await this.#ground.responder('server');
    for (const family of [4, 6] as const) await this.#sctpServer(family);
    this.#lanes.push(...this.#all().map(lane => this.#run(lane)));
  }

  /** Resolves when no sender is there any more. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#running].map(each => each.stop('SIGKILL')));
    await Promise.all(this.#lanes);
  }

  /** So many flows at once that the table is full where it takes less. */
  async fill(flows: number): Promise<void> {
    const ports = Math.ceil(flows / burstSourcePorts.count);
    if (this.#fillPort + ports > fillPorts.last + 1) this.#fillPort = fillPorts.first;
    const firstPort = this.#fillPort;
    this.#fillPort += ports;
    await this.#send(this.#burst(flows, firstPort), 120);
  }

  async #run(lane: Lane): Promise<void> {
    while (!this.#ending) {
      try {
        await this.#send(await lane.start(), lane.patience);
      } catch {
        this.failed++;
      }
      for (let waited = 0; waited < lane.pause && !this.#ending; waited += 0.5) await sleep(500);
    }
  }

  async #send(sender: LabProcess, patience: number): Promise<void> {
    this.senders++;
    this.#running.add(sender);
    const tooLong = setTimeout(() => sender.signal('SIGKILL'), patience * 1000);
    if ((await sender.ended()) !== 0) this.failed++;
    clearTimeout(tooLong);
    this.#running.delete(sender);
  }

  #client(program: string, order: object): LabProcess {
    return startProgram(this.network.node('client'), program, order);
  }

  #burst(flows: number, firstPort: number): LabProcess {
    const { client, server } = addresses;
    const order = { source: client.v4, destination: server.v4, flows, firstPort, payload: 40 };
    return this.#client('burst', { ...order, sourcePorts: burstSourcePorts });
  }

  async #sctpServer(family: 4 | 6): Promise<void> {
    await this.#ground.once('server', `sctp ${family}`, async () => {
      const server = startProgram(this.network.node('server'), 'sctp-server', { family, port });
      await server.output(/"ready":true/, 30);
      return server;
    });
  }

  #all(): Lane[] {
    const transfer = (family: 4 | 6, order: object, patience = 60): Lane => ({
      ...{ patience, pause: 1 },
      start: async () => this.#client('transfer', { host: hostOf(family), port, download: 0, ...order }),
    });
    const whole = { upload: 20_000 * 60 * this.plan.minutes, rate: 20_000 };
    return [
      transfer(4, whole, 60 * this.plan.minutes),
      transfer(4, { upload: 400_000, download: 50_000, rate: 100_000 }),
      transfer(6, { upload: 50_000, download: 500_000, connections: 5 }),
      transfer(6, { upload: 10_000, ending: 'reset' }),
      this.#requests(4, 200, 200),
      this.#requests(6, 100, 1200),
      this.#syns('unanswered', { first: silentPorts.tcp, count: 1 }, 10),
      this.#syns('scan', { first: 1, count: 200 }, 1),
      ...([4, 6] as const).map(family => this.#sctp(family)),
      ...([4, 6] as const).map(family => this.#echoes(family)),
      this.#flood(),
    ];
  }

  #requests(family: 4 | 6, flows: number, octets: number): Lane {
    return {
      ...{ patience: 60, pause: 3 },
      start: async () => {
        // One range always, because the counts divide the width of a port's.
        const [range] = this.#ground.pairs(`udp ${family}`, flows);
        await this.#ground.responder('server', range!.port);
        const order = { host: hostOf(family), port: range!.port, flows, firstPort: range!.first, octets };
        return this.#client('requests', order);
      },
    };
  }

  #syns(purpose: string, destinationPorts: { first: number; count: number }, flows: number): Lane {
    const [source, destination] = [addresses.client.v4, addresses.server.v4];
    return {
      ...{ patience: 60, pause: 3 },
      start: async () => {
        const first = this.#ground.take(purpose, purpose === 'scan' ? 40_000 : 10_000, flows);
        const order = { source, destination, sourcePorts: { first, count: flows }, destinationPorts };
        return this.#client('syns', { ...order, patience: 500 });
      },
    };
  }

  #sctp(family: 4 | 6): Lane {
    return {
      ...{ patience: 60, pause: 3 },
      start: async () => {
        const order = {
          host: hostOf(family),
          port,
          flows: 5,
          firstPort: this.#ground.take(`sctp ${family}`, 10_000, 5),
        };
        return this.#client('sctp-client', order);
      },
    };
  }

  #echoes(family: 4 | 6): Lane {
    const command = echoCommand(hostOf(family), 40);
    return { ...{ patience: 60, pause: 3 }, start: async () => this.network.node('client').start(command) };
  }

  #flood(): Lane {
    const { floodFlows, floodPause } = this.plan;
    return {
      ...{ patience: 60, pause: floodPause },
      start: async () => this.#burst(floodFlows, this.#ground.take('flood', silentPorts.udp.first, 1)),
    };
  }
}

function hostOf(family: 4 | 6): string {
  return family === 4 ? addresses.server.v4 : addresses.server.v6;
}
