import { join } from 'node:path';
import { type CollectorConfig, collectorSchema } from '@weir/collector';
import {
  checkPlatform,
  checkPrivilege,
  claimNamespace,
  type Finding,
  mend,
  type ProbeConfig,
  preflight,
  probeSchema,
  restore,
} from '@weir/probe';
import type { Command } from 'commander';
import { Type } from 'typebox';
import { Child } from './child.js';
import { commandOf, configure, toArguments } from './config.js';
import { WeirError } from './error.js';
import { log, untilStopped } from './lifetime.js';
import { VERSION } from './version.js';

/**
 * A page that is looked at wants news sooner than a collector far away does. Our own collector needs no naming: `--collector`
 * names further ones.
 */
const DEFAULTS = { 'active-timeout': 10, collector: [] };
const upSchema = Type.Object({ ...probeSchema.properties, ...collectorSchema.properties });

/** `weir up`: probe, collector and pages for this network namespace, with all that is in the way mended meanwhile. */
export function upCommand(): Command {
  const command = commandOf('up', upSchema, DEFAULTS).description(
    'Meter this machine: probe, collector and pages in one.',
  );
  return command.action(async () => {
    const config = configure(upSchema, command, [probeSchema, collectorSchema], DEFAULTS);
    const stopped = untilStopped();
    const obstacle = checkPlatform() ?? checkPrivilege();
    if (obstacle !== undefined) throw new WeirError(describe(obstacle));
    const giveUp = claimNamespace();
    say(`weir ${VERSION}: looking at this network namespace ...`);
    try {
      await prepare();
      await run(config, stopped);
    } finally {
      for (const line of restore('up')) say(`  restored  ${line}`);
      giveUp();
    }
  });
}

/** Mends what can be mended; some things show only after others are mended, hence twice. */
async function prepare(): Promise<void> {
  const said = new Set<string>();
  for (let round = 0; round < 2; round++) {
    const findings = await preflight();
    const stop = findings.find(finding => finding.level === 'fatal');
    if (stop !== undefined) throw new WeirError(describe(stop));
    for (const line of mend(findings, 'up').filter(each => !said.has(each))) {
      said.add(line);
      say(`  mending   ${line}`);
    }
  }
  for (const finding of await preflight()) if (finding.level === 'problem') say(`  ${describe(finding)}`);
}

async function run(config: ProbeConfig & CollectorConfig, stopped: Promise<void>): Promise<void> {
  say(`  starting  the collector, data in ${config.data} ...`);
  const collector = new Child('collect', toArguments(only(config, collectorSchema.properties)), log);
  const probe = new Child(
    'probe',
    toArguments({ ...only(config, probeSchema.properties), ...probeDefaults(config) }),
    log,
  );
  try {
    await Promise.race([start(collector, probe), stopped]);
    await stopped;
    say('stopping: exporting what is left ...');
  } finally {
    await probe.stop();
    await collector.stop();
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
function probeDefaults(config: ProbeConfig & CollectorConfig): Partial<ProbeConfig> {
  const [own] = config.listen;
  const reachable = own.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]');
  return { collector: [reachable, ...config.collector], state: config.state ?? join(config.data, 'probe.state') };
}

function only(config: object, properties: object): object {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key in properties));
}

function describe({ what, meaning, command }: Finding): string {
  return `${what}: ${meaning}.${command ? ` -> ${command}` : ''}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
