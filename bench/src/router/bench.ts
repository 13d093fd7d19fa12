import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  addresses,
  burst,
  destroyKernelFlows,
  ExportCapture,
  missing,
  type Result,
  residentOctets,
  type Subject,
  shortConnections,
  silentUdpPorts,
  startResponder,
  summary,
  type TrialCase,
  whereIs,
} from '@weir/lab';
import { ipk } from '../../../openwrt/package/dist/ipk.js';
import { probePackages } from '../../../openwrt/package/dist/packages.js';
import { exportedFlows } from '../../../packages/lab/dist/bench/exported.js';
import { meter } from '../../../packages/lab/dist/bench/metered.js';
import { type Bed, runInNetwork } from '../../../packages/lab/dist/bench/network.js';
import { sleep } from '../../../packages/lab/dist/run/wait.js';
import { nlbwmon, program, routerProbe, softflowd } from './subjects.js';

const NAME = 'router';
const NUMBERS = [0, 1000, 10_000];
const MEMORY_RUNS = 3;
const RUNS = 5;
/** Live connections are looked at so often while memory is measured, seconds; and time for two looks. */
const LOOK_SECONDS = 5;
const SETTLE_MILLISECONDS = 12_000;
const TCP = 6;
const PORT = 7000;
const CONNECTIONS = 10_000;

/** The probe for routers beside what else routers have for that: kB of the programs and in memory, and processor time a flow. */
export async function* routerBench(): AsyncGenerator<Result[]> {
  if (!existsSync(program)) {
    console.error('skipped: the program for routers is not built: npm run build:router -- x86_64');
    return;
  }
  const present = [routerProbe(), nlbwmon(), softflowd].filter(({ name, needs }) => {
    const reason = missing(needs);
    if (reason !== undefined && name === 'nlbwmon') console.error(NLBWMON);
    return reason === undefined;
  });
  yield programs(present.map(({ name }) => name));
  const looking = [routerProbe(LOOK_SECONDS), nlbwmon(LOOK_SECONDS), softflowd];
  yield* runInNetwork(NAME, ExportCapture.needs, [
    bed =>
      memoryCase(
        bed,
        looking.filter(({ name }) => present.some(each => each.name === name)),
      ),
    bed => connectionsCase(bed, [routerProbe(), endsAlone, ...present.slice(1)]),
  ]);
}

/** Without handshake times and TCP states. */
const endsAlone = routerProbe(60, 'weir-probe, DESTROY events only', ["option tcp_events '0'"]);
const NLBWMON =
  'nlbwmon: Debian has no package of it. Build it from its source (github.com/jow-/nlbwmon) with libubox and libnl, and put it into PATH';

/** Octets of the programs as they lie in PATH, and what a package holds of them. */
function programs(names: readonly string[]): Result[] {
  const files = new Map(names.map(name => [name, name === 'weir-probe' ? program : whereIs(name)!]));
  const kB = (name: string, subject: string, octets: number) => summary(NAME, name, subject, 'kB', [octets / 1000]);
  const [own] = probePackages('x86_64', program);
  return [
    ...[...files].map(([subject, file]) => kB('program', subject, readFileSync(file).length)),
    ...[...files].map(([subject, file]) =>
      kB('program, gzip', subject, gzipSync(readFileSync(file), { level: 9 }).length),
    ),
    kB('package, .ipk', 'weir-probe', ipk(own!).length),
  ];
}

/** Resident memory, with all that is mapped of files, while so many connections live. */
function memoryCase({ lab, net }: Bed, subjects: readonly Subject[]): TrialCase {
  net.router.sysctl('net.netfilter.nf_conntrack_udp_timeout', 600);
  const measureOf = (number: number) => `${number.toLocaleString('en')} live connections`;
  const trial = async (subject: Subject) => {
    const order = { lab, namespace: net.router, link: 'inside', activeTimeout: 300 };
    const running = await subject.start(order);
    const figures: Record<string, number> = {};
    let made = 0;
    for (const number of NUMBERS) {
      await makeConnections(net, made, number - made);
      made = number;
      await sleep(SETTLE_MILLISECONDS);
      figures[measureOf(number)] = residentOctets(running.process.pid) / 1000;
    }
    await running.stop();
    destroyKernelFlows(net.router);
    return figures;
  };
  return {
    name: 'resident memory',
    measures: Object.fromEntries(NUMBERS.map(number => [measureOf(number), 'kB'])),
    subjects: subjects.map(subject => ({ name: subject.name, trial: () => trial(subject) })),
    runs: MEMORY_RUNS,
  };
}

/** UDP, nobody answers. */
async function makeConnections({ client }: Bed['net'], from: number, flows: number): Promise<void> {
  if (flows === 0) return;
  const { client: source, server: destination } = addresses;
  const firstPort = silentUdpPorts.first + from;
  await burst(client, { source: source.v4, destination: destination.v4, flows, firstPort, payload: 20 });
}

/** TCP connections of ten packets each, and their ends. */
async function connectionsCase(bed: Bed, subjects: readonly Subject[]): Promise<TrialCase> {
  const { client, router, server } = bed.net;
  bed.lab.own(await startResponder(server, PORT));
  const order = { host: addresses.server.v4, port: PORT, connections: CONNECTIONS, firstPort: 30_000 };
  const trial = async (subject: Subject) => {
    const { subject: seconds, exported } = await meter(bed, subject, async () => {
      await shortConnections(client, { ...order, upload: 500, download: 5000 });
      destroyKernelFlows(router);
    });
    const { flows } = await exportedFlows(exported, addresses.client.v4, TCP);
    return {
      'processor time, for each flow': (seconds * 1e6) / CONNECTIONS,
      ...(subject.name === 'nlbwmon' ? {} : { 'flows not exported': (100 * (CONNECTIONS - flows)) / CONNECTIONS }),
    };
  };
  return {
    name: '10,000 short TCP connections',
    measures: { 'processor time, for each flow': 'us', 'flows not exported': '%' },
    subjects: subjects.map(subject => ({ name: subject.name, trial: () => trial(subject) })),
    runs: RUNS,
  };
}
