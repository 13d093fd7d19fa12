import { join, resolve } from 'node:path';
import { type CollectorConfig, collectorSchema } from '@weir/collector/schema';
import {
  type Changes,
  checkConfig,
  checkPlatform,
  checkPrivilege,
  claimNamespace,
  describe,
  inNamespace,
  type ProbeConfig,
  parseNamespaces,
  prepare,
  probeSchema,
  type RunningState,
  restore,
} from '@weir/probe';
import type { Command } from 'commander';
import { Type } from 'typebox';
import { Child } from './child.js';
import { commandOf, toArguments } from './config.js';
import { Configuration } from './configuration.js';
import { WeirError } from './error.js';
import { keepServiceManagerInformed, onReload, untilStopped } from './lifetime.js';
import { log, setLogFormat } from './log.js';
import { type SetupServer, serveSetup, setupDoor, withEndpointOf } from './setup-door.js';
import { VERSION } from './version.js';

/**
 * A page that is looked at wants news sooner than a collector far away does. Our own collector needs no naming: `--collector`
 * names further ones.
 */
const DEFAULTS = { 'active-timeout': 10, collector: [], mend: true };
const upSchema = Type.Object({ ...probeSchema.properties, ...collectorSchema.properties });
type UpConfig = ProbeConfig & CollectorConfig;

/** `weir up`: probe, collector and pages for this machine, with all that is in the way mended meanwhile. */
export function upCommand(): Command {
  const command = commandOf('up', upSchema, DEFAULTS).description(
    'Meter this machine: probe, collector and pages in one.',
  );
  return command.action(async () => {
    const source = new Configuration({
      schema: upSchema,
      command,
      known: [probeSchema, collectorSchema],
      defaults: DEFAULTS,
      usualFile: ({ data }) => join(String(data), 'weir.yaml'),
    });
    const config = source.read();
    setLogFormat(config['log-format']);
    const stopped = untilStopped();
    const obstacle = checkPlatform() ?? checkPrivilege();
    if (obstacle !== undefined) throw new WeirError(describe(obstacle));
    const giveUp = claimNamespace();
    say(`weir ${VERSION}: looking at this network namespace ...`);
    try {
      for (const line of await prepare()) say(`  ${line}`);
      await run(config, source, stopped);
    } finally {
      for (const line of restore('up')) say(`  restored  ${line}`);
      giveUp();
    }
  });
}

type Source = Configuration<typeof upSchema.properties>;

async function run(config: UpConfig, source: Source, stopped: Promise<void>): Promise<void> {
  say(`  starting  the collector, data in ${config.data} ...`);
  const collector = new Child('collect', toArguments(collectorConfig(config)), log);
  const probe = new SupervisedProbe(config);
  onReload(() => void reload(probe, config, source));
  let setup: SetupServer | undefined;
  try {
    await Promise.race([start(collector, probe.child), stopped]);
    setup = await serveProbeSetup(config, source, probe);
    const informed = keepServiceManagerInformed(() => true);
    await stopped;
    informed();
    say('stopping: exporting what is left ...');
  } finally {
    await setup?.close();
    await probe.child.stop();
    await restoreNamespaces(probe.config);
    await collector.stop();
  }
}

/** The probe under this command, and what it works by. */
class SupervisedProbe {
  readonly child: Child;

  config: ProbeConfig;

  constructor(config: UpConfig) {
    this.config = probeConfig(config);
    this.child = new Child('probe', toArguments(this.config), log);
  }

  /** @throws WeirError where it refuses, or does not run at the moment */
  async reconfigure(config: ProbeConfig): Promise<Changes> {
    const changes = (await this.child.ask({ reconfigure: config })) as Changes;
    this.startWith(config);
    return changes;
  }

  /**
   * Ends it in order and starts it with this; where its endpoint is stays, which is served from here.
   *
   * @throws WeirError where it does not start: it works as before then
   */
  async restart(config: ProbeConfig): Promise<void> {
    const { inForce } = (await this.child.ask()) as RunningState;
    const next = withEndpointOf(inForce, config);
    log('the probe is started again, as the setup asks for');
    try {
      await this.child.replace(toArguments(next), toArguments(inForce));
      this.config = next;
    } catch (error) {
      this.config = inForce;
      throw new WeirError(
        `${(error as Error).message}; the log says why, and it is started with the former ones again`,
      );
    }
  }

  /** With the next start. */
  startWith(config: ProbeConfig): void {
    this.config = config;
    this.child.startWith(toArguments(config));
  }
}

/** The pages reach it by a socket beside the data. */
function serveProbeSetup(config: UpConfig, source: Source, probe: SupervisedProbe): Promise<SetupServer> {
  const door = setupDoor({
    configuration: source,
    probeConfig: values => probeConfig(withCollectorOf(config, values)),
    look: async () => (await probe.child.ask()) as RunningState,
    reconfigure: next => probe.reconfigure(next),
    restart: next => probe.restart(next),
  });
  const addresses = [socketOf(config), ...(config.control === undefined ? [] : [config.control])];
  return serveSetup(door, addresses, config['control-token-file']);
}

/** Reads the configuration again: the probe takes over what it can, and says what. */
async function reload(probe: SupervisedProbe, config: UpConfig, source: Source): Promise<void> {
  try {
    const read = source.read();
    const fixed = Object.keys(collectorSchema.properties) as (keyof CollectorConfig)[];
    const changed = fixed.filter(key => JSON.stringify(read[key]) !== JSON.stringify(config[key]));
    if (changed.length > 0)
      log(`configuration: ${changed.join(', ')} of the collector need a restart to change`, 'warning');
    const next = probeConfig(withCollectorOf(config, read));
    checkConfig(next);
    // One that has just died reads them when it is started again; one that refuses has said so.
    if (probe.child.isRunning) await probe.reconfigure(next).catch(() => {});
    else probe.startWith(next);
  } catch (error) {
    log(`the configuration is not taken over, everything stays as it was: ${(error as Error).message}`, 'error');
  }
}

/** The collector goes on as it was started. */
function withCollectorOf(config: UpConfig, next: UpConfig): UpConfig {
  return { ...next, ...only(config, collectorSchema.properties) };
}

/** A probe that was killed has not restored the namespaces that it had prepared; one that has gone needs nothing. */
async function restoreNamespaces(config: ProbeConfig): Promise<void> {
  for (const { name, path } of parseNamespaces(config.namespace, config.domain)) {
    if (path === undefined) continue;
    for (const line of await inNamespace(path, 'restoreUp').catch(() => [])) say(`  restored  ${name}: ${line}`);
  }
}

async function start(collector: Child, probe: Child): Promise<void> {
  const collecting = await collector.start();
  say('  starting  the probe ...');
  await probe.start();
  say(`metering; ${collecting}`);
  say('Ctrl-C stops and restores what was changed.');
}

/** The probe exports to our collector as well as to those named, and keeps its memory with the data. */
function probeConfig(config: UpConfig): ProbeConfig {
  const [own] = config.listen;
  const reachable = own.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]');
  return {
    ...(only(config, probeSchema.properties) as ProbeConfig),
    collector: [reachable, ...config.collector],
    state: config.state ?? join(config.data, 'probe.state'),
  };
}

/** The pages set up our own probe as well as those named. */
function collectorConfig(config: UpConfig): object {
  return { ...only(config, collectorSchema.properties), probe: [`local=${socketOf(config)}`, ...config.probe] };
}

function socketOf({ data }: UpConfig): string {
  return `unix:${join(resolve(data), 'probe.sock')}`;
}

function only(config: object, properties: object): object {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key in properties));
}

function say(line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}
