// `npm run pictures` as root: the pictures in docs/, taken of the built product with traffic of the lab's making. With `-- map` that of the map alone.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addresses,
  Lab,
  type Namespace,
  ping,
  RunningWeir,
  requests,
  startResponder,
  type Topology,
  transfer,
  unansweredSyn,
} from '@weir/lab';
import type { Browser } from 'playwright-core';
import { browserIn } from '../../packages/lab/dist/browser/browser.js';
import { takeMap } from './map-picture.js';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const SECONDS = 300;
const PORTS = { web: 443, names: 53, shell: 22 };
/** Hosts of RFC 5737's documentation networks, behind the server; each is reached from a client address of its own. */
const SERVERS = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? `198.51.100.${10 + i}` : `203.0.113.${40 + i}`));

interface Picture {
  readonly name: string;
  /** The query of the address; `FLOW` stands for the number of the largest Flow. */
  readonly query: string;
  readonly height: number;
  readonly dark?: boolean;
}

const pictures: readonly Picture[] = [
  { name: 'page', query: '?by=host', height: 1000 },
  { name: 'page-dark', query: '?by=host', height: 1000, dark: true },
  { name: 'network', query: '?page=network&by=host', height: 900 },
  { name: 'flows', query: '?page=flows&order=largest', height: 640 },
  { name: 'session', query: '?page=session&flow=FLOW', height: 900 },
  { name: 'setup', query: '?page=setup', height: 860 },
];

const lab = new Lab();
try {
  await takeMap(lab, DOCS);
  if (!process.argv.includes('map')) await takePages();
} finally {
  for (const line of await lab.close()) console.error(`left behind: ${line}`);
}

async function takePages(): Promise<void> {
  const net = lab.topology();
  addHosts(net);
  for (const port of Object.values(PORTS)) lab.own(await startResponder(net.server, port));
  await RunningWeir.up(lab, net.router, lab.directory('pictures'), ['--active-timeout', '5']);
  const end = performance.now() + SECONDS * 1000;
  await Promise.all([...traffic(net.client, end), takeLater(net.router, end - 45_000)]);
}

function addHosts({ client, router, server }: Topology): void {
  SERVERS.forEach((host, i) => {
    const source = `10.77.1.${20 + (i % 5)}`;
    client.ip('address', 'replace', `${source}/24`, 'dev', 'uplink');
    client.ip('route', 'add', `${host}/32`, 'via', addresses.inside.v4, 'src', source);
    server.ip('address', 'add', `${host}/32`, 'dev', 'uplink');
    router.ip('route', 'add', `${host}/32`, 'via', addresses.server.v4);
  });
}

/** What a small office does: video calls, a few downloads, name look-ups, a shell, someone who does not answer. */
function traffic(client: Namespace, end: number): Promise<unknown>[] {
  let port = 31_000;
  const names = () =>
    requests(client, { host: SERVERS[0], port: PORTS.names, flows: 6, firstPort: (port += 6), octets: 80 });
  const web = (i: number) => {
    const download = 200_000 + Math.round(2_500_000 * (1 + Math.sin(performance.now() / 19_000 + i)));
    return transfer(client, { host: SERVERS[i], port: PORTS.web, upload: 3000, download });
  };
  const call = (host: string, rate: number) =>
    transfer(client, { host, port: PORTS.web, upload: rate * (SECONDS - 10), download: 3_000_000, rate });
  return [
    call(SERVERS[1], 180_000),
    call(addresses.server.v6, 90_000),
    transfer(client, { host: SERVERS[3], port: PORTS.shell, upload: 600 * SECONDS, download: 90_000, rate: 600 }),
    repeat(end, 4000, names),
    repeat(end, 21_000, () => unansweredSyn(client, { host: addresses.server.v4, port: 9, localPort: (port += 1) })),
    repeat(end, 30_000, () => Promise.resolve(ping(client, addresses.server.v6, 4))),
    ...[2, 4, 5, 6, 7].map(i => repeat(end, 900 + 700 * i, () => web(i))),
  ];
}

async function repeat(end: number, gap: number, work: () => Promise<unknown>): Promise<void> {
  while (performance.now() < end) {
    await work();
    await sleep(gap);
  }
}

async function takeLater(router: Namespace, time: number): Promise<void> {
  await sleep(time - performance.now());
  const browser = await browserIn(lab, router);
  for (const picture of pictures) await take(browser, picture);
  await browser.close();
}

async function take(browser: Browser, { name, query, height, dark }: Picture): Promise<void> {
  const colorScheme = dark === true ? 'dark' : 'light';
  const page = await browser.newPage({ viewport: { width: 1280, height }, colorScheme, deviceScaleFactor: 1.5 });
  const origin = 'http://127.0.0.1:4780';
  // By the browser: it is in the router's namespace.
  await page.goto(origin);
  const flow = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/flows?order=largest&limit=1&from=-5m');
    return ((await answer.json()) as { flows: { id: string }[] }).flows[0]!.id;
  });
  await page.goto(`${origin}/${query.replace('FLOW', encodeURIComponent(flow))}`);
  await sleep(4000);
  await page.screenshot({ path: join(DOCS, `${name}.png`) });
  await page.close();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(done => setTimeout(done, Math.max(0, milliseconds)));
}
