// What the kernel does not track, on the real kernel, and what the probe makes of it: a namespace where nothing asks for tracking, and a bridge.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { differences, snapshot } from '../namespaces/snapshot.js';
import { addresses } from '../namespaces/topology.js';
import { attempt } from '../run/command.js';
import { until } from '../run/wait.js';
import { ping, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount, kernelFlows } from '../truth/conntrack.js';
import { RunningProbe } from '../weir/probe.js';
import { RunningWeir, weir } from '../weir/weir.js';

const reason = missing(['ping']);
const port = 7000;
const host = addresses.server.v4;

let lab: Lab;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

/** Waits until as many ends are exported. */
const ends = (probe: RunningProbe, count: number) =>
  until(`${count} ends`, 30, () => (probe.ends().length >= count ? probe.ends() : undefined));

/** A namespace without any rule, where the client's addresses are its own. */
function bareNamespace(): Namespace {
  const bare = lab.namespace('bare');
  for (const address of [addresses.client.v4, addresses.client.v6]) bare.ip('address', 'add', address, 'dev', 'lo');
  return bare;
}

/** Three echo requests of each version to itself. */
function talk(bare: Namespace): void {
  for (const address of [addresses.client.v4, addresses.client.v6]) ping(bare, address, 3);
}

test('nothing is tracked until something asks for it: doctor and probe say so, and --mend asks while the probe runs', async () => {
  const bare = bareNamespace();
  const before = snapshot(bare);
  talk(bare);
  expect(kernelFlowCount(bare)).toBe(0);
  const said = weir(bare, ['doctor']);
  expect(said.status).toBe(1);
  for (const version of ['IPv4', 'IPv6']) {
    expect(said.stdout).toMatch(
      new RegExp(
        `FIX {3}the kernel does not track ${version} connections\n.*no rule .* asks for connection tracking.*\n.*nft .*ct state new.*\n.*weir doctor --fix does it`,
      ),
    );
  }
  const blind = await RunningProbe.start(lab, bare);
  talk(bare);
  await blind.command.output(/does not track IPv4 connections: .*"weir doctor --fix"/, 30);
  await blind.stop();
  expect([blind.records(), kernelFlowCount(bare)]).toEqual([[], 0]);

  const probe = await RunningProbe.start(lab, bare, ['--mend', 'true']);
  talk(bare);
  destroyKernelFlows(bare);
  const all = await ends(probe, 2);
  expect(all.map(record => [record.protocolIdentifier, record.packetDeltaCount])).toEqual(
    expect.arrayContaining([1, 58].map(protocol => [protocol, 3])),
  );
  expect(snapshot(bare).nft).toContain('table inet weir');
  await probe.stop();
  expect(differences(before, snapshot(bare))).toEqual([]);
}, 120_000);

test('nothing is tracked until something asks for it: "weir up" asks while it runs', async () => {
  const bare = bareNamespace();
  const before = snapshot(bare);
  const running = await RunningWeir.up(lab, bare, lab.directory('bare'));
  expect(snapshot(bare).nft).toContain('table inet weir');
  talk(bare);
  destroyKernelFlows(bare);
  const filter = `src host ${addresses.client.v4} or src host ${addresses.client.v6}`;
  const groups = await until('both flows', 30, () => {
    const found = running.groups(filter, 'protocolIdentifier');
    return found.length >= 2 ? found : undefined;
  });
  expect(groups.map(({ flows, packets }) => [flows, packets])).toEqual([
    [1, 3],
    [1, 3],
  ]);
  expect(await running.stop()).toBe(0);
  expect(differences(before, snapshot(bare))).toEqual([]);
}, 120_000);

/** A bridge with client and server as its ports, and an address of its own. Undefined where this kernel has none. */
function bridged(): Record<'client' | 'bridge' | 'server', Namespace> | undefined {
  const [client, bridge, server] = [lab.namespace('client'), lab.namespace('bridge'), lab.namespace('server')];
  const added = attempt(['ip', '-n', bridge.name, 'link', 'add', 'name', 'bridge', 'up', 'type', 'bridge']);
  if (/not supported|Unknown device type/.test(added.stderr)) return undefined;
  expect(added).toMatchObject({ status: 0, stderr: '' });
  bridge.ip('address', 'add', `${addresses.inside.v4}/8`, 'dev', 'bridge');
  // Where br_netfilter is loaded, frames would be tracked.
  attempt(bridge.command(['sysctl', '-q', '-w', 'net.bridge.bridge-nf-call-iptables=0']));
  for (const [end, port, address] of [
    [client, 'left', addresses.client.v4],
    [server, 'right', addresses.server.v4],
  ] as const) {
    end.ip('link', 'add', 'uplink', 'type', 'veth', 'peer', 'name', port, 'netns', bridge.name);
    end.ip('address', 'add', `${address}/8`, 'dev', 'uplink');
    end.ip('link', 'set', 'uplink', 'up');
    bridge.ip('link', 'set', port, 'master', 'bridge', 'up');
  }
  return { client, bridge, server };
}

test('bridged traffic is invisible, what is for the bridge itself is not', { timeout: 120_000 }, async context => {
  const made = bridged();
  if (made === undefined) return context.skip('this kernel has no bridges');
  const { client, bridge, server } = made;
  lab.own(await startResponder(server, port));
  const probe = await RunningProbe.start(lab, bridge, ['--mend', 'true', '--active-timeout', '1']);
  expect(await transfer(client, { host, port, upload: 300_000, download: 1000 })).toMatchObject({ sent: 300_016 });
  ping(client, host, 3);
  ping(client, addresses.inside.v4, 3);
  expect(kernelFlows(bridge).filter(({ original }) => original.source === addresses.client.v4)).toHaveLength(1);
  destroyKernelFlows(bridge);
  await ends(probe, 1);
  const said = weir(bridge, ['doctor']);
  expect(said.stdout).toMatch(/note {2}there is a bridge: bridge\n.*forwards between its ports is not metered/);
  await probe.stop();
  expect(new Set(probe.records().map(record => record.destinationIPv4Address))).toEqual(new Set([addresses.inside.v4]));
  expect(probe.records().reduce((packets, record) => packets + Number(record.packetDeltaCount), 0)).toBe(3);
});
