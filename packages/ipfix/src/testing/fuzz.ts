import { decodeRecords, recordCount } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import type { DataSet, Diagnostic, MessageVisitor } from '../message/visitor.js';
import type { RecordDecoder } from '../template/column.js';
import { compileDecoder } from '../template/decoder.js';
import { COLUMN_WIDTH, type ColumnKind } from '../template/kinds.js';
import type { Template } from '../template/template.js';
import { bindAll, column } from './columns.js';
import { Mutator, randomFrom } from './mutate.js';
import { reachable } from './reachable.js';

/** Small ones, so that floods meet them. */
const LIMITS = { domains: 8, templatesPerDomain: 64, fields: 4096, elements: 64, valuesPerSet: 2048, listDepth: 4 };
/** Mutated Messages that one session takes before the next begins with the clean ones. */
const CASES_PER_SESSION = 500;
/** Rows of the columns: small, so that Sets go on in the next. */
const CAPACITY = 128;

/** Sessions from one look at the memory to the next. */
const SESSIONS_PER_LOOK = 32;

/** All fields of a kind share a column: what they hold is not looked at. */
const COLUMNS = new Map((Object.keys(COLUMN_WIDTH) as ColumnKind[]).map(kind => [kind, column(kind, CAPACITY)]));

export interface FuzzReport {
  readonly cases: number;
  /** Decoded to columns. */
  records: number;
  /** Decoded to objects, too. */
  objects: number;
  readonly reasons: Set<string>;
  /** The most Templates that a session kept. */
  templates: number;
  /** The most octets, beyond those before the first session, that were still reachable at the end of one. */
  retained: number;
}

/** Decodes each Set into columns, and now and then into objects. */
class Consumer implements MessageVisitor {
  readonly report: FuzzReport;
  /** Into objects as well? */
  objects = false;
  readonly #decoders = new WeakMap<Template, RecordDecoder>();

  constructor(report: FuzzReport) {
    this.report = report;
  }

  dataSet(set: DataSet): void {
    let rows = 0;
    const decoder = this.#decoder(set.template);
    for (let start = set.start; start < set.end; start = decoder.offset) {
      const count = decoder.decode(set.bytes, start, set.end, 0, CAPACITY);
      if (count === 0) break;
      rows += count;
    }
    this.report.records += rows;
    if (!this.objects) return;
    if (rows !== recordCount(set)) throw new Error(`${rows} rows of ${recordCount(set)} records`);
    const records = decodeRecords(set).length;
    if (records > rows) throw new Error(`${records} objects, but ${rows} rows`);
    this.report.objects += records;
  }

  diagnostic({ reason }: Diagnostic): void {
    this.report.reasons.add(reason);
  }

  #decoder(template: Template): RecordDecoder {
    let decoder = this.#decoders.get(template);
    if (decoder === undefined) {
      decoder = compileDecoder(
        template,
        bindAll(template, CAPACITY, kind => COLUMNS.get(kind)!),
      );
      this.#decoders.set(template, decoder);
    }
    return decoder;
  }
}

/**
 * Decodes `cases` mutations of the Messages, group after group, in sessions that begin with the group's Messages as they are.
 * Throws, with what is needed to repeat it, where decoding throws or a session keeps more than its limits.
 */
export function fuzz(groups: readonly (readonly Uint8Array[])[], cases: number, seed: number): FuzzReport {
  const report: FuzzReport = { cases, records: 0, objects: 0, reasons: new Set(), templates: 0, retained: 0 };
  const random = randomFrom(seed);
  const mutator = new Mutator(random);
  const consumer = new Consumer(report);
  const before = reachable();
  for (let done = 0, round = 0; done < cases; done += CASES_PER_SESSION, round++) {
    const messages = groups[round % groups.length]!;
    const session = new TransportSession(LIMITS);
    for (const message of messages) session.decode(message, consumer);
    const count = Math.min(CASES_PER_SESSION, cases - done);
    for (let i = 0; i < count; i++) {
      const message = mutator.mutate(messages, random(messages.length));
      consumer.objects = i % 16 === 0;
      attempt(session, message, consumer, `seed ${seed}, case ${done + i}`);
    }
    report.templates = Math.max(report.templates, session.templateCount);
    // While the session, its Templates and their compiled decoders are alive.
    if (round % SESSIONS_PER_LOOK === 0) report.retained = Math.max(report.retained, reachable() - before);
  }
  return report;
}

function attempt(session: TransportSession, message: Uint8Array, consumer: Consumer, name: string): void {
  try {
    session.decode(message, consumer);
  } catch (error) {
    const state = JSON.stringify(session.save());
    throw new Error(`${name}: ${Buffer.from(message).toString('hex')} in ${state}`, { cause: error });
  }
}

export const TEMPLATE_LIMIT = LIMITS.domains * LIMITS.templatesPerDomain;
