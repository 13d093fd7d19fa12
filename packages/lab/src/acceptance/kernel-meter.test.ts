// What only the kernel meter promises: a full table that ends at once, connections older than it, restarts, too little room, a kill.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { raiseTableLimit } from '../namespaces/globals.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { sleep, until } from '../run/wait.js';
import { skipKernelMeter } from '../subjects/kernel-meter.js';
import { burst, requests, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import { RunningProbe } from '../weir/probe.js';
import { activeTimeout } from '../weir/records.js';
import { eachFlowRecord, readFlowRecords, type TextRecord } from '../wire/index.js';

const reason = await skipKernelMeter(missing([]));

const { client, server } = addresses;
const port = 7000;
const kernelSource = ['--source', 'kernel', '--mend', 'true'];

const tracking = `table inet tracking {
  chain forward { type filter hook forward priority filter; ct state new counter; }
}`;

let lab: Lab;
let net: Topology;

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  lab.later(raiseTableLimit(400_000));
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

/** One packet for each flow. */
function send(flows: number): Promise<unknown> {
  const order = { source: client.v4, destination: server.v4, flows, firstPort: silentUdpPorts.first, payload: 20 };
  return burst(net.client, order);
}

/** Answered UDP flows. */
function ask(flows: number, firstPort: number): Promise<unknown> {
  return requests(net.client, { host: server.v4, port, flows, firstPort, octets: 100 });
}

function isTheClients(record: TextRecord): boolean {
  return record.get('sourceIPv4Address') === client.v4;
}

function isInterim(record: TextRecord): boolean {
  return Number.parseInt(record.get('flowEndReason')!, 10) === activeTimeout;
}

function clientsRecords(probe: RunningProbe): TextRecord[] {
  return readFlowRecords(probe.file).filter(isTheClients);
}

function packets(records: readonly TextRecord[], name = 'packetDeltaCount'): number {
  return records.reduce((sum, record) => sum + Number(record.get(name)), 0);
}

/** What the probe said at its end: "N Flow Records exported, N flows lost". */
function lost(probe: RunningProbe): number {
  return Number(/(\d+) flows? lost/.exec(probe.command.stderr)?.[1] ?? Number.NaN);
}

describe('kernel meter', () => {
  test('100,000 flows, reported once in between, end at once: none is lost', async () => {
    const flows = 100_000;
    const probe = await RunningProbe.start(lab, net.router, [...kernelSource, '--active-timeout', '5']);
    await send(flows);
    expect(kernelFlowCount(net.router)).toBeGreaterThanOrEqual(flows);
    // Two sweeps: each flow is reported by one of them.
    await sleep(12_000);
    destroyKernelFlows(net.router);
    await sleep(2000);
    await probe.stop();
    let counted = 0;
    const seen = new Uint8Array(flows * 2);
    const counts = { interim: 0, ends: 0, again: 0 };
    const ids = new Map<string, number>();
    eachFlowRecord(probe.file, record => {
      if (!isTheClients(record) || !record.has('packetDeltaCount')) return;
      const key = `${record.get('sourceTransportPort')} ${record.get('destinationTransportPort')}`;
      const id = ids.get(key) ?? ids.set(key, ids.size).get(key)!;
      const place = id * 2 + (isInterim(record) ? 1 : 0);
      if (seen[place]++ > 0) counts.again++;
      counts[isInterim(record) ? 'interim' : 'ends']++;
      counted += Number(record.get('packetDeltaCount'));
    });
    expect({ ...counts, counted, flows: ids.size, lost: lost(probe) }).toEqual({
      interim: flows,
      ends: flows,
      again: 0,
      counted: flows,
      flows,
      lost: 0,
    });
  }, 300_000);

  test('connections older than the probe are reported whole, and a restart exports nothing twice', async () => {
    for (const name of ['acct', 'timestamp']) net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
    net.router.nft(tracking);
    const options = [...kernelSource, '--active-timeout', '1', '--state', join(lab.directory('state'), 'state')];
    await ask(50, 31_000);
    const first = await RunningProbe.start(lab, net.router, options);
    await sleep(2500);
    await first.stop();
    await ask(50, 32_000);
    const second = await RunningProbe.start(lab, net.router, options);
    await sleep(2500);
    destroyKernelFlows(net.router);
    await sleep(500);
    await second.stop();
    const [before, after] = [clientsRecords(first), clientsRecords(second)];
    expect([packets(before), packets(before, 'reversePacketDeltaCount')]).toEqual([50, 50]);
    // Of the flows of the first run only ends without packets, of those in between all.
    expect([packets(after), packets(after, 'reversePacketDeltaCount')]).toEqual([50, 50]);
    expect(new Set(after.map(record => record.get('sourceTransportPort'))).size).toBe(100);
    // Nobody saw their first packet: the way is what the kernel answers when asked.
    for (const record of [...before, ...after]) expect(record.has('ingressInterface')).toBe(true);
  }, 120_000);

  test('what finds no room in the ring is counted as lost; without room in the map the route is asked for', async () => {
    const flows = 20_000;
    const small = ['--flow-table-entries', '64', '--active-timeout', '60'];
    const probe = await RunningProbe.start(lab, net.router, [...kernelSource, ...small]);
    await send(flows);
    destroyKernelFlows(net.router);
    await sleep(2000);
    await probe.stop();
    const records = clientsRecords(probe);
    expect(lost(probe)).toBeGreaterThan(0);
    // Of other hosts' flows, which there are few of, some may be among the lost.
    expect(records.length + lost(probe)).toBeGreaterThanOrEqual(flows);
    expect(records.length + lost(probe)).toBeLessThan(flows + 100);
    expect(records.every(record => record.has('ingressInterface') && record.has('egressInterface'))).toBe(true);
  }, 120_000);

  test('after a kill, what had not been reported yet is exported whole, and nothing twice', async () => {
    for (const name of ['acct', 'timestamp']) net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
    net.router.nft(tracking);
    const state = ['--active-timeout', '8', '--state', join(lab.directory('state'), 'state')];
    const first = await RunningProbe.start(lab, net.router, [...kernelSource, ...state]);
    await ask(50, 31_000);
    // The second sweep reports them. What begins after it has no report before it is four seconds old.
    await until('reports', 60, () => packets(clientsRecords(first)) === 50 || undefined);
    await sleep(2500);
    await ask(50, 32_000);
    await first.command.stop('SIGKILL');
    const second = await RunningProbe.start(lab, net.router, [...kernelSource, ...state]);
    destroyKernelFlows(net.router);
    await sleep(1000);
    await second.stop();
    const after = clientsRecords(second).filter(record => record.has('sourceTransportPort'));
    const whole = after.filter(record => Number(record.get('packetDeltaCount')) > 0);
    expect(new Set(after.map(record => record.get('sourceTransportPort'))).size).toBe(100);
    expect([whole.length, packets(whole), packets(whole, 'reversePacketDeltaCount')]).toEqual([50, 50, 50]);
    expect(whole.every(record => Number(record.get('sourceTransportPort')) >= 32_000)).toBe(true);
    expect(second.command.stderr).toMatch(/the last probe here was killed: .*up to about 8 seconds before its end/);
  }, 120_000);

  test('a stop reports every connection, also where the reports find no room in the ring at once', async () => {
    // A ring of 64 KiB, of which reports use three quarters: it has no room for 341 records of IPv6 with translation.
    const flows = 341;
    const small = ['--flow-table-entries', `${flows}`, '--active-timeout', '60'];
    const probe = await RunningProbe.start(lab, net.router, [...kernelSource, ...small]);
    await requests(net.client, { host: server.v6, port, flows, firstPort: 31_000, octets: 100 });
    await probe.stop();
    const records = readFlowRecords(probe.file).filter(record => record.get('destinationTransportPort') === `${port}`);
    expect(new Set(records.map(record => record.get('sourceTransportPort'))).size).toBe(flows);
    expect([records.length, lost(probe)]).toEqual([flows, 0]);
  }, 120_000);

  test('what is not exported as it is goes the other way: other fields, a filter, NetFlow v9', async () => {
    const fields = 'sourceIPv4Address,destinationIPv4Address,sourceTransportPort,octetTotalCount,flowEndReason';
    const options = [...kernelSource, '--fields', fields, '--filter', 'src port 31003', '--collector'];
    const probe = await RunningProbe.start(lab, net.router, [...options, 'udp://127.0.0.1:4739?version=9']);
    await ask(10, 31_000);
    destroyKernelFlows(net.router);
    await sleep(1000);
    await probe.stop();
    const records = clientsRecords(probe);
    expect(records.map(record => [record.get('sourceTransportPort'), record.get('octetTotalCount')])).toEqual([
      ['31003', '128'],
    ]);
  }, 120_000);

  test('the programs go with a probe that is killed', async () => {
    const programs = () => readFileSync('/proc/kallsyms', 'utf8').match(/bpf_prog_\w+_end_again/g)?.length ?? 0;
    const probe = await RunningProbe.start(lab, net.router, kernelSource);
    expect(programs()).toBe(1);
    await probe.command.stop('SIGKILL');
    await until('programs gone', 10, () => programs() === 0 || undefined);
    const next = await RunningProbe.start(lab, net.router, kernelSource);
    await ask(3, 31_000);
    destroyKernelFlows(net.router);
    await sleep(500);
    await next.stop();
    expect(clientsRecords(next)).toHaveLength(3);
    expect(existsSync('/sys/fs/bpf/weir')).toBe(false);
  }, 120_000);
});
