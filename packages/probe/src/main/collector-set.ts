import type { MessagePort } from 'node:worker_threads';
import type { Target } from '../config/transport.js';
import { type CollectorTotals, sumOf } from '../exporting/collector-counters.js';
import { Collectors } from '../sending/collectors.js';
import type { Log } from './log.js';
import type { ExportOptions } from './sinks.js';
import type { WorkerCollector } from './worker-input.js';

/** Whom to export to, and how. */
export interface CollectorPlan {
  readonly collectors: readonly { readonly url: string; readonly target: Target }[];
  /** Directory of the spool; undefined: none. */
  readonly spool: string | undefined;
  /** Octets for each collector. */
  readonly spoolOctets: number;
  readonly exporting: Omit<ExportOptions, 'domain'>;
}

export interface CollectorStatus {
  readonly url: string;
  readonly totals: CollectorTotals;
}

interface Member {
  readonly id: number;
  readonly url: string;
  readonly sessions: Collectors;
}

/** The collectors of one loop, seen from the thread that keeps their sessions: they go on where the configuration keeps them. */
export class CollectorSet {
  #members = new Map<string, Member>();
  #lastId = 0;

  constructor(private readonly log: Log) {}

  /** As it is now. */
  status(): CollectorStatus[] {
    return [...this.#members.values()].map(({ url, sessions }) => ({ url, totals: sumOf(sessions.counters) }));
  }

  /**
   * Makes the set be that of the plan.
   *
   * @returns what the loop's thread needs; `retire`, to be called when that thread uses the former ones no more; `giveUp`, to be
   * called where it goes on with the former ones
   * @throws WeirError where one cannot be opened: then nothing has changed
   */
  become(plan: CollectorPlan): {
    collectors: WorkerCollector[];
    transferList: MessagePort[];
    retire: () => Promise<void>;
    giveUp: () => Promise<void>;
  } {
    const before = this.#members;
    const next = new Map<string, Member>();
    try {
      for (const { url, target } of plan.collectors) {
        const key = JSON.stringify([url, plan.spool, plan.spoolOctets, plan.exporting.refresh]);
        next.set(key, before.get(key) ?? this.#open(url, target, plan));
      }
    } catch (error) {
      for (const [key, { sessions }] of next) if (!before.has(key)) void sessions.stop();
      throw error;
    }
    this.#members = next;
    const added = [...next.values()].filter(member => ![...before.values()].includes(member));
    const gone = [...before.values()].filter(member => ![...next.values()].includes(member));
    return {
      collectors: [...next.values()].map(member => inputOf(member, added.includes(member))),
      transferList: added.flatMap(({ sessions }) => sessions.transferList),
      retire: () => stopAll(gone),
      giveUp: () => {
        this.#members = before;
        return stopAll(added);
      },
    };
  }

  /** After the loop has ended: sends what is left, or keeps it. @returns Data Records that could be neither */
  async stop(): Promise<number> {
    const unsent = () => this.status().reduce((sum, { totals }) => sum + totals.unsentRecords, 0);
    const before = unsent();
    await Promise.all([...this.#members.values()].map(({ sessions }) => sessions.stop()));
    return unsent() - before;
  }

  #open(url: string, target: Target, { spool, spoolOctets }: CollectorPlan): Member {
    const sessions = new Collectors({ collectors: [{ url, target }], spool, spoolOctets, log: line => this.log(line) });
    return { id: ++this.#lastId, url, sessions };
  }
}

async function stopAll(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ sessions }) => sessions.stop()));
}

/** A port can be transferred once; who has it already keeps it. */
function inputOf({ id, sessions }: Member, isNew: boolean): WorkerCollector {
  const { bell, ...input } = sessions.inputs[0];
  return { id, input: isNew && bell !== undefined ? { ...input, bell } : input };
}
