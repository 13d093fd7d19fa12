import type { ProbeConfig } from '../config/schema.js';
import { parseTransport } from '../config/transport.js';
import { WeirError } from '../error.js';
import { parseFields } from '../exporting/field-selection.js';
import { checkConntrack, checkPlatform, checkPrivilege } from '../preflight/checks.js';
import { describe } from '../preflight/finding.js';
import { clearStaleFiles } from '../preflight/stale-files.js';
import { NO_SCTP, noSctp } from '../sending/sctp-socket.js';
import { type Changes, changesOf } from './changes.js';
import type { CollectorPlan, CollectorStatus } from './collector-set.js';
import { type KernelSource, openKernelSource } from './kernel-source.js';
import type { Log } from './log.js';
import type { LoopStatistics } from './loop-statistics.js';
import { MeteredNamespace } from './metered-namespace.js';
import type { ThreadChange, ThreadSettings } from './metering-thread.js';
import { type NamespaceTarget, parseNamespaces } from './namespaces.js';
import { withOwnFiles } from './own-files.js';
import { selectionOptions } from './selection-options.js';
import { spoolDirectory } from './spool-directory.js';

/** What is known of one of the metered namespaces. */
export interface NamespaceStatus {
  readonly name: string;
  readonly domain: number;
  readonly disappearances: number;
  /** Undefined while the namespace is not there. */
  readonly statistics: LoopStatistics | undefined;
  readonly collectors: readonly CollectorStatus[];
}

export interface RunningProbe {
  /** Connections taken over from a former run. */
  readonly adopted: number;
  /** Resolves when the probe has ended by itself, which is an error. */
  readonly failed: Promise<Error>;
  /** One of the metering loops has not moved for some ten seconds. */
  readonly isStuck: boolean;
  /** As told about a second ago. */
  status(): NamespaceStatus[];
  /** What it works by: of keys that need a restart, what they were at the start. */
  readonly inForce: ProbeConfig;
  /**
   * Takes over what can be taken over without a restart; no Flow is lost by it.
   *
   * @throws WeirError where `next` is not valid as a whole: then nothing has changed
   */
  reconfigure(next: ProbeConfig): Promise<Changes>;
  /** Exports what is left and ends. */
  stop(): Promise<LoopStatistics[]>;
}

/** How the probe is run. */
export interface ProbeSurroundings {
  readonly log: Log;
  /** Somebody else has prepared the namespace that the probe runs in, and restores it. */
  readonly selfIsPrepared: boolean;
}

/**
 * Starts the probe and waits until it has seen all connections of each namespace once.
 *
 * @throws WeirError where something prevents it
 */
export async function startProbe(config: ProbeConfig, surroundings: ProbeSurroundings): Promise<RunningProbe> {
  const obstacle = checkPlatform() ?? checkPrivilege() ?? checkConntrack();
  if (obstacle !== undefined) throw new WeirError(describe(obstacle));
  const plan = planOf(config, surroundings.log);
  for (const path of await clearStaleFiles()) surroundings.log(`${path}: removed, its network namespace is gone`);
  const probe = new Probe(config, surroundings, openKernelSource(config, surroundings.log));
  try {
    await probe.start(plan);
  } catch (error) {
    await probe.stop().catch(() => {});
    throw error;
  }
  return probe;
}

/** A configuration that has been looked at as a whole. */
interface Plan {
  readonly namespaces: readonly NamespaceTarget[];
  readonly change: ThreadChange;
}

function planOf(config: ProbeConfig, log: Log): Plan {
  const { namespaces, collectors } = checkConfig(config);
  const plan: CollectorPlan = {
    collectors,
    spool: spoolDirectory(config.spool, collectors, log),
    spoolOctets: config['spool-size'],
    exporting: {
      distribution: config.distribute,
      refresh: {
        milliseconds: config['template-refresh-interval'] * 1000,
        messages: config['template-refresh-messages'],
      },
    },
  };
  return { namespaces, change: { plan, activeTimeout: config['active-timeout'] * 1000 } };
}

/** Looks at what the schema cannot say of a configuration. @throws WeirError naming what is wrong and what to do */
export function checkConfig(config: ProbeConfig): {
  namespaces: NamespaceTarget[];
  collectors: CollectorPlan['collectors'];
} {
  parseFields(config.fields);
  selectionOptions(config);
  const twice = config.collector.find((url, i) => config.collector.indexOf(url) < i);
  if (twice !== undefined) throw new WeirError(`collector "${twice}" is named twice: name it once`);
  if (config.namespace.length > 1 && config.collector.includes('file:-')) {
    throw new WeirError('"file:-" is one stream, and several namespaces are metered: write file:PATH');
  }
  const collectors = config.collector.map(url => ({ url, target: parseTransport(url) }));
  const overSctp = collectors.find(({ target }) => target.kind === 'sctp');
  const missing = overSctp && noSctp();
  if (missing !== undefined) throw new WeirError(`collector "${overSctp?.url}": ${NO_SCTP} (${missing})`);
  return { namespaces: parseNamespaces(config.namespace, config.domain), collectors };
}

