/**
 * Two weeks and a day of traffic that was recorded once, for all that looks for what is unusual, as it runs in the collector: the store, its sums, the
 * detectors, the forecasts, the journal. Time is simulated: what is recorded comes again and again, of several clients, more by day than by night.
 * Then a scan and a flood, a second at a time. Arguments: an IPFIX File, and a directory for the store. Prints what came of it as JSON.
 */
import type { TrafficEvent } from '../../../analysis/events/event.js';
import { openRecords } from '../../../collecting/files/records.js';
import { resolveConfig } from '../../../config/config.js';
import { FlowBatch } from '../../../flow/batch.js';
import { BatchRows, read64, write64 } from '../../../flow/batch-rows.js';
import { toNative } from '../../../flow/native.js';
import { batchOf, type TestRecord } from '../../../flow/testing/records.js';
import { Store } from '../../../store/client.js';
import { seeded } from '../../../store/testing/store.js';
import { Events } from '../events.js';
import { HostWatch } from '../host-watch.js';
import { SeriesWatch } from '../series-watch.js';
import { TrafficWatch } from '../traffic-watch.js';
import { noMeshes } from './meshes.js';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
/** A Monday. */
const MONDAY = Date.parse('2026-03-16T00:00:00Z');
const HISTORY = 14 * DAY;
/** Between two looks, which are seconds apart in the collector: what fails in all this time is seen at once, which makes it look worse than it is. */
const STEP = 5 * MINUTE;
/** So many steps are between two looks at series: each takes all minutes since the one before. */
const SERIES = 2;
/** Flows a minute, by night and by day: so few that one of the recorded uploads, every half an hour at night, is a dozen times what else is sent then. */
const [QUIET, BUSY] = [4, 16];
const CLIENTS = 12;
/** What is learnt comes to the store in blocks of so long, in each of which are less rows than that. */
const BLOCK = 4 * HOUR;
const MOST_ROWS = 65_536;
/** 10.77.1.2, as addresses are stored. */
const RECORDED_CLIENT = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 77, 1, 2]);
const [SERVER, ATTACKER] = ['10.77.2.2', '10.77.1.200'];
const LOCAL = ['10.77.1.0/24', 'fd77:1::/64'];
/** Seconds that an attack is given to be found in. */
const ATTACK = 30;

/** The time that all of this process goes by. */
let now = MONDAY - HISTORY;
Date.now = () => now;
const random = seeded(4739);
let flows = 0;

/** What was recorded, and which rows are of one Flow. */
async function readFlows(file: string): Promise<{ rows: BatchRows; flows: number[][] }> {
  const [records, found]: [TestRecord[], Map<unknown, number[]>] = [[], new Map()];
  const tell = (diagnostic: object) => process.stderr.write(`${JSON.stringify(diagnostic)}\n`);
  for await (const { record, scope } of openRecords([file], tell)) {
    if (scope !== undefined || record.protocolIdentifier === undefined) continue;
    found.set(record.flowId, [...(found.get(record.flowId) ?? []), records.length]);
    records.push(record as TestRecord);
  }
  return { rows: new BatchRows(batchOf(records)), flows: [...found.values()] };
}

/** Recorded Flows again, of some client each, at other times. */
class Traffic {
  readonly #from: BatchRows;
  readonly #flows: readonly number[][];
  readonly #to = new BatchRows(new FlowBatch(MOST_ROWS));

  constructor({ rows, flows: recorded }: Awaited<ReturnType<typeof readFlows>>) {
    this.#from = rows;
    this.#flows = recorded;
  }

  /** The Flows of the interval up to now, as many as there are at that time of day, as a block. */
  until(length: number): FlowBatch {
    const { batch } = this.#to;
    batch.reset();
    for (let end = now - length + STEP; end <= now; end += STEP) {
      const busy = (1 - Math.cos((2 * Math.PI * (end % DAY)) / DAY)) / 2;
      const mean = (QUIET + (BUSY - QUIET) * busy) * (STEP / MINUTE);
      const count = Math.round(mean * (0.9 + random(201) / 1000));
      for (let i = 0; i < count; i++)
        this.#again(this.#flows[random(this.#flows.length)]!, end - random(STEP - SECOND));
    }
    return batch;
  }

