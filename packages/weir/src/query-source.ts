import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Bill,
  type Billing,
  defaultDataDirectory,
  groups,
  Importer,
  type ImportRequest,
  type ImportResult,
  ipfixFile,
  isServers,
  parquetFile,
  parseServers,
  records,
  type Selection,
  type SessionStatistics,
  Store,
  sessionStatistics,
  storeDirectory,
  type TrafficEvent,
} from '@weir/collector/reading';
import { ApiClient } from './api-client.js';
import { UsageError, WeirError } from './error.js';

/** What is asked for. */
export interface Query {
  readonly selection: Selection;
  /** Names to group by; undefined lists records. */
  readonly by?: readonly string[];
  readonly top?: number;
}

/** Which accounts and which month; undefined: all of them, the one that goes on. */
export interface BillsAsked {
  readonly account?: string;
  readonly month?: string;
}

/** Formats of files that are octets, not lines. */
export type FileFormat = 'ipfix' | 'parquet';

/** Something that answers queries. */
export interface QuerySource {
  ask(query: Query): AsyncIterable<unknown>;
  /** TCP connections as a whole. @param stall milliseconds without a packet from which on one has stalled */
  sessions(selection: Selection, stall: number): Promise<SessionStatistics>;
  /** The records of a query without `by` as the octets of a file. */
  download(query: Query, format: FileFormat): AsyncIterable<Uint8Array>;
  /** What was unusual between two times in milliseconds since the epoch, the newest first. */
  events(asked: { readonly from: number; readonly to: number }): AsyncIterable<TrafficEvent>;
  /** Takes a file into the store. */
  take(octets: AsyncIterable<Uint8Array>, request: ImportRequest): Promise<ImportResult>;
  bills(asked: BillsAsked): Promise<readonly Bill[]>;
  /** Enters the sums of a month as they are now. */
  enter(entry: Required<BillsAsked> & { readonly reason: string }): Promise<void>;
  close(): Promise<void>;
}

export interface SourceOptions {
  readonly url?: string;
  readonly store?: string;
  readonly data?: string;
  readonly tokenFile?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:4780';

/**
 * Finds who answers: the collector at --url; the servers of --store; the collector that runs on the directory of --store or --data, or
 * else that directory itself; with none of these the collector at the default address, then the default directory.
 * @throws WeirError where nobody does
 */
export async function openSource({ url, store, data, tokenFile }: SourceOptions): Promise<QuerySource> {
  if ([url, store, data].filter(given => given !== undefined).length > 1) {
    throw new UsageError('--url, --store and --data exclude one another');
  }
  if (url !== undefined) return ApiClient.ofUrl(url, tokenFile);
  if (store !== undefined && isServers(store)) return openServers(store);
  if (store !== undefined) return openDirectory(storeDirectory(store));
  if (data !== undefined) return openDirectory(resolve(data));
  const running = ApiClient.ofUrl(DEFAULT_URL, tokenFile);
  if (await running.answers()) return running;
  const directory = defaultDataDirectory();
  if (existsSync(join(directory, 'store.json'))) return openDirectory(directory);
  throw new WeirError(
    `no collector answers at ${DEFAULT_URL} and there is no data in ${directory}; start one with "weir up", or name one with --url, --store or --data`,
  );
}

async function openDirectory(directory: string): Promise<QuerySource> {
  const running = ApiClient.ofSocket(join(directory, 'collector.sock'));
  if (await running.answers()) return running;
  if (!existsSync(join(directory, 'store.json'))) {
    throw new WeirError(`there is no store in ${directory}; name the data directory of a collector`);
  }
  const store = await Store.open({ directory });
  return sourceOf(store, (octets, request) => new Importer(store, directory).take(octets, request));
}

async function openServers(servers: string): Promise<QuerySource> {
  return sourceOf(await Store.ofServers(parseServers(servers)), async () => {
    throw new WeirError('files go into servers by a collector that stores there: name it with --url or --data');
  });
}

function sourceOf(store: Store, take: QuerySource['take']): QuerySource {
  return {
    ask: query => askStore(store, query),
    download: ({ selection, top }, format) =>
      format === 'ipfix' ? ipfixFile(store, selection, top) : parquetFile(store, selection, top),
    sessions: (selection, stall) => sessionStatistics(store, selection, stall),
    events: asked => eventsOf(store, asked),
    take,
    bills: asked => billsIn(store, asked),
    enter: async ({ account, month, reason }) => {
      await (await billingIn(store)).enter(account, month, { by: userInfo().username, reason });
    },
    close: () => store.close(),
  };
}

/** Events of one answer; more are no list for people. */
export const MOST_EVENTS = 10_000;

async function* eventsOf(store: Store, asked: { from: number; to: number }): AsyncGenerator<TrafficEvent> {
  yield* await store.events.list({ ...asked, limit: MOST_EVENTS });
}

async function* askStore(store: Store, { selection, by, top }: Query): AsyncGenerator<unknown> {
  if (by === undefined) yield* records(store, selection, top);
  else yield* await groups(store, selection, [...by], top);
}

/** The accounts as they were configured last, kept up with what is stored. @throws WeirError */
async function billingIn(store: Store): Promise<Billing> {
  const billing = await store.billing({});
  if (billing === undefined) throw new WeirError('accounts are of the embedded store; name a collector that has it');
  await billing.advance();
  return billing;
}

async function billsIn(store: Store, { account, month }: BillsAsked): Promise<readonly Bill[]> {
  const billing = await billingIn(store);
  const names = account === undefined ? billing.accounts.map(each => each.account.name) : [account];
  const bills: Bill[] = [];
  for (const name of names) bills.push(await billing.bill(name, month));
  return bills;
}
