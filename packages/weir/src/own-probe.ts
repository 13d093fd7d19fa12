import {
  type Changes,
  type LoopStatistics,
  type MetricsServer,
  type ProbeConfig,
  type RunningProbe,
  type RunningState,
  startMetrics,
  startProbe,
} from '@weir/probe';
import { WeirError } from './error.js';
import { log, setLogFormat } from './log.js';
import { withEndpointOf } from './setup-door.js';
import { VERSION } from './version.js';

/** The probe of this process with its metrics, which takes over other settings, and can be started again with others. */
export class OwnProbe {
  /** Resolves when the probe has ended by itself. */
  readonly failed: Promise<Error>;
  #fail: (error: Error) => void = () => {};
  #probe: RunningProbe | undefined;
  #metrics: MetricsServer | undefined;
  /** Of the probes before. */
  readonly #totals: LoopStatistics[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** @param selfIsPrepared who started this process has prepared the namespace, and has said what it found */
  constructor(private readonly selfIsPrepared: boolean) {
    this.failed = new Promise(done => (this.#fail = done));
  }

  /** @throws WeirError where something prevents it */
  async start(config: ProbeConfig): Promise<void> {
    setLogFormat(config['log-format']);
    const probe = await startProbe(config, { log, selfIsPrepared: this.selfIsPrepared });
    this.#probe = probe;
    void probe.failed.then(error => probe === this.#probe && this.#fail(error));
    if (config.metrics === undefined) return;
    const tokenFile = config['metrics-token-file'];
    const status = () => probe.status();
    this.#metrics = await startMetrics({ listen: config.metrics, tokenFile, version: VERSION, status });
  }

  get metricsUrl(): string | undefined {
    return this.#metrics?.url;
  }

  /** Not while it is started again. */
  get isMetering(): boolean {
    return this.#probe !== undefined;
  }

  /** It is there, and its loops move. */
  get isWell(): boolean {
    return this.#probe === undefined || !this.#probe.isStuck;
  }

  /** @throws WeirError while it is started again */
  state(): RunningState {
    if (this.#probe === undefined) throw new WeirError('the probe is being started again: try again');
    return { namespaces: this.#probe.status(), inForce: this.#probe.inForce };
  }

  /** One after the other, so that the last one read is the one that stays. */
  reconfigure(read: () => ProbeConfig): Promise<Changes> {
    return this.#oneAtATime(async () => {
      try {
        const changes = await this.#running.reconfigure(read());
        for (const line of linesOf(changes)) log(line);
        return changes;
      } catch (error) {
        log(`the configuration is not taken over, everything stays as it was: ${(error as Error).message}`, 'error');
        throw error;
      }
    });
  }

  /** Ends in order and starts with these. @throws WeirError where it does not start: it works by the former ones then */
  restart(config: ProbeConfig): Promise<void> {
    return this.#oneAtATime(async () => {
      const { inForce } = this.#running;
      log('the probe is started again, as the setup asks for');
      await this.#end();
      try {
        await this.start(withEndpointOf(inForce, config));
      } catch (error) {
        const why = (error as Error).message;
        log(`the probe does not start with the new settings, and works by the former ones: ${why}`, 'error');
        await this.#end();
        await this.start(inForce).catch(this.#fail);
        throw new WeirError(`${why}; it works by the former ones again`);
      }
    });
  }

  /** @returns what all its probes have counted */
  async stop(): Promise<LoopStatistics[]> {
    await this.#last;
    await this.#end();
    return this.#totals;
  }

  get #running(): RunningProbe {
    if (this.#probe === undefined) throw new WeirError('the probe does not run');
    return this.#probe;
  }

  async #end(): Promise<void> {
    const [probe, metrics] = [this.#probe, this.#metrics];
    this.#probe = undefined;
    this.#metrics = undefined;
    await metrics?.close();
    this.#totals.push(...((await probe?.stop()) ?? []));
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

function linesOf({ applied, needRestart }: Changes): string[] {
  return [
    applied.length === 0
      ? 'configuration read again: nothing to change'
      : `configuration: ${applied.join(', ')} changed`,
    ...(needRestart.length === 0 ? [] : [`configuration: ${needRestart.join(', ')} need a restart to change`]),
  ];
}
