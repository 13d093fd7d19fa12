// Every command of the README and of the tutorials, executed in order, with what the text says that comes of it.
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { until } from '../run/wait.js';
import { startResponder, transfer, unansweredSyn } from '../traffic/traffic.js';
import {
  blocksOf,
  commandsOf,
  indentedCommands,
  localAddresses,
  namedCommands,
  pageText,
  repository,
  shape,
} from './documented.js';
import { standIns, Terminal } from './terminal.js';

/** What a command has to come to. */
interface Expected {
  /** In what it prints. */
  readonly says?: readonly RegExp[];
  /** Seconds that it may be repeated for until it says so: reports come with the active timeout. */
  readonly within?: number;
  /** It goes on until Ctrl-C; it says this when it is up. */
  readonly ready?: RegExp;
  /** Ctrl-C is pressed in the other terminals before it. */
  readonly afterInterrupt?: true;
}

const set = {} as const;
const metering = /metering; .*http:\/\//;

const README: Readonly<Record<string, Expected>> = {
  'git clone ... weir && cd weir': set,
  'sudo npm start': { ready: metering },
  "npx weir query 'dst port 443 and octets > 1M' --from -1h --by src --top 10": {
    says: [/10\.77\.1\.2 +1 +2\.\d+ M/],
    within: 40,
  },
  "npx weir query 'net 10.0.0.0/8 and not answered' --from -15m --by dst,dport --top 5": {
    says: [/10\.77\.2\.2 +9 /],
    within: 40,
  },
  "npx weir sessions 'dst port 443'": { says: [/established +1 /] },
  'npx weir events --from -7d': { says: [/Nothing unusual/] },
  'npx weir report --output week.html': set,
  'npx weir query --from -1h --format ipfix --output hour.ipfix': set,
  'npx weir read hour.ipfix': { says: [/10\.77\.1\.2/, /443/] },
  'npx weir doctor': { says: [/ok +nf_conntrack_acct is on/] },
  'npx weir lab list': { says: [/requests/, /scan/] },
};

const namespaces = ['home', 'gateway', 'web'];
const TUTORIAL: Readonly<Record<string, Expected>> = {
  'git clone ... weir': set,
  'cd weir': set,
  'sudo npm start': {
    ready: metering,
    says: [/nf_conntrack_acct: 0 -> 1/, /nft table inet weir: added/, /Ctrl-C stops and restores/],
  },
  'curl -s -o /dev/null http://deb.debian.org/': set,
  'ping -c 3 -q deb.debian.org': { says: [/3 received/] },
  "npx weir query 'dst port 80' --from -5m": { says: [/10\.77\.2\.2:80 /], within: 30 },
  'npx weir query --from -5m --by dst,dport --top 5': { says: [/10\.77\.2\.2 +80 http +1 /] },
  'npx weir doctor': { says: [/ok +nf_conntrack_acct is on/] },
  ...each('sudo ip netns add', namespaces),
  'sudo ip -n gateway link add lan type veth peer name eth0 netns home': set,
  'sudo ip -n gateway link add wan type veth peer name eth0 netns web': set,
  'sudo ip link add weir-lab type veth peer name uplink netns gateway': set,
  'sudo ip -n home address add 192.168.7.2/24 dev eth0': set,
  'sudo ip -n gateway address add 192.168.7.1/24 dev lan': set,
  'sudo ip -n gateway address add 203.0.113.1/24 dev wan': set,
  'sudo ip -n web address add 203.0.113.2/24 dev eth0': set,
  'sudo ip -n gateway address add 172.31.7.2/30 dev uplink': set,
  'sudo ip address add 172.31.7.1/30 dev weir-lab': set,
  ...each('sudo ip -n', ['home link set eth0 up', 'web link set eth0 up']),
  ...each('sudo ip -n gateway link set', ['lan up', 'wan up', 'uplink up']),
  'sudo ip link set weir-lab up': set,
  'sudo ip -n home route add default via 192.168.7.1': set,
  'sudo ip netns exec gateway sysctl -q -w net.ipv4.ip_forward=1': set,
  'sudo ip netns exec gateway nft add table ip nat': set,
  "sudo ip netns exec gateway nft 'add chain ip nat out { type nat hook postrouting priority srcnat; }'": set,
  'sudo ip netns exec gateway nft add rule ip nat out oifname wan masquerade': set,
  'npx weir collect --listen udp://172.31.7.1:4739 --data ~/weir-lab --http 127.0.0.1:4781': {
    ready: /http:\/\/127\.0\.0\.1:4781/,
  },
  'sudo ip netns exec gateway npx weir probe --collector udp://172.31.7.1:4739 --active-timeout 5 --mend true': {
    ready: /metering/,
  },
  'sudo ip netns exec web node -e \'require("http").createServer((_, answer) => answer.end("x".repeat(1e6))).listen(80)\' &':
    set,
  'sleep 2': set,
  "sudo ip netns exec home curl -s -o /dev/null -w '%{size_download}\\n' http://203.0.113.2/": { says: [/^1000000$/m] },
  'sleep 8': set,
  "npx weir query 'dst port 80' --from -5m --url http://127.0.0.1:4781 --format json": {
    says: [
      /"sourceIPv4Address":"192\.168\.7\.2"/,
      /"postNATSourceIPv4Address":"203\.0\.113\.1"/,
      /"reverseOctetDeltaCount":10\d{5}/,
    ],
    within: 20,
  },
  'sudo ip netns pids web | xargs sudo kill': { afterInterrupt: true },
  ...each('sudo ip netns delete', namespaces),
  'rm -r ~/weir-lab': set,
};