  #again(recorded: readonly number[], end: number): void {
    const [ends, client, flow] = [this.#from.words('flowEnd'), 10 + random(CLIENTS), ++flows];
    const shift = end - read64(ends, recorded.at(-1)!);
    for (const row of recorded) {
      const at = this.#from.append(row, this.#to);
      for (const column of ['flowStart', 'flowEnd', 'intervalStart']) {
        const time = read64(this.#from.words(column), row);
        if (time > 0) write64(this.#to.words(column), at, time + shift);
      }
      for (const column of ['exportTime', 'receivedAt']) write64(this.#to.words(column), at, now);
      write64(this.#to.words('flowId'), at, flow);
      const source = this.#to.octets('sourceAddress').subarray(16 * at, 16 * at + 16);
      if (Buffer.compare(source, RECORDED_CLIENT) === 0) source[15] = client;
    }
  }
}

/** TCP or UDP packets of the attacker that nobody answers. */
function attack(count: number, protocolIdentifier: number, port: (i: number) => number): TestRecord[] {
  const time = new Date(now - 500).toISOString();
  return Array.from({ length: count }, (_, i) => ({
    ...{ sourceIPv4Address: ATTACKER, destinationIPv4Address: SERVER, protocolIdentifier, flowId: ++flows },
    ...{ sourceTransportPort: 1024 + (i % 60_000), destinationTransportPort: port(i) },
    ...{ octetDeltaCount: 60, packetDeltaCount: 1, reverseOctetDeltaCount: 0, reversePacketDeltaCount: 0 },
    ...{ flowStartMilliseconds: time, flowEndMilliseconds: time, flowEndReason: 1 },
  }));
}

class Day {
  readonly #traffic: TrafficWatch;
  readonly #hosts: HostWatch;
  readonly #series: SeriesWatch;

  constructor(
    private readonly store: Store,
    private readonly events: Events,
    settings: ReturnType<typeof resolveConfig>,
  ) {
    this.#traffic = new TrafficWatch(store, settings);
    this.#hosts = new HostWatch(store, settings);
    this.#series = new SeriesWatch(store, settings, noMeshes);
  }

  async take(batch: FlowBatch): Promise<void> {
    await this.store.insert(toNative(batch), batch.rows);
  }

  async look(...which: ('traffic' | 'hosts' | 'series')[]): Promise<void> {
    const watchers = { traffic: this.#traffic, hosts: this.#hosts, series: this.#series };
    for (const name of which) {
      const { findings, at } = await watchers[name].look();
      await this.events.take(findings, at);
    }
  }

  /** Series that are judged: all else is not known for long enough. */
  get judged(): number {
    return this.#series.series.filter(({ judged }) => judged).length;
  }

  /** The first event of an attack that goes on a second at a time, and after how many seconds it was known. */
  async find(second: () => TestRecord[]): Promise<{ event?: TrafficEvent; after: number }> {
    const before = this.events.counters.begun;
    for (let after = 1; after <= ATTACK; after++) {
      now += SECOND;
      await this.take(batchOf(second()));
      await this.look('traffic');
      if (this.events.counters.begun > before) return { event: (await this.all())[0]!, after };
    }
    return { after: Number.POSITIVE_INFINITY };
  }

  all(): Promise<TrafficEvent[]> {
    return this.events.list({ from: MONDAY - HISTORY, to: now + DAY, limit: 100 });
  }
}

async function run(file: string, directory: string): Promise<object> {
  const recorded = await readFlows(file);
  const traffic = new Traffic(recorded);
  const settings = resolveConfig({ data: directory, 'local-networks': LOCAL });
  const store = await Store.open({ directory, localNetworks: LOCAL, rollupPause: DAY });
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const events = await Events.open({ store, settings, meshes: noMeshes, log });
  const day = new Day(store, events, settings);
  while (now < MONDAY) {
    now += BLOCK;
    await day.take(traffic.until(BLOCK));
  }
  for (let i = 0; i <= HISTORY / DAY; i++) await day.look('series');
  for (let step = 1; step <= DAY / STEP; step++) {
    now += STEP;
    await day.take(traffic.until(STEP));
    await day.look('traffic', 'hosts', ...(step % SERIES === 0 ? (['series'] as const) : []));
  }
  const ordinary = { flows, judged: day.judged, events: await day.all() };
  const scan = await day.find(() => attack(5, 6, i => 1 + (flows % 1000) + i));
  now += HOUR;
  const flood = await day.find(() => attack(2000, 17, () => 27_000));
  await events.close();
  await store.close();
  return { recorded: recorded.flows.length, ...ordinary, scan, flood };
}

const [file, directory] = process.argv.slice(2) as [string, string];
process.stdout.write(`${JSON.stringify(await run(file, directory))}\n`);
