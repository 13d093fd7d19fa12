import { collectorSchema } from '@weir/collector/schema';
import { type LoopStatistics, type ProbeConfig, preflight, probeSchema, StatusLine } from '@weir/probe';
import type { Command } from 'commander';
import { commandOf } from './config.js';
import { Configuration } from './configuration.js';
import { announce, keepServiceManagerInformed, onQuestion, onReload, untilStopped } from './lifetime.js';
import { hasStatusLine, log, writeStatus } from './log.js';
import { OwnProbe } from './own-probe.js';
import { type SetupServer, serveSetup, setupDoor } from './setup-door.js';

const STATUS_MILLISECONDS = 1000;

type Source = Configuration<typeof probeSchema.properties>;

/** `weir probe`: meters network namespaces and exports to collectors. */
export function probeCommand(): Command {
  const command = commandOf('probe', probeSchema).description('Meter network namespaces and export to collectors.');
  return command.action(async () => {
    const source = new Configuration({ schema: probeSchema, command, known: [probeSchema, collectorSchema] });
    const config = source.read();
    const stopped = untilStopped();
    // `weir up` has prepared this namespace already, and has said what it found.
    const supervised = process.send !== undefined;
    const probe = new OwnProbe(supervised);
    let totals: LoopStatistics[] = [];
    try {
      await probe.start(config);
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
async function meter(probe: OwnProbe, config: ProbeConfig, surroundings: Surroundings): Promise<void> {
  const { stopped, supervised, source } = surroundings;
  onReload(() => void probe.reconfigure(() => source.read()).catch(() => {}));
  onQuestion(({ reconfigure: given }) =>
    given === undefined ? probe.state() : probe.reconfigure(() => given as ProbeConfig),
  );
  // What sets up a probe under `weir up` is served there.
  const setup = supervised ? undefined : await serveControl(config, source, probe);
  announce(`metering, exporting to ${config.collector.join(', ')}${placesOf(probe.metricsUrl, setup)}`);
  if (!supervised && config.namespace.includes('self')) await warn();
  const informed = keepServiceManagerInformed(() => probe.isWell);
  const status = hasStatusLine() ? showStatus(probe) : undefined;
  const failure = await Promise.race([probe.failed, stopped]);
  clearInterval(status);
  informed();
  await setup?.close();
  if (failure !== undefined) throw failure;
}

function placesOf(metrics: string | undefined, setup: SetupServer | undefined): string {
  const places = [metrics && `metrics at ${metrics}`, ...(setup?.urls ?? []).map(url => `setup at ${url}`)];
  return places.map(place => (place === undefined ? '' : `, ${place}`)).join('');
}

function serveControl(config: ProbeConfig, configuration: Source, probe: OwnProbe): Promise<SetupServer> {
  const door = setupDoor({
    configuration,
    probeConfig: values => values,
    look: async () => probe.state(),
    reconfigure: next => probe.reconfigure(() => next),
    restart: next => probe.restart(next),
  });
  const addresses = config.control === undefined ? [] : [config.control];
  return serveSetup(door, addresses, config['control-token-file']);
}

function showStatus(probe: OwnProbe): NodeJS.Timeout {
  const line = new StatusLine();
  return setInterval(() => {
    if (probe.isMetering) writeStatus(line.text(probe.state().namespaces, performance.now()));
  }, STATUS_MILLISECONDS);
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
