import type { Finding } from '../events/finding.js';
import { type Contact, Contacts } from './contacts.js';
import type { Interval, PairSums, ServiceSums } from './interval.js';
import { FAILED_TO_ANSWERED, SCAN_WINDOW, type Thresholds } from './thresholds.js';

/** A scan at one look, before those of one source are put together. */
type Scan = Omit<Finding, 'key' | 'kind' | 'patience' | 'source'> & { readonly source: string };

/**
 * A source that asks strangers on one port asks many on few ports: four targets a port at least. Who exchanges files with peers (BitTorrent)
 * asks as many that are gone, but each on a port of its own.
 */
const TARGETS_A_SERVICE = 4;

/** Finds who asks one target on many ports, or many targets on one port, and is hardly answered. */
export class Scans {
  readonly #thresholds: Thresholds;
  readonly #pairs = new Contacts(SCAN_WINDOW);
  readonly #services = new Contacts(SCAN_WINDOW);
  readonly #servicesOf = new Contacts(SCAN_WINDOW);
  readonly #targetsOf = new Contacts(SCAN_WINDOW);

  constructor(thresholds: Thresholds) {
    this.#thresholds = thresholds;
  }

  /** @returns one finding for each source */
  take({ begin, end, pairs, services }: Interval): Finding[] {
    for (const { source, service, failed } of services) {
      this.#servicesOf.keep(source, [service], [], end);
      this.#targetsOf.keep(source, failed, [], end);
    }
    const scans = [
      ...pairs.map(sums => this.#ofPorts(sums, begin, end)),
      ...services.map(sums => this.#ofTargets(sums, begin, end)),
    ];
    for (const each of [this.#pairs, this.#services, this.#servicesOf, this.#targetsOf]) each.forget(end);
    const strongest = new Map<string, Scan>();
    for (const scan of scans) {
      const { source, strength } = scan;
      if (strength > (strongest.get(source)?.strength ?? 0)) strongest.set(source, scan);
    }
    return [...strongest.values()].map(scan => ({
      ...scan,
      key: `scan ${scan.source}`,
      kind: 'scan',
      patience: SCAN_WINDOW,
    }));
  }

  #ofPorts({ source, target, failed, answered }: PairSums, begin: number, end: number): Scan {
    const contact = this.#pairs.keep(`${source} ${target}`, failed, answered, end);
    return {
      ...{ form: 'ports', source, target, unit: 'ports' },
      subject: { name: source, filter: `src host ${source} and dst host ${target}` },
      start: startOf(contact, begin, end),
      size: contact.failed.size,
      strength: isScan(contact) ? contact.failed.size / this.#thresholds.scanPorts : 0,
    };
  }

  #ofTargets({ source, service, failed, answered }: ServiceSums, begin: number, end: number): Scan {
    const contact = this.#services.keep(`${source} ${service}`, failed, answered, end);
    const services = this.#servicesOf.keep(source, [], [], end).failed.size;
    const targets = this.#targetsOf.keep(source, [], [], end).failed.size;
    const asksStrangers = targets >= TARGETS_A_SERVICE * services && isScan(contact);
    return {
      ...{ form: 'addresses', source, service, unit: 'targets' },
      subject: { name: source, filter: `src host ${source} and ${filterOf(service)}` },
      start: startOf(contact, begin, end),
      size: contact.failed.size,
      strength: asksStrangers ? contact.failed.size / this.#thresholds.scanTargets : 0,
    };
  }
}

/** @param service such as `tcp/22` or `icmp` */
function filterOf(service: string): string {
  const [protocol, port] = service.split('/');
  return port === undefined ? `proto ${protocol}` : `proto ${protocol} and dst port ${port}`;
}

/** What failed was seen at the end of an interval, and began in it. */
function startOf({ since }: Contact, begin: number, end: number): number {
  return since === end ? begin : since;
}

function isScan({ failed, answered }: Contact): boolean {
  return failed.size >= FAILED_TO_ANSWERED * answered.size;
}
