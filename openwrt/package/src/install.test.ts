// The packages in the root file system of a router, from their installation to their removal.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { apk } from './apk.js';
import { ipk } from './ipk.js';
import { openwrt } from './packages.js';
import { packageOfStandIn } from './testing/packages.js';
import { Rootfs, whyNoRootfs } from './testing/rootfs.js';

const reason = whyNoRootfs();

const managers = [
  { name: 'opkg', pack: ipk, add: 'opkg install', remove: 'opkg remove', beside: '-opkg' },
  { name: 'apk', pack: apk, add: 'apk add --allow-untrusted', remove: 'apk del', beside: '.apk-new' },
];

describe.each(managers)('by $name', manager => {
  let router: Rootfs;

  beforeAll(() => {
    if (reason === undefined) router = new Rootfs();
    else console.warn(`skipped: ${reason}`);
  });

  beforeEach(context => context.skip(reason !== undefined, reason));

  afterAll(() => {
    if (reason !== undefined) return;
    router.run('/etc/rc.common /etc/init.d/weir-probe stop 2>/dev/null || true');
    router.remove();
  });

  const told = () => (router.has('var/run/weir/told') ? router.read('var/run/weir/told').trimEnd().split('\n') : []);
  const processId = () => router.read('var/run/procd/weir-probe/pid').trim();
  const toldSoon = (expected: string[]) => vi.waitFor(() => expect(told()).toEqual(expected), 10_000);
  const START = 'start --config /etc/config/weir';

  const install = () => {
    router.write('tmp/package', manager.pack(packageOfStandIn()));
    router.run(`${manager.add} /tmp/package`);
  };

  test('installed, it is enabled at boot, but not running: nobody has said where to export to', () => {
    install();
    router.run('reload_config');
    expect(router.run('readlink /etc/rc.d/S25weir-probe').trim()).toBe('../init.d/weir-probe');
    expect(told()).toEqual([]);
    expect(router.succeeds('/etc/init.d/weir-probe enabled')).toBe(true);
  });

  test('what metering needs of the kernel and the firewall is in force', () => {
    expect(router.read('var/log/asked').trimEnd().split('\n')).toEqual(['sysctl restart', 'firewall reload']);
    expect(router.read('etc/sysctl.d/20-weir-probe.conf')).toContain('\nnet.netfilter.nf_conntrack_events=1\n');
  });

  test('the rule is one that the firewall takes where it includes it', context => {
    const include = join(router.folder, 'usr/share/nftables.d/chain-pre/forward/*.nft');
    const chain = ['chain forward {', 'type filter hook forward priority filter;', `include "${include}"`, '}'];
    const input = ['table inet fw4 {', ...chain, '}', ''].join('\n');
    const { status, stderr, error } = spawnSync('nft', ['-c', '-f', '-'], { input, encoding: 'utf8' });
    context.skip(error !== undefined, 'no nft');
    expect([status, stderr]).toEqual([0, '']);
  });

  test('its Observation Domain is made of the router’s MAC address, once', () => {
    expect(router.run('uci -q get weir.@probe[0].domain').trim()).toBe(String(0xbeef002a));
    expect(router.has('etc/uci-defaults/60_weir-probe')).toBe(false);
  });

  test('switched on in the configuration, it starts', async () => {
    router.run('uci set weir.@probe[0].enabled=1; uci commit weir; reload_config');
    await toldSoon([START]);
  });

  test('a change of the configuration reaches it as a signal, without a restart', async () => {
    const before = processId();
    router.run('uci set weir.@probe[0].active_timeout=30; uci commit weir; reload_config');
    await toldSoon([START, 'reload']);
    expect(processId()).toBe(before);
  });

  test('a reload without a change tells it nothing', () => {
    router.run('/etc/init.d/weir-probe reload; reload_config');
    expect(told()).toEqual([START, 'reload']);
  });

  test('killed, it starts again', async () => {
    const before = processId();
    router.run(`kill -9 ${before}`);
    await toldSoon([START, 'reload', START]);
    expect(processId()).not.toBe(before);
  });

  test('switched off in the configuration, it stops', async () => {
    router.run('uci set weir.@probe[0].enabled=0; uci commit weir; reload_config');
    await toldSoon([START, 'reload', START, 'stop']);
    expect(router.succeeds('/etc/init.d/weir-probe enabled')).toBe(true);
  });

  test('stopped by hand, it stops', async () => {
    router.run('uci set weir.@probe[0].enabled=1; uci commit weir; /etc/init.d/weir-probe start');
    await toldSoon([START, 'reload', START, 'stop', START]);
    router.run('/etc/init.d/weir-probe stop');
    await toldSoon([START, 'reload', START, 'stop', START, 'stop']);
  });

  test('an upgrade leaves the configuration as it was, its Observation Domain included', () => {
    const before = router.read('etc/config/weir');
    install();
    expect(router.read('etc/config/weir')).toBe(before);
    expect(router.read(`etc/config/weir${manager.beside}`)).toContain("option enabled '0'");
  });

  test('removed, it runs no longer and leaves nothing behind but what was configured', () => {
    router.run(`${manager.remove} weir-probe`);
    expect(told().at(-1)).toBe('stop');
    for (const path of [
      'etc/rc.d/S25weir-probe',
      'etc/init.d/weir-probe',
      'usr/sbin/weir-probe',
      'etc/sysctl.d/20-weir-probe.conf',
    ])
      expect([path, router.has(path)]).toEqual([path, false]);
  });
});

test('the scripts are without what shellcheck complains of', context => {
  const files = ['etc/init.d/weir-probe', 'etc/uci-defaults/60_weir-probe'].map(name =>
    join(openwrt, 'weir-probe/files', name),
  );
  // rc.common reads the variables, and `local` is in every shell of OpenWrt.
  const { status, stdout, error } = spawnSync('shellcheck', ['-s', 'dash', '-e', 'SC2034', ...files], {
    encoding: 'utf8',
  });
  context.skip(error !== undefined, 'no shellcheck');
  expect([status, stdout]).toEqual([0, '']);
});
