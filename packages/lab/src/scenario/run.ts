import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { firstMissing } from '../namespaces/requirements.js';
import type { Result } from '../report/result.js';
import { residentOctets } from '../run/memory.js';
import { machineSeconds, processSeconds, processSecondsUntilEnd } from '../run/processor.js';
import { untilQuiet } from '../run/quiet.js';
import { sleep, until } from '../run/wait.js';
import { ExportCapture } from '../subjects/capture.js';
import { readExported } from '../subjects/exported.js';
import { exportPort, type RunningSubject, type Subject } from '../subjects/subject.js';
import { buildTopology } from '../topology/build.js';
import { missingFeatures } from '../topology/features.js';
import type { Network } from '../topology/network.js';
import { runTraffic, type Sent } from '../traffic/run.js';
import { contradictions, type Sources, truthFor } from '../truth/agree.js';
import { isBackground } from '../truth/background.js';
import { PacketCapture } from '../truth/capture.js';
import { destroyKernelFlows, kernelFlows } from '../truth/conntrack.js';
import { KernelTruth } from '../truth/kernel.js';
import { translated } from '../truth/senders.js';
import { judge } from '../verdict/judge.js';
import { malformedDatagrams } from '../verdict/malformed.js';
import type { Costs } from '../verdict/verdict.js';
import type { LoadedScenario } from './load.js';
import type { Scenario } from './scenario.js';
import { entryLinks, hasFlood, isImpaired, programsFor, saturating, upstreamRouters } from './ways.js';

/** The last acknowledgements of the traffic. */
const SETTLE_MILLISECONDS = 500;
/** For connections that expire: the longest timeout a scenario should set, and the kernel's own delay in noticing. */
const EXPIRY_SECONDS = 120;

/**
 * Runs a scenario with one subject: builds the network, meters the traffic, and holds what was exported against the truth. Everything made
 * is taken away again; what the subject left behind is a failure. Needs root.
 * @param tell what is being done, for the impatient
 */
export async function runScenario(
  scenario: LoadedScenario,
  subject: Subject,
  tell: (doing: string) => void = () => {},
): Promise<Result> {
  const about = { scenario: scenario.name, description: scenario.description, subject: subject.name };
  const skipped = await whyNot(scenario, subject);
  if (skipped !== undefined) return { ...about, skipped };
  const lab = new Lab();
  let result: Result;
  try {
    const { sources, costs, exported } = await observe(lab, scenario, subject, tell);
    tell('comparing');
    const { verdict, plots } = judge({
      meters: subject.meters,
      truth: truthFor(subject.meters, sources),
      records: await readExported(exported, exportPort),
      tolerances: scenario.expect,
      malformed: malformedDatagrams(exported, exportPort),
      costs,
      contradictions: contradictions(sources),
      ...(sources.capture === undefined ? {} : { series: sources.capture.series }),
    });
    result = { ...about, verdict, plots };
  } catch (problem) {
    result = { ...about, error: (problem as Error).message };
  }
  const left = await lab.close();
  if (left.length > 0) result = { ...result, error: `left behind: ${left.join('; ')}` };
  return result;
}

/** Why this machine cannot run the scenario with the subject; undefined where it can. */
async function whyNot(scenario: Scenario, subject: Subject): Promise<string | undefined> {
  const programs = [...ExportCapture.needs, 'tshark', ...programsFor(scenario), ...subject.needs];
  return firstMissing(programs) ?? missingFeatures(scenario.topology)[0] ?? (await subject.lacks?.());
}

/** What a run brings to the verdict. */
interface Observed {
  sources: Sources;
  costs: Costs;
  /** Capture of what the subject exported. */
  exported: string;
}

async function observe(
  lab: Lab,
  scenario: Scenario,
  subject: Subject,
  tell: (doing: string) => void,
): Promise<Observed> {
  tell('building the network');
  const network = buildTopology(lab, scenario.topology);
  const namespace = network.node(scenario.meter);
  for (const [name, seconds] of Object.entries(scenario.timeouts))
    namespace.sysctl(`net.netfilter.nf_conntrack_${name}`, seconds);
  const without = await throughputWithout(network, scenario, tell);
  const links = entryLinks(network, scenario);
  // A capture takes throughput away itself.
  const packets = without === undefined ? await PacketCapture.start(lab, namespace, links) : undefined;
  const kernel = await KernelTruth.start(lab, namespace, { events: !hasFlood(scenario) });
  const exported = await ExportCapture.start(lab, namespace);
  const order = { lab, namespace, link: links[0]!, activeTimeout: scenario['active-timeout'] };
  const running = await subject.start(order);
  tell('traffic');
  const before = { subject: processSeconds(running.process.pid), machine: machineSeconds() };
  const sent = await runTraffic(network, scenario.traffic);
  await settle(scenario, namespace, tell);
  const residentMemory = residentOctets(running.process.pid);
  const traffic = await kernel.finish();
  const upstream = upstreamRouters(network, scenario).map(name => kernelFlows(network.node(name)));
  if (scenario.end === 'destroy') destroyKernelFlows(namespace);
  tell('waiting for the subject');
  const used = await untilDone(running);
  await exported.stop();
  const captured = await packets?.finish();
  return {
    sources: {
      kernel: traffic,
      ...(captured === undefined ? {} : { capture: captured }),
      sent: translated(sent.flows, upstream),
      impaired: isImpaired(scenario),
    },
    costs: {
      subjectSeconds: used.subject - before.subject,
      machineSeconds: used.machine - before.machine,
      residentMemory,
      ...throughput(without, sent),
    },
    exported: exported.file,
  };
}

/** Gbit/s of the steps that saturate a link, with nobody metering. */
async function throughputWithout(
  network: Network,
  scenario: Scenario,
  tell: (doing: string) => void,
): Promise<number | undefined> {
  const steps = saturating(scenario);
  if (steps.length === 0) return undefined;
  tell('throughput without the subject');
  const { throughput } = await runTraffic(network, steps);
  destroyKernelFlows(network.node(scenario.meter));
  return throughput;
}

function throughput(without: number | undefined, sent: Sent): Pick<Costs, 'throughput'> {
  return without === undefined || sent.throughput === undefined
    ? {}
    : { throughput: { without, with: sent.throughput } };
}

async function settle(scenario: Scenario, namespace: Namespace, tell: (doing: string) => void): Promise<void> {
  await sleep(SETTLE_MILLISECONDS);
  if (scenario.end === 'destroy') return;
  tell('waiting for connections to expire');
  // A look at the table also ends what has expired; the kernel's own rounds come up to a minute late (gc_worker).
  await until('the expiry of all connections', EXPIRY_SECONDS, () => isQuiet(namespace) || undefined);
  await sleep(SETTLE_MILLISECONDS);
}

/** No connection is left but those of the hosts' own housekeeping, such as what the subject exports by. */
function isQuiet(namespace: Namespace): boolean {
  return kernelFlows(namespace).every(({ protocol, original: { source, destination } }) =>
    isBackground({ protocol, source, destination, sourcePort: 0, destinationPort: 0 }),
  );
}

/** Lets the subject tell all it has, and ends it. @returns seconds of processor time: its own, and the machine's without its end */
async function untilDone({ process, stop }: RunningSubject): Promise<{ subject: number; machine: number }> {
  await untilQuiet(process.pid);
  const machine = machineSeconds();
  return { machine, subject: await processSecondsUntilEnd(process.pid, stop) };
}
