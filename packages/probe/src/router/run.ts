import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import type { Host } from '../host/host.js';
import { calls, SIGNAL_RELOAD, SIGNAL_STOP } from '../host/quickjs-calls.js';
import { hash } from '../main/hash.js';
import type { Log } from '../main/log.js';
import { type Changeable, type LoopControl, ProbeLoop } from '../main/loop.js';
import type { LoopStatistics } from '../main/loop-statistics.js';
import { RouterCollectors } from './collectors.js';
import { selectionOf } from './selection.js';
import { type RouterSettings, readSettings } from './settings.js';
import { StatusFile } from './status-file.js';

/** What can change while the loop runs. */
const CHANGEABLE: readonly (keyof RouterSettings)[] = [
  'collector',
  'distribute',
  'template-refresh-interval',
  'template-refresh-messages',
  'active-timeout',
];

/** A router has few routes. */
const PATH_LIMITS = { routes: 4096, answers: 2048, paths: 1024 };
/** And not as many ends in the fifth of a second that a dump's datagram may wait: 0.5 MB in all. */
const METERING_LIMITS = { recentEnds: 4096, details: 1024, tcpConnections: 4096 };

export interface RunOptions {
  readonly host: Host;
  /** The UCI file. */
  readonly configPath: string;
  /** Directory in memory: of the flow table, which a restart goes on with, and of the status. */
  readonly runDirectory: string;
  readonly log: Log;
}

/** Meters until told to stop. @returns the settings to begin with anew, undefined where that is not wanted */
export function runProbe(settings: RouterSettings, options: RunOptions): RouterSettings | undefined {
  const { host, log, runDirectory } = options;
  const fields = parseFields(settings.fields);
  const templates = new FlowTemplates(fields);
  const collectors = new RouterCollectors(host, templates, log);
  const control = new RouterControl(settings, options, collectors);
  const loop = new ProbeLoop(
    host,
    {
      exporters: collectors.become(settings),
      activeTimeout: settings['active-timeout'] * 1000,
      domain: settings.domain,
      domainName: '',
      fields,
      templates,
      tcpEvents: settings['tcp-events'],
      selection: selectionOf(settings),
      asTable: settings['as-table'],
      eventBuffer: settings['event-buffer'],
      pathLimits: PATH_LIMITS,
      meteringLimits: METERING_LIMITS,
      reliable: settings.reliable,
      flowTableEntries: settings['flow-table-entries'],
      statePath: `${runDirectory}/flows`,
      owner: hash(host.readText('/proc/sys/kernel/random/boot_id') ?? ''),
      mends: settings.mend,
      kernelMeter: undefined,
    },
    control,
  );
  loop.run();
  control.ended(loop.statistics());
  collectors.close();
  return control.next;
}

/** Signals, and what goes with each pass of the loop. */
class RouterControl implements LoopControl {
  /** Settings that need another loop. */
  next: RouterSettings | undefined;
  #stopping = false;
  readonly #status: StatusFile;

  constructor(
    private settings: RouterSettings,
    private readonly options: RunOptions,
    private readonly collectors: RouterCollectors,
  ) {
    this.#status = new StatusFile(`${options.runDirectory}/status.json`, options.host.clock);
  }

  get log(): Log {
    return this.options.log;
  }

  stopping(): boolean {
    return this.#stopping;
  }

  beat(): void {
    this.collectors.step();
  }

  /** Nothing watches this loop from outside but procd. */
  tookReliability(): undefined {
    return undefined;
  }

  change(): Changeable | undefined {
    const signals = calls.takeSignals();
    if ((signals & SIGNAL_STOP) !== 0) this.#stopping = true;
    return (signals & SIGNAL_RELOAD) === 0 ? undefined : this.#reload();
  }

  changed(): void {
    this.log('the new settings are in force');
  }

  ready(adopted: number): void {
    this.log(`metering${adopted > 0 ? `; ${adopted} connections taken over from before the restart` : ''}`);
    calls.trim();
  }

  statistics(statistics: LoopStatistics): void {
    this.#status.write({ ...statistics, collectors: this.collectors.status() });
  }

  ended(statistics: LoopStatistics): void {
    this.#status.write({ ...statistics, collectors: this.collectors.status() }, true);
  }

  #reload(): Changeable | undefined {
    try {
      const next = readSettings(this.options.host.readText(this.options.configPath) ?? '');
      const same = (key: keyof RouterSettings) => JSON.stringify(next[key]) === JSON.stringify(this.settings[key]);
      const keys = Object.keys({ ...next, ...this.settings }) as (keyof RouterSettings)[];
      if (keys.some(key => !same(key) && !CHANGEABLE.includes(key))) {
        // What the next loop cannot begin with has to be said while this one runs.
        parseFields(next.fields);
        selectionOf(next);
        this.next = next;
        this.#stopping = true;
        return undefined;
      }
      const exporters = this.collectors.become(next);
      this.settings = next;
      return { exporters, activeTimeout: next['active-timeout'] * 1000 };
    } catch (error) {
      this.log(`the settings stay as they were: ${(error as Error).message}`, 'error');
      return undefined;
    }
  }
}
