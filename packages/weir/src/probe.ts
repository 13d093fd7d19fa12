import { collectorSchema } from '@weir/collector';
import {
  type Changes,
  type LoopStatistics,
  type MetricsServer,
  type ProbeConfig,
  preflight,
  probeSchema,
  type RunningProbe,
  StatusLine,
  startMetrics,
  startProbe,
} from '@weir/probe';
import type { Command } from 'commander';
import { commandOf, configure } from './config.js';
import { announce, onReload, untilStopped } from './lifetime.js';
import { hasStatusLine, log, setLogFormat, writeStatus } from './log.js';
import { VERSION } from './version.js';

const STATUS_MILLISECONDS = 1000;

/** `weir probe`: meters network namespaces and exports to collectors. */
export function probeCommand(): Command {
  const command = commandOf('probe', probeSchema).description('Meter network namespaces and export to collectors.');
  return command.action(async () => {
    const read = () => configure(probeSchema, command, [probeSchema, collectorSchema]);
    const config = read();
    setLogFormat(config['log-format']);
    const stopped = untilStopped();
    // `weir up` has prepared this namespace already, and has said what it found.
    const supervised = process.send !== undefined;
    const probe = await startProbe(config, { log, selfIsPrepared: supervised });
    let totals: LoopStatistics[] = [];
    try {
      await meter(probe, config, { stopped, supervised, read });
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
  readonly read: () => ProbeConfig;
}

/** Until it is told to stop. @throws what ends it before that */
async function meter(probe: RunningProbe, config: ProbeConfig, surroundings: Surroundings): Promise<void> {
  const { stopped, supervised, read } = surroundings;
  const metrics = await serveMetrics(config, probe);
  reloadOnRequest(probe, read);
  announce(`metering, exporting to ${config.collector.join(', ')}${metrics ? `, metrics at ${metrics.url}` : ''}`);
  if (!supervised && config.namespace.includes('self')) await warn();
  const status = hasStatusLine() ? showStatus(probe) : undefined;
  const failure = await Promise.race([probe.failed, stopped]);
  clearInterval(status);
  await metrics?.close();
  if (failure !== undefined) throw failure;
}

function serveMetrics(config: ProbeConfig, probe: RunningProbe): Promise<MetricsServer> | undefined {
  if (config.metrics === undefined) return undefined;
  const tokenFile = config['metrics-token-file'];
  return startMetrics({ listen: config.metrics, tokenFile, version: VERSION, status: () => probe.status() });
}

/** One after the other, so that the last one read is the one that stays. */
function reloadOnRequest(probe: RunningProbe, read: () => ProbeConfig): void {
  let last = Promise.resolve();
  onReload(given => {
    last = last.then(() => reload(probe, () => (given as ProbeConfig | undefined) ?? read()));
  });
}

async function reload(probe: RunningProbe, read: () => ProbeConfig): Promise<void> {
  try {
    for (const line of linesOf(await probe.reconfigure(read()))) log(line);
  } catch (error) {
    log(`the configuration is not taken over, everything stays as it was: ${(error as Error).message}`, 'error');
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
