import { setTimeout as sleep } from 'node:timers/promises';
import { conform } from '@weir/lab';
import { Command } from 'commander';
import { UsageError } from '../error.js';
import { tableLines } from '../output/table.js';
import { write, writeLines } from '../output/writer.js';

interface ConformOptions {
  readonly see?: string;
  /** True without a name. */
  readonly exporter?: string | true;
  readonly listen: string[];
  readonly seconds?: string;
  readonly mtu: string;
  readonly transport?: conform.Transport;
  readonly all?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

type Results = conform.Result[];

const collectorNames = conform.collectorPeers.map(({ name }) => name);
const exporterNames = conform.exporterPeers.map(({ name }) => name);

/** Seconds that a named exporter meters: Templates are to come twice. */
const PEER_SECONDS = '25';

/** `weir lab conform`: the cases of RFC 5471, 7011 and 5103 for a collector or an exporter. */
export function conformCommand(): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return new Command('conform')
    .description('Test a collector, or with --exporter an exporter, for what RFC 7011, 5103 and 5471 ask of it.')
    .argument(
      '[target]',
      `collector: udp://HOST:PORT, tcp://HOST:PORT, or one to be started here: ${collectorNames.join(', ')}`,
    )
    .option(
      '--see <where>',
      `where to see what the collector understood: ${conform.SEE_FORMS} (default: http://HOST:4780, if it answers)`,
    )
    .option(
      '--exporter [name]',
      `listen for an exporter, or start one in a network of namespaces (root): ${exporterNames.join(', ')}`,
    )
    .option(
      '--listen <url>',
      'transport URL to listen on, may be repeated (default: udp:// and tcp://0.0.0.0:4739)',
      collect,
      [],
    )
    .option(
      '--seconds <number>',
      `how long to listen (default: until Ctrl-C; ${PEER_SECONDS} for an exporter that is started here)`,
    )
    .option('--mtu <octets>', 'largest packet on the way from the exporter to here', '1500')
    .option(
      '--transport <name>',
      'over what a collector or exporter that is started here is tested: udp, tcp (default: all it has)',
    )
    .option('--all', 'every collector and exporter that is installed here (root)')
    .option('--markdown', 'with --all: the tables of docs/reference/conformance.md')
    .option('--json', 'one JSON object a line')
    .action(async (target: string | undefined, options: ConformOptions) => {
      const { results, markdown } = await judge(target, options);
      if (options.markdown) await write(`${markdown}\n`);
      else if (options.json) await write(results.map(each => `${conform.jsonLine(each)}\n`).join(''));
      else await writeTables(results);
      if (!conform.conforms(results)) process.exitCode = 1;
    });
}

async function judge(
  target: string | undefined,
  options: ConformOptions,
): Promise<{ results: Results; markdown?: string }> {
  const wishes = [target !== undefined, options.exporter !== undefined, options.all === true].filter(Boolean);
  if (wishes.length !== 1)
    throw new UsageError('say what to test: a target, --exporter, or --all, and only one of them');
  if (options.markdown && !options.all) throw new UsageError('--markdown goes with --all');
  const seconds = secondsOf(options.seconds ?? (options.exporter === true ? undefined : PEER_SECONDS));
  if (options.all) {
    const published = await conform.conformAll(seconds ?? 0, say);
    const results = [...published.collectors, ...published.exporters];
    return { results, markdown: conform.conformanceMarkdown(published) };
  }
  if (options.exporter === true) return { results: await listen(options, seconds) };
  if (options.exporter !== undefined) return { results: await exporter(options.exporter, options, seconds ?? 0) };
  return { results: await collector(target!, options) };
}

async function collector(target: string, options: ConformOptions): Promise<Results> {
  const peer = conform.collectorPeers.find(({ name }) => name === target);
  if (peer !== undefined) {
    const results: Results = [];
    for (const transport of transportsOf(peer, options)) {
      const run = { progress: (id: string) => progress(`${peer.name} over ${transport}: ${id}`) };
      results.push(...(await conform.conformCollectorPeer(peer, transport, run)));
    }
    return results;
  }
  const address = conform.parseAddress(target);
  const observer =
    options.see === undefined ? await conform.usualObserver(address.host) : conform.openObserver(options.see);
  if (observer === undefined)
    say('nothing shows what the collector understands: only that it lives can be seen; see --see');
  const subject = { name: conform.addressText(address), target: address, observer };
  return conform.conformCollector(subject, { progress });
}

async function exporter(name: string, options: ConformOptions, seconds: number): Promise<Results> {
  const peer = conform.exporterPeers.find(each => each.name === name);
  if (peer === undefined)
    throw new UsageError(`no exporter is called "${name}"; there are ${exporterNames.join(', ')}`);
  const results: Results = [];
  for (const transport of transportsOf(peer, options)) {
    progress(`${name} over ${transport}: ${seconds} s of traffic`);
    results.push(...(await conform.conformExporterPeer(peer, transport, seconds)));
  }
  return results;
}

async function listen(options: ConformOptions, seconds: number | undefined): Promise<Results> {
  const mtu = Number(options.mtu);
  if (!(mtu >= 68)) throw new UsageError(`--mtu: "${options.mtu}" is no number of octets`);
  const urls = options.listen.length > 0 ? options.listen : ['udp://0.0.0.0:4739', 'tcp://0.0.0.0:4739'];
  const interrupted = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const until = seconds === undefined ? interrupted : Promise.race([interrupted, sleep(seconds * 1000)]);
  const started = (): void =>
    say(`listening on ${urls.join(', ')}; ${seconds === undefined ? 'Ctrl-C ends it' : `${seconds} s`}`);
  return conform.conformListening({ listen: urls.map(conform.parseAddress), mtu, until, started });
}

function transportsOf(
  peer: { name: string; transports: readonly conform.Transport[] },
  { transport }: ConformOptions,
): readonly conform.Transport[] {
  if (transport === undefined) return peer.transports;
  if (peer.transports.includes(transport)) return [transport];
  throw new UsageError(`--transport: ${peer.name} has ${peer.transports.join(', ')}`);
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--seconds: "${text}" is no number of seconds`);
  return seconds;
}

async function writeTables(results: Results): Promise<void> {
  progress('');
  for (const group of conform.bySubject(results)) {
    await writeLines(tableLines(rows(group), COLUMNS, undefined));
    await write(`${conform.summaryLine(group)}\n\n`);
  }
}

const COLUMNS = [
  { head: 'case', text: ({ info }: conform.Result) => info.id },
  { head: 'section', text: ({ info }: conform.Result) => info.section },
  { head: 'level', text: ({ info }: conform.Result) => info.level },
  { head: 'result', text: ({ outcome }: conform.Result) => outcome },
  { head: 'what was seen', text: ({ why }: conform.Result) => why },
];

async function* rows(results: Results): AsyncGenerator<conform.Result> {
  yield* results;
}

/** What is under way, on a line of the terminal that is written over. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** What people should know, wherever it goes. */
function say(text: string): void {
  progress('');
  process.stderr.write(`weir: ${text}\n`);
}
