import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hosts, type KnownHosts } from '../../analysis/detect/hosts.js';
import type { CollectorSettings } from '../../config/config.js';
import type { Store } from '../../store/client.js';
import { hostSums } from '../../store/events/host-sums.js';
import { firstBatchAt } from '../../store/rollup/next-step.js';
import type { Looked } from './traffic-watch.js';

/** Milliseconds of records that a look takes at most. */
const MOST = 120_000;
/** Looks after which what is known of hosts is kept: what a crash takes of it is learnt again. */
const KEEP = 10;

type Settings = Pick<CollectorSettings, 'directory' | 'localNetworks' | 'detectIgnore'>;

/** Looks at the hosts of the local networks, a minute at a time. What is known of them is in a file of the data directory. */
export class HostWatch {
  readonly #store: Store;
  readonly #settings: Settings;
  readonly #file: string;
  readonly #hosts: Hosts;
  #seen = firstBatchAt(Date.now());
  #looks = 0;

  constructor(store: Store, settings: Settings) {
    this.#store = store;
    this.#settings = settings;
    this.#file = join(settings.directory, 'known-hosts.json');
    this.#hosts = new Hosts(Date.now(), read(this.#file));
  }

  async look(): Promise<Looked> {
    const now = Date.now();
    const to = this.#store.settled;
    const earliest = firstBatchAt(now - MOST);
    const from = this.#seen > earliest ? this.#seen : earliest;
    if (to <= from) return { findings: [], at: now };
    const { localNetworks, detectIgnore: ignored } = this.#settings;
    const sums = await hostSums(this.#store, { from, to, localNetworks, ignored });
    this.#seen = to;
    const findings = this.#hosts.take(sums, now);
    if (++this.#looks % KEEP === 0) this.close();
    return { findings, at: now };
  }

  close(): void {
    if (this.#looks === 0) return;
    try {
      writeFileSync(`${this.#file}.part`, JSON.stringify(this.#hosts.kept), { mode: 0o600 });
      renameSync(`${this.#file}.part`, this.#file);
    } catch {
      // A disk that takes nothing is told of by those who must write to it.
    }
  }
}

/** Undefined where there is none, or none that can be read: it is learnt again. */
function read(file: string): KnownHosts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as KnownHosts;
  } catch {
    return undefined;
  }
}
