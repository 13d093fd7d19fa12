// SCTP, where the kernel has it: a collector that is ended in order under load and started again, and one that stands still.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { receiveProgram } from '../paths.js';
import type { LabProcess } from '../run/process.js';
import { sleep, until } from '../run/wait.js';
import { RoundsOfFlows } from '../traffic/rounds.js';
import { weirCommand } from '../weir/weir.js';

const flowsOfRound = 1000;

let lab: Lab;
let net: Topology;
let reason: string | undefined;
const receivers: LabProcess[] = [];

beforeEach(async context => {
  reason = missing([]);
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = lab.topology();
});

afterEach(async () => {
  receivers.length = 0;
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** The receiving side of `weir collect`, without its store. Undefined where the kernel has no SCTP. */
async function receive(): Promise<LabProcess | undefined> {
  const receiver = lab.own(net.server.start([process.execPath, receiveProgram, 'sctp://0.0.0.0']));
  const [found] = await receiver.output(/"listening"|this kernel has no SCTP/, 30);
  if (found !== '"listening"') return undefined;
  receivers.push(receiver);
  return receiver;
}

/** How many of the client's flows have come so far. */
function count(): number {
  return receivers.reduce((sum, { stdout }) => sum + stdout.split(`["${addresses.client.v4}"`).length - 1, 0);
}

type Flow = [source: string, sourcePort: number, destinationPort: number, packets: number];

/** What all receivers have got: the client's flows, and the counters of ended sessions. */
function received(): { flows: Flow[]; sessions: object[] } {
  const lines = receivers.flatMap(({ stdout }) => stdout.split('\n').slice(0, -1));
  const all = lines.map(line => JSON.parse(line) as Flow | { session?: object });
  return {
    flows: all.filter((line): line is Flow => Array.isArray(line) && line[0] === addresses.client.v4),
    sessions: all.flatMap(line => (Array.isArray(line) ? [] : (line.session ?? []))),
  };
}

test('SCTP: every flow arrives once, with the collector ended in order and started again, twice', async context => {
  const first = await receive();
  const lacking = first === undefined ? 'no SCTP in this kernel' : undefined;
  if (lacking !== undefined) console.warn(`skipped: ${lacking}`);
  context.skip(lacking !== undefined, lacking);
  const spool = join(lab.directory('sctp'), 'spool');
  const files = ['--spool', spool, '--state', join(lab.directory('state'), 'state')];
  const options = ['--collector', `sctp://${addresses.server.v4}`, ...files, '--mend', 'true'];
  const probe = lab.own(net.router.start(weirCommand('probe', ...options)));
  await probe.output(/^metering/m, 60);
  const load = new RoundsOfFlows(net, flowsOfRound);

  for (const round of [1, 2]) {
    const before = count();
    await until(`flows of session ${round}`, 60, () => count() >= before + 2000 || undefined);
    expect(await receivers.at(-1)!.stop('SIGINT', 60)).toBe(0);
    await sleep(1500);
    expect(await receive()).toBeDefined();
  }
  receivers.at(-1)!.signal('SIGSTOP');
  await sleep(5000);
  receivers.at(-1)!.signal('SIGCONT');
  const sent = await load.end();
  const missing = (): string => `${count()} of ${sent} came; ${probe.stderr}`;
  await until('every flow', 120, () => count() >= sent || undefined, missing);
  expect(await probe.stop('SIGTERM', 60)).toBe(0);
  await until('the end of the third session', 30, () => received().sessions.length === 3 || undefined);
  expect(existsSync(spool) ? readdirSync(spool) : []).toEqual([]);

  const { flows, sessions } = received();
  expect(flows).toHaveLength(sent);
  expect(new Set(flows.map(([, from, to]) => `${from} ${to}`)).size).toBe(sent);
  // None is counted in part.
  expect(flows.every(([, , , packets]) => packets === 1)).toBe(true);
  const faults = { lostRecords: 0, unknownTemplateSets: 0, malformedMessages: 0, restarts: 0 };
  expect(sessions).toEqual(sessions.map(() => expect.objectContaining(faults)));
  expect(await receivers.at(-1)!.stop('SIGINT', 60)).toBe(0);
  console.info(`SCTP: ${sent} flows in 3 sessions, each once`);
}, 600_000);
