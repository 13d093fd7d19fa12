import type { Clock } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import type { MessageEncoder, OptionsRecord } from './encoder.js';
import { directionsOf, FORWARD, REVERSE } from './netflow-direction.js';
import { NetflowUptime } from './netflow-uptime.js';
import { type NetflowOptions, netflowOptionsOf, writeNetflowOptions } from './netflow-v9-options.js';
import { compileNetflowTemplate, type NetflowTemplate, netflowKindOf } from './netflow-v9-templates.js';
import { NetflowV9Writer, templateOctets } from './netflow-v9-writer.js';

const FIRST_TEMPLATE_ID = 256;

interface KnownTemplate<T extends NetflowTemplate | NetflowOptions> {
  readonly template: T;
  /** The session has had it. */
  isTold: boolean;
}

/**
 * NetFlow v9 (RFC 3954): a record for each direction of a Flow, with a Template for each kind, as in IPFIX. The sequence counts
 * datagrams.
 */
export class NetflowV9Encoder implements MessageEncoder {
  records = 0;
  readonly uptime: NetflowUptime;
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #writer = new NetflowV9Writer();
  readonly #flows = new Map<number, KnownTemplate<NetflowTemplate>>();
  /** By the id of the IPFIX Options Template; undefined: not to be carried. */
  readonly #options = new Map<number, KnownTemplate<NetflowOptions> | undefined>();
  /** What the session has had, in the order of appearance. */
  readonly #told: KnownTemplate<NetflowTemplate | NetflowOptions>[] = [];
  #nextId = FIRST_TEMPLATE_ID;
  #sequence = 0;

  /** @param domain Observation Domain: the Source ID */
  constructor(
    private readonly domain: number,
    clock: Clock,
  ) {
    this.uptime = new NetflowUptime(clock);
  }

  /** What people should know who choose this protocol, a line each. */
  describe(): string[] {
    return [
      'NetFlow v9 has a record for each direction: the second has addresses and ports of the first turned round, those after translation too',
      'NetFlow v9 has no enterprise elements: no conntrack mark, zone, labels, status, helper and master, no TCP states and round-trip times',
      'NetFlow v9 has times relative to a start of the exporter: those that lie more than 24 days before the probe are told as that start',
    ];
  }

  get templateCount(): number {
    return this.#told.length;
  }

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#writer.begin(bytes);
    this.uptime.begin();
  }

  addFlow(record: FlowRecord): boolean {
    const directions = directionsOf(record);
    const forward = directions & FORWARD ? this.#flowTemplate(netflowKindOf(record, true)) : undefined;
    const reverse = directions & REVERSE ? this.#flowTemplate(netflowKindOf(record, false)) : undefined;
    // Both or none, so that a Flow that is tried again is not told twice.
    if (octetsFor(forward) + octetsFor(reverse) > this.#writer.room) return false;
    if (forward !== undefined) this.#addDirection(forward, record, true);
    if (reverse !== undefined) this.#addDirection(reverse, record, false);
    return true;
  }

  addOptions(options: OptionsRecord): boolean {
    const known = this.#optionsTemplate(options);
    if (known === undefined) return true;
    if (octetsFor(known) > this.#writer.room) return false;
    if (!known.isTold) this.#tell(known);
    const at = this.#writer.reserve(known.template.id, known.template.octets);
    writeNetflowOptions(known.template, options, this.domain, this.#bytes, at);
    return true;
  }

  addTemplate(index: number): boolean {
    const known = this.#told[index];
    if (octetsForTemplate(known.template) > this.#writer.room) return false;
    this.#tell(known);
    return true;
  }

  finish(wall: number): number {
    this.records = this.#writer.records;
    if (this.#writer.isEmpty) return 0;
    // The header has whole seconds: sysUpTime is that of the next one, so that the start that follows from both is exact.
    const seconds = Math.ceil(wall / 1000);
    const octets = this.#writer.finish(this.uptime.at(seconds * 1000), seconds, this.#sequence, this.domain);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return octets;
  }

  #addDirection(known: KnownTemplate<NetflowTemplate>, record: FlowRecord, isForward: boolean): void {
    if (!known.isTold) this.#tell(known);
    const { template } = known;
    const at = this.#writer.reserve(template.id, template.octets);
    template.write(record, isForward, this.#bytes, at, this.uptime);
  }

  #tell(known: KnownTemplate<NetflowTemplate | NetflowOptions>): void {
    const { template } = known;
    if ('fields' in template) this.#writer.addTemplate(template.id, template.fields);
    else this.#writer.addOptionsTemplate(template.id, template);
    if (!known.isTold) this.#told.push(known);
    known.isTold = true;
  }

  #flowTemplate(kind: number): KnownTemplate<NetflowTemplate> {
    let known = this.#flows.get(kind);
    if (known === undefined) {
      known = { template: compileNetflowTemplate(kind, this.#nextId++), isTold: false };
      this.#flows.set(kind, known);
    }
    return known;
  }

  #optionsTemplate({ template }: OptionsRecord): KnownTemplate<NetflowOptions> | undefined {
    if (!this.#options.has(template.id)) {
      const carried = netflowOptionsOf(template, this.#nextId);
      if (carried !== undefined) this.#nextId++;
      this.#options.set(template.id, carried && { template: carried, isTold: false });
    }
    return this.#options.get(template.id);
  }
}

/** Octets that a record takes at most, and before it its Template where the session has not had it. */
function octetsFor(known: KnownTemplate<NetflowTemplate | NetflowOptions> | undefined): number {
  if (known === undefined) return 0;
  const record = NetflowV9Writer.octetsFor(known.template.octets);
  return known.isTold ? record : record + octetsForTemplate(known.template);
}

function octetsForTemplate(template: NetflowTemplate | NetflowOptions): number {
  const fields = 'fields' in template ? template.fields : [...template.scope, ...template.options];
  return NetflowV9Writer.octetsFor(templateOctets(fields) + 2);
}
