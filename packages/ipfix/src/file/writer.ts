import { WeirError } from '../error.js';
import { MAXIMUM_MESSAGE_LENGTH, MESSAGE_HEADER_LENGTH, VERSION } from '../message/format.js';
import { MessageWriter } from '../message/writer.js';
import { getU16, getU32 } from '../octets/get.js';
import { putU16, putU32 } from '../octets/put.js';
import type { Values } from '../structured/encode.js';
import { OPTIONS_TEMPLATE_SET } from '../template/format.js';
import type { TemplateRecord } from '../template/parse.js';
import { fieldsOf, type Template } from '../template/template.js';
import { Checksums, eachSet, eachTemplateRecord, sign } from './checksum.js';

const CHECKSUM_LENGTH = 16;
const NO_CHECKSUM = { messageMD5Checksum: new Uint8Array(CHECKSUM_LENGTH) };
const LAST_TEMPLATE_ID = 65535;

/** What is to stand in a file beside a Message: elements by name, as encodeRecord takes them. */
export interface FileDetails {
  /**
   * Of the Transport Session that the file keeps: exporterIPv4Address, minExportSeconds ... (RFC 5655 section 8.1.3), or of all its flows:
   * minFlowStartMilliseconds and maxFlowEndMilliseconds (section 8.1.2). Each should be given once a file.
   */
  readonly session?: Values;
  /** Of this Message (section 8.1.4): collectionTimeMilliseconds, exportSctpStreamId ... */
  readonly message?: Values;
}

/** One Observation Domain in the file. */
interface Domain {
  /** Data Records that were added to it so far. */
  added: number;
  /** The Options Templates defined by the writer itself, by the names of their elements. */
  templates: Map<string, Template>;
  /** Template IDs of the exporter. */
  readonly taken: Set<number>;
}

/** Beyond that many Observation Domains, Messages of further ones are written without options. */
const MAXIMUM_DOMAINS = 4096;

/**
 * Makes an IPFIX File (RFC 5655) of Messages: to each it adds, where wanted, its MD5 checksum and what is known of it and of its
 * session, as Options Data Records in the Message itself. The Messages' sequence numbers count these, too.
 */
export class FileWriter {
  /** Messages without room for what was to be added, or of too many Observation Domains: written without it. */
  withoutOptions = 0;
  readonly #checksum: boolean;
  readonly #checksums = new Checksums();
  readonly #domains = new Map<number, Domain>();
  readonly #scratch = new Uint8Array(MAXIMUM_MESSAGE_LENGTH);
  readonly #writer = new MessageWriter(this.#scratch);

  constructor({ checksum = false }: { readonly checksum?: boolean } = {}) {
    this.#checksum = checksum;
  }

  /**
   * The octets to be written to the file for a Message: a whole IPFIX Message, as readFile and TransportSession take it.
   * Throws WeirError where it is none, or where a detail cannot be encoded.
   */
  add(message: Uint8Array, details: FileDetails = {}): Uint8Array {
    if (
      message.length < MESSAGE_HEADER_LENGTH ||
      getU16(message, 0) !== VERSION ||
      getU16(message, 2) !== message.length
    ) {
      throw new WeirError('these octets are not one IPFIX Message; split the stream at the length in each header');
    }
    // What changes a Message makes the checksum wrong that it may carry already.
    const places = this.#checksums.find(message);
    const domain = this.#domain(getU32(message, 12));
    const written = (domain && this.#extend(domain, message, details, places)) ?? this.#unchanged(domain, message);
    if (places.length > 0) sign(written, places);
    return written;
  }

  #unchanged(domain: Domain | undefined, message: Uint8Array): Uint8Array {
    this.withoutOptions++;
    const same = message.slice();
    putU32(same, 8, getU32(message, 8) + (domain?.added ?? 0));
    return same;
  }

  /** The Message with what is to be added; undefined where it has no room. */
  #extend(domain: Domain, message: Uint8Array, details: FileDetails, places: readonly number[]) {
    // There must be no more than one checksum in a Message (RFC 5655 section 8.1.1).
    const adds = this.#checksum && places.length === 0;
    eachSet(message, (...set) => eachTemplateRecord(message, set, record => makeWay(domain, set[0], record)));
    const before = new Map(domain.templates);
    const options = this.#options(getU32(message, 12), domain, details, adds);
    if (message.length + options.length > MAXIMUM_MESSAGE_LENGTH) {
      domain.templates = before;
      return undefined;
    }
    const written = joined(message, options);
    putU32(written, 8, getU32(message, 8) + domain.added);
    domain.added += this.#writer.records;
    // Its record is the last of the Message, and the checksum the last of the record.
    if (adds) sign(written, [written.length - CHECKSUM_LENGTH]);
    return written;
  }

  #domain(id: number): Domain | undefined {
    let domain = this.#domains.get(id);
    if (domain === undefined && this.#domains.size < MAXIMUM_DOMAINS) {
      domain = { added: 0, templates: new Map(), taken: new Set() };
      this.#domains.set(id, domain);
    }
    return domain;
  }

  /** The Sets to be added: Options Templates not defined yet, and their records; the checksum last. */
  #options(id: number, domain: Domain, { session, message }: FileDetails, checksum: boolean): Uint8Array {
    this.#writer.begin(id);
    if (session !== undefined) this.#record(domain, 'sessionScope', session);
    if (message !== undefined) this.#record(domain, 'messageScope', message);
    if (checksum) this.#record(domain, 'messageScope', NO_CHECKSUM);
    return this.#scratch.subarray(MESSAGE_HEADER_LENGTH, this.#writer.finish(0, 0));
  }

  #record(domain: Domain, scope: 'sessionScope' | 'messageScope', values: Values): void {
    const names = [scope, ...Object.keys(values)];
    const key = names.join(' ');
    let template = domain.templates.get(key);
    let fits = true;
    if (template === undefined) {
      template = { id: freeId(domain), scopeFieldCount: 1, fields: fieldsOf(names.map(fixedChecksum)) };
      domain.templates.set(key, template);
      fits = this.#writer.addTemplate(template);
    }
    // Scopes of this kind are written as 0.
    if (!fits || !this.#writer.addRecord(template, { ...values, [scope]: 0 })) {
      throw new WeirError('the details do not fit in a Message; give fewer');
    }
  }
}

function fixedChecksum(name: string): string | readonly [string, number] {
  return name === 'messageMD5Checksum' ? [name, CHECKSUM_LENGTH] : name;
}

/** From the last Template ID downwards: exporters number theirs upwards. */
function freeId({ templates, taken }: Domain): number {
  const own = new Set(Array.from(templates.values(), template => template.id));
  let id = LAST_TEMPLATE_ID;
  while (own.has(id) || taken.has(id)) id--;
  return id;
}

/** Where the exporter takes a Template ID of ours, or withdraws it, ours is to be defined anew, under an ID that is free. */
function makeWay(domain: Domain, setId: number, record: TemplateRecord): void {
  if (record.kind === 'malformed') return;
  const id = record.kind === 'template' ? record.template.id : record.id;
  if (record.kind === 'template') domain.taken.add(id);
  if (setId === OPTIONS_TEMPLATE_SET && id === OPTIONS_TEMPLATE_SET) domain.templates.clear();
  for (const [key, template] of domain.templates) if (template.id === id) domain.templates.delete(key);
}

function joined(message: Uint8Array, sets: Uint8Array): Uint8Array {
  const whole = new Uint8Array(message.length + sets.length);
  whole.set(message);
  whole.set(sets, message.length);
  putU16(whole, 2, whole.length);
  return whole;
}
