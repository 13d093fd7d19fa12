import { join } from 'node:path';
import { WeirError } from '../../error.js';
import { benchProgramDirectory } from '../../paths.js';
import { untilQuiet } from '../../run/quiet.js';
import { sleep } from '../../run/wait.js';
import type { Source } from '../../subjects/weir.js';
import { destroyKernelFlows, kernelFlowCount } from '../../truth/conntrack.js';
import { flowCount, type KernelBed } from './bed.js';
import { between, type Times, times } from './times.js';

/** Seconds. Longer than the creation and the destruction of all flows. */
const noInterimReports = 3000;
const sweepInterval = 30;
/** For all events unread, each with its own memory in the kernel. */
const listenerBuffer = 900_000_000;

/** What hears of flows while they are created and destroyed. */
export type Hearer = 'nobody' | 'a DESTROY listener' | Source;

/** Nanoseconds of processor time, for each flow. */
export interface FlowTimes {
  create: Times;
  destroy: Times;
  /** Flows that were heard of. */
  heard: number;
}

/** Creates all flows and destroys them. */
export async function createAndDestroy(bed: KernelBed, hearer: Hearer): Promise<FlowTimes> {
  if (hearer === 'nobody') return { ...(await phases(bed, undefined)), heard: flowCount };
  if (hearer === 'a DESTROY listener') return listened(bed);
  const probe = await bed.probe(hearer, noInterimReports);
  const spent = await phases(bed, probe.process.pid);
  const heard = await probe.counter('exported_flow_records_total');
  await probe.stop();
  return { ...spent, heard };
}

async function listened(bed: KernelBed): Promise<FlowTimes> {
  const listener = bed.start(join(benchProgramDirectory, 'listen.js'), { bufferOctets: listenerBuffer });
  await listener.output(/"ready":true/, 30);
  await untilQuiet(listener.pid);
  const spent = await phases(bed, listener.pid);
  await listener.stop('SIGTERM', 60);
  const heard = Number(/"events":(\d+)/.exec(listener.stdout)?.[1]);
  return { ...spent, heard };
}

async function phases(bed: KernelBed, subject: number | undefined): Promise<Omit<FlowTimes, 'heard'>> {
  const settle = async (): Promise<void> => {
    if (subject === undefined) await sleep(1500);
    else await untilQuiet(subject);
  };
  destroyKernelFlows(bed.net.router);
  await settle();
  const begun = await times(subject);
  await bed.packets();
  await settle();
  const created = await times(subject);
  const count = kernelFlowCount(bed.net.router);
  if (count < flowCount) throw new WeirError(`${count} connections, not ${flowCount}`);
  const full = await times(subject);
  destroyKernelFlows(bed.net.router);
  await settle();
  return { create: between(begun, created), destroy: between(full, await times(subject)) };
}

/** A sweep over all flows, once with a report of each, once with nothing new to tell. */
export interface SweepTimes {
  reporting: Times;
  idle: Times;
  /** Reports, for each flow. */
  reports: number;
}

/** Over two active timeouts each, since sweeps may be spread over one and begin when they will. */
export async function sweep(bed: KernelBed, source: Source): Promise<SweepTimes> {
  destroyKernelFlows(bed.net.router);
  const probe = await bed.probe(source, sweepInterval);
  const { pid } = probe.process;
  const window = async (): Promise<Times> => {
    const begun = await times(pid);
    await sleep(2 * sweepInterval * 1000);
    return between(begun, await times(pid));
  };
  await bed.packets();
  await sleep(2 * sweepInterval * 1000);
  const before = await probe.counter('interim_reports_total');
  await bed.packets();
  const both = await window();
  const reports = (await probe.counter('interim_reports_total')) - before;
  const twoIdle = await window();
  destroyKernelFlows(bed.net.router);
  await untilQuiet(pid);
  await probe.stop();
  const half = halved(twoIdle);
  return { reporting: between(half, both), idle: half, reports };
}

function halved(two: Times): Times {
  return Object.fromEntries(Object.entries(two).map(([name, time]) => [name, time / 2])) as unknown as Times;
}

/** Nanoseconds of a dump of all flows whose reader does nothing with it. */
export async function dump(bed: KernelBed): Promise<number> {
  destroyKernelFlows(bed.net.router);
  await bed.packets();
  const dumping = bed.start(join(benchProgramDirectory, 'dump.js'), {});
  if ((await dumping.ended()) !== 0) throw new WeirError(`the dump failed: ${dumping.stderr}`);
  destroyKernelFlows(bed.net.router);
  const told = JSON.parse(dumping.stdout) as { entries: number; nanoseconds: number };
  if (told.entries < flowCount) throw new WeirError(`a dump of ${told.entries} entries, not ${flowCount}`);
  return told.nanoseconds;
}
