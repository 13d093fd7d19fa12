import {
  addresses,
  burst,
  destroyKernelFlows,
  type Lab,
  machineSeconds,
  processSeconds,
  residentOctets,
  silentUdpPorts,
  type Topology,
} from '@weir/lab';
import type { TrialCase, TrialSubject } from '../harness.js';
import { Capture } from './capture.js';
import { type Meter, ulogd, ulogdEnds, weir, weirEnds } from './subjects.js';

const FLOWS = 300_000;
const RUNS = 5;
/** An exporter that has used no processor time for so long has nothing more to do. */
const QUIET_MILLISECONDS = 1500;
const LONGEST_MILLISECONDS = 60_000;

const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds));

/** 300,000 one-packet UDP flows through a masquerading router, then destroyed at once. */
export function burstCase(lab: Lab, net: Topology): TrialCase {
  return {
    name: '300,000 flows destroyed at once',
    measures: {
      'exporter, for each flow exported': 'us of processor time',
      'whole machine, for each flow of the burst': 'us of processor time',
      'flows not exported': '%',
      'records exported more than once': 'records',
      'resident memory': 'MB',
    },
    subjects: [nothing(net), ...[weir, weirEnds, ulogd, ulogdEnds].map(meter => metered(lab, net, meter))],
    runs: RUNS,
  };
}

/** The burst itself. */
function nothing(net: Topology): TrialSubject {
  return {
    name: 'no exporter',
    async trial() {
      const begun = machineSeconds();
      await burstAndDestroy(net);
      return { 'whole machine, for each flow of the burst': perFlow(machineSeconds() - begun, FLOWS) };
    },
  };
}

function metered(lab: Lab, net: Topology, meter: Meter): TrialSubject {
  return {
    name: meter.name,
    async trial() {
      const capture = await Capture.start(lab, net.router);
      const exporter = await meter.start(lab, net.router);
      const before = processSeconds(exporter.pid);
      const begun = machineSeconds();
      await burstAndDestroy(net);
      const used = (await untilQuiet(exporter.pid)) - before;
      const machine = machineSeconds() - begun;
      const memory = residentOctets(exporter.pid) / 1e6;
      await exporter.stop();
      const { flows, records } = await capture.flows(addresses.client.v4);
      return {
        'exporter, for each flow exported': perFlow(used, flows),
        'whole machine, for each flow of the burst': perFlow(machine, FLOWS),
        'flows not exported': (100 * (FLOWS - flows)) / FLOWS,
        'records exported more than once': records - flows,
        'resident memory': memory,
      };
    },
  };
}

async function burstAndDestroy(net: Topology): Promise<void> {
  const { client, server } = addresses;
  const order = {
    source: client.v4,
    destination: server.v4,
    flows: FLOWS,
    firstPort: silentUdpPorts.first,
    payload: 20,
  };
  await burst(net.client, order);
  destroyKernelFlows(net.router);
}

/** Waits until the process has nothing more to do. @returns seconds of processor time that it has used */
async function untilQuiet(pid: number): Promise<number> {
  const deadline = Date.now() + LONGEST_MILLISECONDS;
  for (let used = processSeconds(pid); ; ) {
    await sleep(QUIET_MILLISECONDS);
    const now = processSeconds(pid);
    // What a probe at rest uses for its timers is no work.
    if (now - used < 0.05 || Date.now() > deadline) return now;
    used = now;
  }
}

function perFlow(seconds: number, flows: number): number {
  return (seconds * 1e6) / flows;
}