const PAGES: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  'README.md': README,
  'docs/tutorial/first-picture.md': TUTORIAL,
};

function each(before: string, ends: readonly string[]): Record<string, Expected> {
  return Object.fromEntries(ends.map(end => [`${before} ${end}`, set]));
}

test('every page with commands is here, and every command of them', () => {
  const tutorials = readdirSync(`${repository}docs/tutorial`).map(name => `docs/tutorial/${name}`);
  expect(Object.keys(PAGES)).toEqual(['README.md', ...tutorials]);
  for (const [page, expected] of Object.entries(PAGES)) {
    const commands = commandsOf(pageText(page)).map(({ text }) => text);
    expect([...new Set(commands)].sort(), page).toEqual(Object.keys(expected).sort());
    expect(indentedCommands(pageText(page)), page).toEqual([]);
    expect(
      [...new Set(blocksOf(pageText(page)).map(({ language }) => language))].every(
        each => each === 'sh' || each === 'text',
      ),
      page,
    ).toBe(true);
  }
});

test('little is not run as it is written', () => {
  expect(Object.keys(standIns)).toEqual(['git', 'sudo']);
});

/** Those that the README names in sentences, and the test that runs each; the tutorials name none. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm start': 'packages/lab/src/acceptance/documentation.test.ts',
  'weir alert test': 'packages/weir/src/alert.test.ts',
  'weir bill': 'packages/weir/src/bill.test.ts',
  'weir collect --listen udp://0.0.0.0:4739': 'packages/lab/src/acceptance/documentation.test.ts',
  'weir import': 'packages/weir/src/import.test.ts',
  'weir lab': 'packages/lab/src/acceptance/scenarios.test.ts',
  'weir lab conform': 'packages/lab/src/acceptance/conform.test.ts',
  'weir probe --collector tls://HOST': 'packages/lab/src/acceptance/outage.test.ts',
  'weir query': 'packages/lab/src/acceptance/documentation.test.ts',
  'weir up': 'packages/lab/src/acceptance/documentation.test.ts',
  'weir user': 'packages/weir/src/user.test.ts',
};

test('what sentences name is run by some test', () => {
  const named = Object.keys(PAGES).flatMap(page => namedCommands(pageText(page)));
  expect(named).toEqual(Object.keys(ELSEWHERE));
  for (const [command, file] of Object.entries(ELSEWHERE)) {
    const [, word] = command.split(' ');
    expect(pageText(file), command).toContain(word);
  }
});

const reason = missing(['chromium', 'curl', 'ping', 'unshare', 'nsenter', 'setsid', 'bash', 'git']);

describe.each(Object.entries(PAGES))('%s', (page, expected) => {
  const markdown = pageText(page);
  let lab: Lab;
  let net: Topology;
  let terminal: Terminal;

  beforeAll(async () => {
    if (reason !== undefined) return;
    lab = new Lab();
    net = lab.topology();
    lab.own(await startResponder(net.server, 443));
    const server =
      'require("http").createServer((_, answer) => answer.end("Debian")).listen(80, () => console.log("up"))';
    await lab.own(net.server.start([process.execPath, '-e', server])).output(/up/, 20);
    terminal = await Terminal.open(lab, net.client, { 'deb.debian.org': addresses.server.v4 });
  }, 60_000);
  afterAll(async () => {
    if (reason !== undefined) return;
    await terminal.close();
    expect(await lab.close()).toEqual([]);
  }, 60_000);

  /** What the reader's machine does besides. */
  async function traffic(): Promise<void> {
    await transfer(net.client, { host: addresses.server.v4, port: 443, upload: 2_000_000, download: 3_000_000 });
    await unansweredSyn(net.client, { host: addresses.server.v4, port: 9, localPort: 31_000 });
  }

  async function openAddresses(): Promise<void> {
    for (const url of localAddresses(markdown)) {
      const { output } = await terminal.run(`curl -s -o /dev/null -w '%{http_code}' '${url}'`);
      expect(output.trim(), url).toBe('200');
    }
  }

  async function execute(text: string, { ready, says = [], within = 0 }: Expected): Promise<string> {
    if (ready !== undefined) {
      const { output } = await terminal.start(text, ready);
      for (const pattern of says) expect(output).toMatch(pattern);
      return output;
    }
    const end = performance.now() + within * 1000;
    for (;;) {
      const { status, output } = await terminal.run(text);
      if (says.every(pattern => pattern.test(output)) || performance.now() > end) {
        expect(status, `${text}\n${output}`).toBe(0);
        for (const pattern of says) expect(output, text).toMatch(pattern);
        return output;
      }
    }
  }

  test('its commands do what it says', async context => {
    context.skip(reason !== undefined, reason);
    let opened = false;
    for (const { text, prints } of commandsOf(markdown)) {
      const what = expected[text]!;
      if (what.afterInterrupt === true) {
        await openAddresses();
        opened = true;
        await terminal.interrupt();
      }
      const output = await execute(text, what);
      if (text === 'sudo npm start') await traffic();
      if (prints !== undefined) expect(shape(output), text).toContain(shape(prints));
    }
    if (!opened) await openAddresses();
    expect(terminal.used()).toEqual(Object.keys(standIns));
  }, 600_000);

  test('what it started ends in order, and puts the machine back', async context => {
    context.skip(reason !== undefined, reason);
    await terminal.interrupt();
    await until('the sysctl as it was', 10, () =>
      net.client.run(['sysctl', '-n', 'net.netfilter.nf_conntrack_acct']).trim() === '0' ? true : undefined,
    );
  }, 60_000);
});
