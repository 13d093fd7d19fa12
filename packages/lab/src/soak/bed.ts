import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { loadTopology } from '../scenario/load.js';
import { buildTopology } from '../topology/build.js';
import type { Network } from '../topology/network.js';
import { runProgram } from '../traffic/drive.js';
import { EndListener } from '../truth/end-listener.js';
import { noDatabases } from '../weir/databases.js';
import { weirCommand } from '../weir/weir.js';
import type { SoakPlan } from './plan.js';
import { ShiftedClock } from './shifted-clock.js';
import { SmallDisk } from './small-disk.js';
import { Supervised } from './supervised.js';
import { Totals } from './totals.js';

/** Seconds. The kernel's own would let most of an hour's flows end after it. */
export const timeouts = {
  ...{ udp_timeout: 10, udp_timeout_stream: 10, icmp_timeout: 5, icmpv6_timeout: 5 },
  ...{ tcp_timeout_syn_sent: 10, tcp_timeout_time_wait: 10, tcp_timeout_close: 5, tcp_timeout_close_wait: 10 },
  ...{ tcp_timeout_fin_wait: 10, tcp_timeout_last_ack: 10, tcp_timeout_established: 120 },
};
/** Connections that fill the table have destination ports and a mark of their own. */
export const fillPorts = { first: 29_900, last: 29_999 } as const;
export const fillMark = 7;
/** Octets for what ends at once while it is written down. */
const truthBuffer = 1_500_000_000;
/** Octets: more than the flow table has. */
const stateDisk = 2 ** 27;
const pages = '127.0.0.1:4780';
const probeMetrics = '127.0.0.1:9100';
const activeTimeout = 10;

/** What is soaked: a gateway with the probe, a collector elsewhere, and what knows better than both. */
export interface Bed {
  network: Network;
  router: Namespace;
  truth: EndListener;
  truthFile: string;
  probe: Supervised;
  collector: Supervised;
  probeTotals: Totals;
  collectorTotals: Totals;
  spool: SmallDisk;
  store: SmallDisk;
  data: string;
  /** Undefined where no C compiler is there to make them. */
  clocks: Record<'probe' | 'collector', ShiftedClock> | undefined;
  /** Asks both what they count; who does not answer is left out. */
  look(): Promise<void>;
}

/** Builds all of it, with the probe metering. */
export async function makeBed(lab: Lab, plan: SoakPlan): Promise<Bed> {
  const network = buildTopology(lab, withCollector());
  const router = network.node('router');
  prepare(network);
  const folder = lab.directory('soak');
  const truthFile = join(folder, 'ends.txt');
  const truth = await EndListener.start(lab, router, truthFile, { buffer: truthBuffer, times: true });
  const clocks = ShiftedClock.make(lab, ['probe', 'collector']);
  // In memory, as /run is: on a disk that others keep busy a page of it may take a minute to write, and the loop waits.
  const state = new SmallDisk(lab, 'state', stateDisk);
  const spool = new SmallDisk(lab, 'spool', plan.spoolDisk);
  const store = new SmallDisk(lab, 'store', plan.storeDisk);
  const data = join(store.directory, 'data');
  const [probeTotals, collectorTotals] = [new Totals(), new Totals()];
  const collect = weirCommand(
    ...['collect', '--listen', 'tcp://0.0.0.0', '--data', data, '--http', pages, ...noDatabases],
  );
  const target = `tcp://${network.address('collector', 4)}`;
  const meter = weirCommand(
    ...['probe', '--source', 'ctnetlink', '--mend', 'true', '--active-timeout', String(activeTimeout)],
    ...['--collector', target, '--spool', spool.directory, '--spool-size', String(plan.spoolSize)],
    ...['--state', join(state.directory, 'state'), '--metrics', probeMetrics],
  );
  const begin = (namespace: Namespace, words: readonly string[], said: RegExp, totals: Totals) => async () => {
    const started = lab.own(namespace.start(words));
    await started.output(said, 120);
    totals.nextLife();
    return started;
  };
  const collecting = [...(clocks?.collector.words ?? []), ...collect];
  const metering = [...(clocks?.probe.words ?? []), ...meter];
  const collector = new Supervised(
    'collector',
    begin(network.node('collector'), collecting, /http:\/\//, collectorTotals),
  );
  const probe = new Supervised('probe', begin(router, metering, /^metering/m, probeTotals));
  const look = async (): Promise<void> => {
    await Promise.all([ask(network.node('collector'), pages, collectorTotals), ask(router, probeMetrics, probeTotals)]);
  };
  const all = { network, router, truth, truthFile, probe, collector, probeTotals, collectorTotals };
  return { ...all, spool, store, data, clocks, look };
}

/** The network of the scenario `nat`, and the collector behind a link of its own. */
function withCollector(): ReturnType<typeof loadTopology> {
  const nat = loadTopology('nat');
  return {
    ...nat,
    nodes: { ...nat.nodes, collector: {} },
    links: [...nat.links, { between: ['router', 'collector'], ipv4: '10.77.3.0/24' }],
  };
}

function prepare(network: Network): void {
  const router = network.node('router');
  for (const [name, seconds] of Object.entries(timeouts)) router.sysctl(`net.netfilter.nf_conntrack_${name}`, seconds);
  router.sysctl('net.netfilter.nf_conntrack_acct', 1);
  router.nft(`table inet soak {
    chain forward { type filter hook forward priority filter; udp dport ${fillPorts.first}-${fillPorts.last} ct mark set ${fillMark}; }
  }`);
  // A link that goes down takes its addresses along otherwise, and nobody is there to give it others.
  for (const name of ['all', 'client', 'server']) router.sysctl(`net.ipv6.conf.${name}.keep_addr_on_down`, 1);
}

async function ask(namespace: Namespace, host: string, totals: Totals): Promise<void> {
  try {
    const { body } = await runProgram<{ body: string }>(namespace, 'get', { url: `http://${host}/metrics` });
    totals.take(body);
  } catch {
    // It is being started, or the fault is that it does not answer.
  }
}
