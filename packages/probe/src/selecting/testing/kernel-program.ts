/**
 * Run in a network namespace of its own with filters as arguments: makes connections by `conntrack`, sweeps them and lets them
 * end, each with and without what the kernel filters, and prints what each filter was shown as JSON.
 */
import { execFileSync } from 'node:child_process';
import { parseFilter } from '@weir/flow';
import { ConntrackEvents } from '../../conntrack/events.js';
import { ConntrackSweep } from '../../conntrack/sweep.js';
import { Timeouts } from '../../conntrack/timeouts.js';
import { NodeHost } from '../../host/node.js';
import { FlowRecord } from '../../metering/flow-record.js';
import { identify } from '../../metering/identify.js';
import type { Observation } from '../../metering/observation.js';
import type { ObservationSink } from '../../metering/source.js';
import { dumpFilter } from '../dump-filter.js';
import { keyPredicate } from '../key-filter.js';
import { type KeyTest, keyTest } from '../key-test.js';
import { recordFilter } from '../record-filter.js';
import { socketFilter } from '../socket-filter.js';

/** What one look at all connections showed: how many, how many of them fit the test of keys, and which fit the filter. */
export interface Shown {
  readonly seen: number;
  readonly keyed: number;
  readonly fitting: readonly string[];
}

export interface KernelOutcome {
  readonly filter: string;
  readonly isFilteredByKernel: boolean;
  readonly isDumpFiltered: boolean;
  readonly allEvents: Shown;
  readonly events: Shown;
  readonly drops: number;
  readonly allSwept: Shown;
  readonly swept: Shown;
}

const BUFFER = 8 << 20;
/** ICMP is made by traffic: conntrack -I cannot tell the kernel its reply. */
const PINGS = `ip link set lo up && nft 'add table inet pings;
  add chain inet pings output { type filter hook output priority 0; };
  add rule inet pings output ct state new' && ping -q -c 1 127.0.0.1 && ping -q -c 1 ::1`;
const host = new NodeHost();
const timeouts = new Timeouts();

function tuples(): string[] {
  const made: string[] = [];
  const ends = [
    ['10.0.0.1', '192.0.2.9'],
    ['10.0.0.2', '10.1.255.255'],
    ['172.16.3.4', '198.51.100.7'],
    ['2001:db8::1', '2001:db8:1::2'],
    ['2001:db8:ffff::1', 'fe80::9'],
  ] as const;
  for (const [source, destination] of ends) {
    const v6 = source.includes(':');
    for (const [sport, dport] of [
      [1024, 53],
      [40000, 443],
      [443, 443],
      [65535, 80],
    ]) {
      for (const protocol of ['tcp', 'udp', 'sctp']) {
        const state = protocol === 'udp' ? '' : ' --state ESTABLISHED';
        const extra = protocol === 'sctp' ? ' --orig-vtag 1 --reply-vtag 2' : '';
        made.push(`-p ${protocol} --sport ${sport} --dport ${dport}${state}${extra} -s ${source} -d ${destination}`);
      }
      if (!v6) made.push(`-p gre --srckey ${sport} --dstkey ${dport} -s ${source} -d ${destination}`);
    }
  }
  return made.map(tuple => `-I ${tuple} -t 600`);
}

function collector(filter: string, test: KeyTest): { sink: ObservationSink; shown: () => Shown } {
  const record = new FlowRecord();
  const fits = recordFilter(parseFilter(filter), { interfaceIndex: () => 0, domain: 1 });
  const accepts = keyPredicate(test);
  const fitting: string[] = [];
  let seen = 0;
  let keyed = 0;
  const look = (o: Observation) => {
    seen++;
    if (accepts(o)) keyed++;
    identify(record, o);
    if (fits(record)) fitting.push([...o.words.subarray(1, 11)].join(' '));
  };
  const sink = { beginSweep: () => {}, endSweep: () => {}, observeLive: look, observeEnd: look };
  return { sink, shown: () => ({ seen, keyed, fitting: fitting.sort() }) };
}

function sweep(filter: string, test: KeyTest, isFiltered: boolean): Shown {
  const { sink, shown } = collector(filter, test);
  const sweeper = new ConntrackSweep(host, timeouts, 60_000, isFiltered ? dumpFilter(test) : undefined);
  sweeper.begin(sink);
  sweeper.complete(sink, () => {});
  sweeper.close();
  if (sweeper.counters.failures > 0 || sweeper.counters.sweeps !== 1) throw new Error(`the dump failed: ${filter}`);
  return shown();
}

function take(events: ConntrackEvents, filter: string, test: KeyTest): Shown {
  const { sink, shown } = collector(filter, test);
  while (events.receive(sink, host.clock.wall()) > 0);
  return shown();
}

const filters = process.argv.slice(2);
const listeners = filters.map(filter => {
  const test = keyTest(parseFilter(filter));
  const program = socketFilter(test);
  return { filter, test, program, events: new ConntrackEvents(host, timeouts, BUFFER, true, program) };
});
const everything = filters.map(() => new ConntrackEvents(host, timeouts, BUFFER, true));
// It opens /dev/stdin, which has to be a pipe.
execFileSync('sh', ['-c', 'cat | conntrack -R -'], {
  input: `${tuples().join('\n')}\n`,
  stdio: ['pipe', 'ignore', 'pipe'],
});
execFileSync('sh', ['-c', PINGS], { stdio: 'ignore' });
const swept = filters.map((filter, i) => ({
  allSwept: sweep(filter, listeners[i].test, false),
  swept: sweep(filter, listeners[i].test, true),
}));
execFileSync('conntrack', ['-F'], { stdio: 'ignore' });
const outcomes = listeners.map(({ filter, test, program, events }, i): KernelOutcome => {
  events.countDrops();
  return {
    filter,
    isFilteredByKernel: program !== undefined,
    isDumpFiltered: dumpFilter(test) !== undefined,
    allEvents: take(everything[i], filter, test),
    events: take(events, filter, test),
    drops: events.counters.lost + events.counters.deferred,
    ...swept[i],
  };
});
process.stdout.write(JSON.stringify(outcomes));
