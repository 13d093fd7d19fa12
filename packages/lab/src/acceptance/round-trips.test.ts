// Round trips over links with delays: the percentiles of the API are those of the packets. The links are late without netem, so that any kernel will do.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import type { Topology } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import { until } from '../run/wait.js';
import { shortConnections, startLateLink, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningWeir } from '../weir/weir.js';

const reason =
  missing(['dumpcap', 'tshark']) ?? (existsSync('/dev/net/tun') ? undefined : 'no TUN devices (module tun)');
const port = 7000;
const near = '10.89.0.2';
/** Milliseconds there and back: between the client and the router, and from there to each server. */
const NEAR = 12;
const far: Readonly<Record<string, number>> = { '10.88.0.1': 2, '10.88.0.2': 16, '10.88.0.3': 70, '10.88.0.4': 240 };
const CONNECTIONS = 100;
const LEVELS = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

type Percentiles = Record<keyof typeof LEVELS, number>;
interface Quality {
  readonly dst: string;
  readonly flows: number;
  readonly roundTrip?: Percentiles & { readonly flows: number };
}

let lab: Lab;
let net: Topology;
let running: RunningWeir;
/** Round trips of the packets by server, milliseconds, the shortest first. */
let truth: Map<string, number[]>;
let answers: Quality[];

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  await layLinks();
  lab.own(await startResponder(net.server, port));
  const folder = lab.directory('round-trips');
  running = await RunningWeir.up(lab, net.router, folder, ['--active-timeout', '5']);
  const capture = join(folder, 'packets.pcapng');
  const dumpcap = lab.own(net.router.start(['dumpcap', '-q', '-i', 'near', '-w', capture, '-f', `tcp port ${port}`]));
  await dumpcap.output(/File: /, 30);
  await Promise.all(
    Object.keys(far).map((host, i) => {
      const firstPort = 20_000 + 1000 * i;
      return shortConnections(net.client, {
        host,
        port,
        connections: CONNECTIONS,
        firstPort,
        upload: 100,
        download: 1000,
      });
    }),
  );
  destroyKernelFlows(net.router);
  await dumpcap.stop('SIGINT');
  truth = roundTrips(capture);
  answers = await until('all connections', 30, async () => {
    const { body } = await running.get(
      `/api/v1/quality?by=dst&filter=${encodeURIComponent(`proto tcp and dst port ${port}`)}`,
    );
    const lines = body
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Quality);
    return lines.reduce((sum, { flows }) => sum + flows, 0) === CONNECTIONS * Object.keys(far).length
      ? lines
      : undefined;
  });
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await running?.stop()).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** client - router by one late link, router - server by another, on which each address of the server is as far away as it is to be. */
async function layLinks(): Promise<void> {
  const { client, router, server } = net;
  lab.own(await startLateLink([router, 'near'], [client, 'away'], { [near]: NEAR / 2 }));
  lab.own(
    await startLateLink(
      [router, 'far'],
      [server, 'away'],
      Object.fromEntries(Object.entries(far).map(([host, ms]) => [host, ms / 2])),
    ),
  );
  client.ip('address', 'add', `${near}/32`, 'dev', 'away');
  client.ip('route', 'add', '10.88.0.0/24', 'dev', 'away', 'src', near);
  router.ip('route', 'add', `${near}/32`, 'dev', 'near');
  router.ip('route', 'add', '10.88.0.0/24', 'dev', 'far');
  for (const host of Object.keys(far)) server.ip('address', 'add', `${host}/32`, 'dev', 'away');
  server.ip('route', 'add', `${near}/32`, 'dev', 'away');
}

/** From each connection's first SYN to the first ACK behind the answer, where they pass the router. */
function roundTrips(file: string): Map<string, number[]> {
  const fields = ['frame.time_epoch', 'tcp.flags', 'tcp.stream', 'ip.src', 'ip.dst'];
  const lines = run(['tshark', '-r', file, '-T', 'fields', ...fields.flatMap(field => ['-e', field])]).split('\n');
  const [begun, answered, found] = [new Map<string, number>(), new Set<string>(), new Map<string, number[]>()];
  for (const [time, flags, stream, , destination] of lines
    .filter(Boolean)
    .map(line => line.split('\t') as [string, string, string, string, string])) {
    if (Number(flags) === 0x02 && !begun.has(stream)) begun.set(stream, Number(time));
    else if (Number(flags) === 0x12) answered.add(stream);
    else if (answered.delete(stream))
      found.set(destination, [...(found.get(destination) ?? []), 1000 * (Number(time) - begun.get(stream)!)]);
  }
  for (const times of found.values()) times.sort((a, b) => a - b);
  return found;
}

/** Whether a percentile is that of the sorted values, between its neighbours, within 1 ms or 5%. */
function expectNear(told: number, level: number, values: readonly number[]): void {
  const rank = Math.ceil(level * values.length);
  const [low, high] = [values[Math.max(0, rank - 2)]!, values[Math.min(values.length - 1, rank)]!];
  expect(told).toBeGreaterThan(low - Math.max(1, 0.05 * low));
  expect(told).toBeLessThan(high + Math.max(1, 0.05 * high));
}

test('the links are as late as they are to be', () => {
  for (const [host, delay] of Object.entries(far)) {
    const values = truth.get(host)!;
    expect(values).toHaveLength(CONNECTIONS);
    expect(values[0]).toBeGreaterThan(delay + NEAR - 0.1);
    // The least that a packet waited beyond that was for a processor.
    expect(values[0]).toBeLessThan(delay + NEAR + 25);
  }
});

test('percentiles of round trips by host are those of the packets, within 1 ms or 5%', () => {
  for (const { dst, roundTrip } of answers) {
    const values = truth.get(dst)!;
    console.log(
      `${dst}: ${JSON.stringify(roundTrip)}, half of the packets' ${values[CONNECTIONS / 2 - 1]!.toFixed(3)} ms`,
    );
    expect(roundTrip?.flows).toBe(CONNECTIONS);
    for (const [name, level] of Object.entries(LEVELS))
      expectNear(roundTrip![name as keyof Percentiles], level, values);
  }
  expect(answers.map(({ dst }) => dst).sort()).toEqual(Object.keys(far));
});

test('so are those of sessions, all of which were established and closed by both sides', async () => {
  interface Statistics {
    readonly flows: number;
    readonly handshakes: Record<string, number>;
    readonly ends: Record<string, number>;
    readonly roundTrip: Percentiles;
  }
  for (const [host, values] of truth) {
    const filter = encodeURIComponent(`dst host ${host} and dst port ${port}`);
    const found = await running.api<Statistics>(`/api/v1/sessions/statistics?filter=${filter}`);
    expect(found.handshakes.established).toBe(CONNECTIONS);
    expect(found.ends.both).toBe(CONNECTIONS);
    for (const [name, level] of Object.entries(LEVELS))
      expectNear(found.roundTrip[name as keyof Percentiles], level, values);
  }
});
