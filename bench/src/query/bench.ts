import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, runTrials, summary, type TrialSubject } from '@weir/lab';
import { Store } from '../../../packages/collector/dist/store/client.js';
import { groups, type Selection, series } from '../../../packages/collector/dist/store/queries.js';
import { fill } from './fill.js';
import { MONTH_FROM, MONTH_TO } from './flows.js';
import { ask, compress, fileAt, hasNfdump, NfdumpWriter, octetsIn } from './nfdump.js';

const RUNS = 3;
const DAY = 86_400_000;
const LOCAL = ['10.0.0.0/8'];
const TOP = 10;
const MONTH: Selection = { from: MONTH_FROM, to: MONTH_TO };
const TENTH = { from: MONTH_FROM + 9 * DAY, to: MONTH_FROM + 10 * DAY };

interface Question {
  readonly name: string;
  /** Asks the store. Returns the Flow Records that the answer is of, where that is asked for. */
  readonly weir: (store: Store) => Promise<unknown>;
  /** Arguments of nfdump; undefined where it has no such question. */
  readonly nfdump?: readonly string[];
  /** Files that nfdump reads: of the month where nothing is said. */
  readonly files?: string;
}

const questions: readonly Question[] = [
  {
    name: 'top sources of a month',
    weir: store => groups(store, MONTH, ['src'], TOP),
    nfdump: ['-s', 'srcip/bytes', '-n', String(TOP)],
  },
  {
    name: 'top sources of a month over HTTPS',
    weir: store => groups(store, { ...MONTH, filter: 'dst port 443' }, ['src'], TOP),
    nfdump: ['-s', 'srcip/bytes', '-n', String(TOP), 'dst port 443'],
  },
  {
    name: 'a day of a host',
    weir: store => groups(store, { ...TENTH, filter: 'host 10.0.0.77' }, []),
    nfdump: ['-s', 'proto/bytes', 'host 10.0.0.77'],
    files: `${fileAt(TENTH.from)}:${fileAt(TENTH.to - 1)}`,
  },
  {
    name: 'a month of a host and a port',
    weir: store => groups(store, { ...MONTH, filter: 'host 10.0.0.77 and port 22' }, []),
    nfdump: ['-s', 'proto/bytes', 'host 10.0.0.77 and port 22'],
  },
  {
    name: 'top pairs of a day',
    weir: store => groups(store, TENTH, ['src', 'dst'], TOP),
    nfdump: ['-A', 'srcip,dstip', '-O', 'bytes', '-n', String(TOP)],
    files: `${fileAt(TENTH.from)}:${fileAt(TENTH.to - 1)}`,
  },
  {
    name: 'top pairs of a month',
    weir: store => groups(store, MONTH, ['src', 'dst'], TOP),
    nfdump: ['-A', 'srcip,dstip', '-O', 'bytes', '-n', String(TOP)],
  },
  { name: 'a month in hours', weir: store => series(store, MONTH, 3600, LOCAL) },
  { name: 'a day in minutes', weir: store => series(store, TENTH, 60, LOCAL) },
  {
    name: 'a month in hours of one port, which no sums tell apart',
    weir: store => series(store, { ...MONTH, filter: 'dst port 443' }, 3600, LOCAL),
  },
];

/** The same month of flows in the store and in nfdump's files, and what one asks of it. */
export async function* queryBench(records: number): AsyncGenerator<Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-query-'));
  const files = join(directory, 'nfdump');
  mkdirSync(files);
  const store = await Store.open({ directory: join(directory, 'store'), localNetworks: LOCAL });
  try {
    const writer = hasNfdump() ? new NfdumpWriter(files) : undefined;
    if (writer === undefined) console.error('query: nfdump is not installed: nothing to compare with');
    yield await load(store, files, writer, records);
    for (const question of questions) {
      const subjects = [ourAnswer(store, question)];
      if (writer !== undefined && question.nfdump !== undefined) subjects.push(theirAnswer(files, question));
      const name = `${question.name}, of ${records.toLocaleString('en')} flows`;
      yield await runTrials('query', { name, measures: { 'until the answer': 's' }, subjects, runs: RUNS });
    }
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Stores the records, and measures what that takes. */
async function load(store: Store, files: string, writer: NfdumpWriter | undefined, records: number): Promise<Result[]> {
  const { stored, summed } = await fill(store, records, batch => writer?.write(batch));
  const { octetsOnDisk } = await store.size();
  const [flows] = await store.query<{ octets: string }>(
    "SELECT sum(bytes_on_disk) AS octets FROM system.parts WHERE active AND table = 'flows'",
  );
  const one = (name: string, subject: string, unit: string, value: number) =>
    summary('query', name, subject, unit, [value]);
  const results = [
    one('storing', 'weir, a block after the other', 's', stored),
    one('storing', 'weir, the sums that were left', 's', summed),
    one('size', 'weir', 'octets a flow', Number(flows!.octets) / records),
    one('size', 'weir, with its sums', 'octets a flow', octetsOnDisk / records),
  ];
  if (writer === undefined) return results;
  writer.finish();
  compress(files);
  return [...results, one('size', 'nfdump, LZ4', 'octets a flow', octetsIn(files) / records)];
}

function ourAnswer(store: Store, { weir }: Question): TrialSubject {
  return { name: 'weir', trial: () => timed(async () => void (await weir(store))) };
}

function theirAnswer(directory: string, { nfdump, files }: Question): TrialSubject {
  const path = files === undefined ? directory : join(directory, files);
  return { name: 'nfdump', trial: () => timed(async () => void ask(path, nfdump!)) };
}

async function timed(action: () => Promise<void>): Promise<Record<string, number>> {
  const begun = performance.now();
  await action();
  return { 'until the answer': (performance.now() - begun) / 1000 };
}
