import { networkInterfaces } from 'node:os';
import { loadConntrack } from '../conntrack/lookup.js';
import { whyKernelRefuses } from '../host/kernel-programs.js';
import { NodeHost } from '../host/node.js';
import { NetfilterClient } from '../netlink/client.js';
import { TABLE_COMMAND } from '../nftables/table.js';
import { checkClock } from './clock.js';
import { type Finding, fatal, note, ok, problem } from './finding.js';
import { hasCapability, isWritable, programs, readNumber, sysctlPath } from './kernel-files.js';
import { checkKernelMeter, whyNoKernelMeter } from './kernel-meter.js';
import { checkRules } from './rules.js';
import { checkBridges, checkReceiveBuffers, checkReversePath } from './surroundings.js';
import { isTracking } from './tracking.js';

const CAP_NET_ADMIN = 12;
/** A table fuller than this drops new connections before long. */
const HIGH_FILL = 0.8;
/** Programs that read conntrack too; the first two also set its counters to zero. */
const COMPETITORS = new Map([
  ['nlbwmon', 'it sets the counters to zero each time it reads them; the probe notices and goes on from there'],
  ['ulogd', 'it sets the counters to zero on SIGUSR1 and SIGUSR2; the probe notices and goes on from there'],
  ['conntrackd', 'it makes the kernel send more events, which costs more'],
]);

/** Looks at all that stands in the way of metering in this network namespace. Changes nothing. */
export async function preflight(): Promise<Finding[]> {
  const blocked = checkPlatform() ?? checkPrivilege() ?? checkConntrack();
  if (blocked !== undefined) return [blocked];
  return [
    ok('privilege', 'CAP_NET_ADMIN is there'),
    checkLoopback(),
    checkSwitch('accounting', 'nf_conntrack_acct', 'the kernel does not count octets and packets'),
    checkSwitch('timestamps', 'nf_conntrack_timestamp', 'the kernel does not know when a connection began'),
    checkEvents(),
    ...(await checkTracking()),
    ...checkRules(),
    checkBridges(),
    checkReversePath(),
    checkReceiveBuffers(),
    checkClock(),
    checkFill(),
    ...checkCompetitors(),
  ];
}

/** What `--source auto` takes on this machine. Loads the programs of the kernel meter for a moment, so it is for who wants to know only. */
export function checkSource(): Finding {
  return checkKernelMeter(whyNoKernelMeter(whyKernelRefuses));
}

export function checkPlatform(): Finding | undefined {
  if (process.platform === 'linux') return undefined;
  return fatal(
    'platform',
    `this is ${process.platform}, not Linux`,
    'connection tracking is a part of Linux; the collector runs here, the probe cannot',
  );
}

export function checkPrivilege(): Finding | undefined {
  if (hasCapability(CAP_NET_ADMIN)) return undefined;
  const who = process.getuid?.() === 0 ? 'root without CAP_NET_ADMIN' : 'not root';
  return fatal(
    'privilege',
    `this process is ${who}`,
    'the kernel shows its connections to holders of CAP_NET_ADMIN only',
    'Run it as root: sudo weir ...',
  );
}

export function checkConntrack(): Finding | undefined {
  try {
    const client = new NetfilterClient(new NodeHost());
    const answered = loadConntrack(client);
    client.close();
    if (answered && readNumber(sysctlPath('nf_conntrack_count')) !== undefined) return undefined;
  } catch (error) {
    const what = `netfilter cannot be reached: ${(error as Error).message}`;
    return fatal('conntrack', what, 'without it there is nothing to meter');
  }
  return fatal(
    'conntrack',
    'this kernel has no connection tracking, or does not let it be asked',
    'there is nothing to meter',
    'Load it, outside a container: modprobe nf_conntrack_netlink',
  );
}

function checkLoopback(): Finding {
  const up = Object.values(networkInterfaces()).some(addresses => addresses?.some(a => a.internal));
  if (up) return ok('loopback', 'the loopback interface is up');
  return problem(
    'loopback',
    'the loopback interface is down',
    'probe, collector and page cannot reach each other',
    'ip link set lo up',
    true,
  );
}

function checkSwitch(id: string, name: string, without: string): Finding {
  const value = readNumber(sysctlPath(name));
  if (value === undefined) {
    const option = `CONFIG_${name.replace(/_acct$/, '').toUpperCase()}`;
    return note(id, `this kernel has no ${name} (${option})`, `${without}; records go without it`);
  }
  if (value > 0) return ok(id, `${name} is on`);
  return sysctlProblem(id, name, `${name} is off`, `${without}; connections that exist already never gain it`);
}

/** A problem that the value 1 mends, which not everybody can set. */
function sysctlProblem(id: string, name: string, what: string, meaning: string): Finding {
  const writable = isWritable(sysctlPath(name));
  const outside = writable ? '' : ' (not from in here, /proc/sys is read-only: from outside of the container)';
  return problem(id, what, meaning, `sysctl -w net.netfilter.${name}=1${outside}`, writable);
}

const ENDS = 'by ctnetlink, the kernel does not tell when a connection ends';
const CHANGES = 'the kernel meter sees ends, but no round trips and not all states of TCP connections';

function checkEvents(): Finding {
  const name = 'nf_conntrack_events';
  const value = readNumber(sysctlPath(name));
  if (value === undefined) {
    return note(
      'events',
      'this kernel has no conntrack events (CONFIG_NF_CONNTRACK_EVENTS)',
      'ends are found by comparing sweeps',
    );
  }
  if (value === 1) return ok('events', `${name} is on for every connection`);
  if (value === 0) {
    return sysctlProblem('events', name, `${name} is off`, `${ENDS}; ${CHANGES}`);
  }
  const meaning =
    'by ctnetlink, connections that begin while no probe runs end without an event, and their end is noticed late';
  return sysctlProblem('events', name, `${name} is automatic`, meaning);
}

async function checkTracking(): Promise<Finding[]> {
  const client = new NetfilterClient(new NodeHost());
  try {
    const findings: Finding[] = [];
    for (const [family, name] of [
      ['udp4', 'IPv4'],
      ['udp6', 'IPv6'],
    ] as const) {
      findings.push(trackingFinding(name, await isTracking(client, family)));
    }
    return findings;
  } finally {
    client.close();
  }
}

function trackingFinding(name: string, tracking: boolean | undefined): Finding {
  const id = `tracking-${name.toLowerCase()}`;
  if (tracking === undefined)
    return note(id, `${name} tracking could not be tried`, `there is no ${name} loopback address here`);
  if (tracking) return ok(id, `the kernel tracks ${name} connections`);
  const meaning = 'no rule in this network namespace asks for connection tracking, so there is nothing to meter';
  return problem(id, `the kernel does not track ${name} connections`, meaning, TABLE_COMMAND, true);
}

function checkFill(): Finding {
  const count = readNumber(sysctlPath('nf_conntrack_count')) ?? 0;
  const limit = readNumber(sysctlPath('nf_conntrack_max')) ?? 0;
  const what = `the table holds ${count} of ${limit} connections`;
  if (limit === 0 || count / limit < HIGH_FILL) return ok('table', what);
  const meaning = 'when it is full the kernel drops new connections, and their traffic';
  return problem('table', what, meaning, `sysctl -w net.netfilter.nf_conntrack_max=${2 * limit}`, false);
}

function checkCompetitors(): Finding[] {
  const running = programs();
  const found = [...COMPETITORS].filter(([name]) => running.has(name));
  if (found.length === 0) return [ok('readers', 'no other known reader of conntrack runs here')];
  return found.map(([name, meaning]) => note('readers', `${name} runs too`, meaning));
}