class Probe implements RunningProbe {
  adopted = 0;
  readonly failed: Promise<Error>;
  #fail: (error: Error) => void = () => {};
  #metered: MeteredNamespace[] = [];
  #change: ThreadChange | undefined;

  constructor(
    private config: ProbeConfig,
    private readonly surroundings: ProbeSurroundings,
    private readonly kernel: KernelSource | undefined,
  ) {
    this.failed = new Promise(done => {
      this.#fail = done;
    });
  }

  get inForce(): ProbeConfig {
    return this.config;
  }

  get isStuck(): boolean {
    return this.#metered.some(each => each.isStuck);
  }

  async start({ namespaces, change }: Plan): Promise<void> {
    this.#change = change;
    const adopted = await Promise.all(namespaces.map(target => this.#add(target, change)));
    this.adopted = adopted.reduce((sum, each) => sum + each, 0);
  }

  status(): NamespaceStatus[] {
    return this.#metered.map(({ target, disappearances, statistics, collectors }) => {
      return { name: target.name, domain: target.domain, disappearances, statistics, collectors };
    });
  }

  async reconfigure(next: ProbeConfig): Promise<Changes> {
    checkConfig(next);
    // The domain waits for a restart: a namespace with another one would be another Observation Domain, begun anew.
    const { namespaces, change } = planOf({ ...next, domain: this.config.domain }, this.surroundings.log);
    const changes = changesOf(this.config, next);
    const stays = (target: NamespaceTarget) => namespaces.some(each => isSame(each, target));
    const gone = this.#metered.filter(({ target }) => !stays(target));
    const kept = this.#metered.filter(({ target }) => stays(target));
    const added = namespaces.filter(target => !kept.some(each => isSame(each.target, target)));
    await this.#changeAll(kept, change);
    this.#metered = kept;
    await Promise.all(gone.map(each => each.stop()));
    try {
      await Promise.all(added.map(target => this.#add(target, change)));
    } catch (error) {
      await this.#goBack(kept, gone);
      throw error;
    }
    this.#change = change;
    // What needs a restart is still as it was, and is told of again at the next change.
    const applied = Object.fromEntries(changes.applied.map(key => [key, next[key as keyof ProbeConfig]]));
    this.config = { ...this.config, ...applied };
    return changes;
  }

  async stop(): Promise<LoopStatistics[]> {
    const statistics = await Promise.all(this.#metered.map(each => each.stop()));
    this.kernel?.close();
    return statistics.filter(each => each !== undefined);
  }

  /** All of them or none. */
  async #changeAll(metered: readonly MeteredNamespace[], change: ThreadChange): Promise<void> {
    const changes = await Promise.allSettled(metered.map(each => each.change(changeOf(each.target, change))));
    const refused = changes.find(each => each.status === 'rejected');
    if (refused === undefined) return;
    const before = this.#change!;
    const taken = metered.filter((_, i) => changes[i].status === 'fulfilled');
    await Promise.all(taken.map(each => each.change(changeOf(each.target, before))));
    throw refused.reason;
  }

  /** One of the namespaces that were added cannot be metered: all is to be as it was. */
  async #goBack(kept: readonly MeteredNamespace[], gone: readonly MeteredNamespace[]): Promise<void> {
    const added = this.#metered.filter(each => !kept.includes(each));
    await Promise.all(added.map(each => each.stop().catch(() => undefined)));
    this.#metered = [...kept];
    const before = this.#change!;
    await this.#changeAll(kept, before);
    await Promise.all(gone.map(({ target }) => this.#add(target, before)));
  }

  #add(target: NamespaceTarget, change: ThreadChange): Promise<number> {
    const { log } = this.surroundings;
    const isSelf = target.path === undefined;
    const metered = new MeteredNamespace(target, this.#settings(target, change), (line, level) =>
      log(isSelf ? line : `${target.name}: ${line}`, level),
    );
    this.#metered.push(metered);
    void metered.failed.then(error => this.#fail(error));
    return metered.start();
  }

  #settings(target: NamespaceTarget, change: ThreadChange): ThreadSettings {
    const { config } = this;
    const isSelf = target.path === undefined;
    return {
      ...changeOf(target, change),
      path: target.path,
      domain: target.domain,
      domainName: isSelf ? '' : target.name,
      fields: config.fields,
      tcpEvents: config['tcp-events'],
      selection: selectionOptions(config),
      asTable: config['as-table'],
      eventBuffer: config['event-buffer'],
      reliable: config.reliable,
      flowTableEntries: config['flow-table-entries'],
      state: isSelf ? config.state : undefined,
      kernel: this.kernel?.input,
      mends: config.mend,
      prepares: config.mend && !(isSelf && this.surroundings.selfIsPrepared),
    };
  }
}

function changeOf(target: NamespaceTarget, change: ThreadChange): ThreadChange {
  return { ...change, plan: withOwnFiles(change.plan, target) };
}

function isSame(a: NamespaceTarget, b: NamespaceTarget): boolean {
  return a.name === b.name && a.domain === b.domain;
}
