import { join } from 'node:path';
import { type CollectorConfig, collectorSchema } from '@weir/collector';
import {
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
  restore,
} from '@weir/probe';
import type { Command } from 'commander';
import { Type } from 'typebox';
import { Child } from './child.js';
import { commandOf, configure, toArguments } from './config.js';
import { WeirError } from './error.js';
import { onReload, untilStopped } from './lifetime.js';
import { log, setLogFormat } from './log.js';
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
    const read = () => configure(upSchema, command, [probeSchema, collectorSchema], DEFAULTS);
    const config = read();
    setLogFormat(config['log-format']);
    const stopped = untilStopped();
    const obstacle = checkPlatform() ?? checkPrivilege();
    if (obstacle !== undefined) throw new WeirError(describe(obstacle));
    const giveUp = claimNamespace();
    say(`weir ${VERSION}: looking at this network namespace ...`);
    try {
      for (const line of await prepare()) say(`  ${line}`);
      await run(config, read, stopped);
    } finally {
      for (const line of restore('up')) say(`  restored  ${line}`);
      giveUp();
    }
  });
}

async function run(config: UpConfig, read: () => UpConfig, stopped: Promise<void>): Promise<void> {
  say(`  starting  the collector, data in ${config.data} ...`);
  const collector = new Child('collect', toArguments(only(config, collectorSchema.properties)), log);
  const probe = new Child('probe', toArguments(probeConfig(config)), log);
  let current = config;
  onReload(() => {
    current = reload(probe, current, read);
  });
  try {
    await Promise.race([start(collector, probe), stopped]);
    await stopped;
    say('stopping: exporting what is left ...');
  } finally {
    await probe.stop();
    await restoreNamespaces(current);
    await collector.stop();
  }
}

/** Reads the configuration again: the probe takes over what it can. @returns the configuration that holds from now on */
function reload(probe: Child, current: UpConfig, read: () => UpConfig): UpConfig {
  try {
    const next = read();
    const fixed = Object.keys(collectorSchema.properties) as (keyof CollectorConfig)[];
    const changed = fixed.filter(key => JSON.stringify(next[key]) !== JSON.stringify(current[key]));
    if (changed.length > 0)
      log(`configuration: ${changed.join(', ')} of the collector need a restart to change`, 'warning');
    const kept = { ...next, ...only(current, collectorSchema.properties) };
    const config = probeConfig(kept);
    checkConfig(config);
    probe.reconfigure(config, toArguments(config));
    return kept;
  } catch (error) {
    log(`the configuration is not taken over, everything stays as it was: ${(error as Error).message}`, 'error');
    return current;
  }
}

/** A probe that was killed has not restored the namespaces that it had prepared; one that has gone needs nothing. */
async function restoreNamespaces(config: UpConfig): Promise<void> {
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

function only(config: object, properties: object): object {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key in properties));
}

function say(line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}
