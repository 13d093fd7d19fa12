import { collectorSchema } from '@weir/collector/schema';
import {
  type Changes,
  type LoopStatistics,
  type MetricsServer,
  type ProbeConfig,
  preflight,
  probeSchema,
  type RunningProbe,
  type RunningState,
  StatusLine,
  startMetrics,
  startProbe,
} from '@weir/probe';
import type { Command } from 'commander';
import { commandOf } from './config.js';
import { Configuration } from './configuration.js';
import { announce, onQuestion, onReload, untilStopped } from './lifetime.js';
import { hasStatusLine, log, setLogFormat, writeStatus } from './log.js';
import { type SetupServer, serveSetup, setupDoor } from './setup-door.js';
import { VERSION } from './version.js';

const STATUS_MILLISECONDS = 1000;

type Source = Configuration<typeof probeSchema.properties>;

/** `weir probe`: meters network namespaces and exports to collectors. */
export function probeCommand(): Command {
  const command = commandOf('probe', probeSchema).description('Meter network namespaces and export to collectors.');
  return command.action(async () => {
    const source = new Configuration({ schema: probeSchema, command, known: [probeSchema, collectorSchema] });
    const config = source.read();
    setLogFormat(config['log-format']);
    const stopped = untilStopped();
    // `weir up` has prepared this namespace already, and has said what it found.
    const supervised = process.send !== undefined;
    const probe = await startProbe(config, { log, selfIsPrepared: supervised });
    let totals: LoopStatistics[] = [];
    try {
      await meter(probe, config, { stopped, supervised, source });
    } finally {
      totals = await probe.stop();
    }
    log(summary(totals));
    if (process.connected) process.disconnect();
  });
}

interface Surroundings {
  readonly stopped: Promise<void>;
  readonly supervised: boolean;
  readonly source: Source;
}

/** Until it is told to stop. @throws what ends it before that */
async function meter(probe: RunningProbe, config: ProbeConfig, surroundings: Surroundings): Promise<void> {
  const { stopped, supervised, source } = surroundings;
  const metrics = await serveMetrics(config, probe);
  const reconfigure = oneAfterTheOther(probe);
  onReload(() => void reconfigure(() => source.read()).catch(() => {}));
  onQuestion(({ reconfigure: given }) =>
    given === undefined ? stateOf(probe) : reconfigure(() => given as ProbeConfig),
  );
  // What sets up a probe under `weir up` is served there.
  const setup = supervised ? undefined : await serveControl(config, source, probe, reconfigure);
  announce(`metering, exporting to ${config.collector.join(', ')}${placesOf(metrics, setup)}`);
  if (!supervised && config.namespace.includes('self')) await warn();
  const status = hasStatusLine() ? showStatus(probe) : undefined;
  const failure = await Promise.race([probe.failed, stopped]);
  clearInterval(status);
  await setup?.close();
  await metrics?.close();
  if (failure !== undefined) throw failure;
}

function placesOf(metrics: MetricsServer | undefined, setup: SetupServer | undefined): string {
  const places = [metrics && `metrics at ${metrics.url}`, ...(setup?.urls ?? []).map(url => `setup at ${url}`)];
  return places.map(place => (place === undefined ? '' : `, ${place}`)).join('');
}

function serveMetrics(config: ProbeConfig, probe: RunningProbe): Promise<MetricsServer> | undefined {
  if (config.metrics === undefined) return undefined;
  const tokenFile = config['metrics-token-file'];
  return startMetrics({ listen: config.metrics, tokenFile, version: VERSION, status: () => probe.status() });
}

function serveControl(
  config: ProbeConfig,
  configuration: Source,
  probe: RunningProbe,
  reconfigure: Reconfigure,
): Promise<SetupServer> {
  const door = setupDoor({
    configuration,
    probeConfig: values => values,
    look: async () => stateOf(probe),
    reconfigure: next => reconfigure(() => next),
  });
  const addresses = config.control === undefined ? [] : [config.control];
  return serveSetup(door, addresses, config['control-token-file']);
}

function stateOf(probe: RunningProbe): RunningState {
  return { namespaces: probe.status(), inForce: probe.inForce };
}

type Reconfigure = (read: () => ProbeConfig) => Promise<Changes>;

/** One after the other, so that the last one read is the one that stays. */
function oneAfterTheOther(probe: RunningProbe): Reconfigure {
  let last: Promise<unknown> = Promise.resolve();
  return read => {
    const changes = last.then(() => reconfigure(probe, read));
    last = changes.catch(() => {});
    return changes;
  };
}

async function reconfigure(probe: RunningProbe, read: () => ProbeConfig): Promise<Changes> {
  try {
    const changes = await probe.reconfigure(read());
    for (const line of linesOf(changes)) log(line);
    return changes;
  } catch (error) {
    log(`the configuration is not taken over, everything stays as it was: ${(error as Error).message}`, 'error');
    throw error;
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

function showStatus(probe: RunningProbe): NodeJS.Timeout {
  const line = new StatusLine();
  return setInterval(() => writeStatus(line.text(probe.status(), performance.now())), STATUS_MILLISECONDS);
}

function summary(totals: readonly LoopStatistics[]): string {
  const sum = (key: keyof LoopStatistics) => totals.reduce((total, each) => total + each[key], 0);
  return `${sum('exportedFlowRecordTotalCount')} Flow Records exported, ${sum('notSentFlowTotalCount')} flows lost`;
}

async function warn(): Promise<void> {
  for (const { level, what, meaning, command } of await preflight()) {
    if (level === 'problem') log(`${what}: ${meaning}. Mend it with "weir doctor --fix" or: ${command}`, 'warning');
  }
}
