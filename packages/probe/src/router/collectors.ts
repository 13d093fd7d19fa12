import { parseTransport, type Target } from '../config/transport.js';
import { WeirError } from '../error.js';
import type { MessageEncoder } from '../exporting/encoder.js';
import { Exporter, NO_REFRESH, type TemplateRefresh } from '../exporting/exporter.js';
import { Exporters } from '../exporting/exporters.js';
import type { FlowTemplates } from '../exporting/flow-templates.js';
import { IpfixEncoder } from '../exporting/ipfix-encoder.js';
import type { Host, MessageSink } from '../host/host.js';
import type { Log } from '../main/log.js';
import { parseAddress } from '../routing/address-text.js';
import { ADDRESS_CELL_OCTETS, AddressCell } from '../sending/address-cell.js';
import { UdpSink } from '../sending/udp-sink.js';
import { NameLookup } from './names.js';
import type { RouterSettings } from './settings.js';
import { TcpSink } from './tcp-sink.js';

/** What is to be done for a collector at each pass of the loop, besides exporting. */
interface Companion {
  step(now: number): void;
  close(): void;
}

interface Member {
  readonly exporter: Exporter;
  readonly companion: Companion | undefined;
}

/** The collectors of the loop. Those that a change of settings keeps go on. */
export class RouterCollectors {
  #members = new Map<string, Member>();

  constructor(
    private readonly host: Host,
    private readonly templates: FlowTemplates,
    private readonly log: Log,
  ) {}

  /** What moves at each collector, by its URL as configured. */
  status(): { url: string; away: boolean; flowRecords: number; octets: number; unsentRecords: number }[] {
    return [...this.#members].map(([key, { exporter }]) => {
      const { away, flowRecords, octets, unsentRecords } = exporter.counters;
      return { url: key.split(' ')[0], away, flowRecords, octets, unsentRecords };
    });
  }

  /** @throws WeirError where one cannot be opened: then nothing has changed */
  become(settings: RouterSettings): Exporters {
    const next = new Map<string, Member>();
    const refresh = {
      milliseconds: settings['template-refresh-interval'] * 1000,
      messages: settings['template-refresh-messages'],
    };
    try {
      for (const url of settings.collector) {
        const key = `${url} ${JSON.stringify(refresh)}`;
        next.set(key, this.#members.get(key) ?? this.#open(url, settings.domain, refresh));
      }
    } catch (error) {
      for (const [key, member] of next) if (!this.#members.has(key)) close(member);
      throw error;
    }
    for (const [key, { companion }] of this.#members) if (!next.has(key)) companion?.close();
    this.#members = next;
    const exporters = [...next.values()].map(({ exporter }) => exporter);
    return new Exporters(exporters, settings.distribute, this.host.clock);
  }

  /** To be called at each pass of the loop. */
  step(): void {
    const now = this.host.clock.monotonic();
    for (const { companion } of this.#members.values()) companion?.step(now);
  }

  close(): void {
    for (const { companion } of this.#members.values()) companion?.close();
    this.#members.clear();
  }

  #open(url: string, domain: number, refresh: TemplateRefresh): Member {
    const target = parseTransport(url);
    const { sink, companion } = this.#sink(url, target);
    const encoder: MessageEncoder = new IpfixEncoder(domain, this.templates);
    const refreshing = target.kind === 'udp' ? refresh : NO_REFRESH;
    return { exporter: new Exporter(encoder, sink, this.host.clock, refreshing), companion };
  }

  #sink(url: string, target: Target): { sink: MessageSink; companion: Companion | undefined } {
    const { host } = this;
    const log = (line: string) => this.log(line);
    if (target.kind !== 'tcp' && (target.kind !== 'udp' || target.version !== 10))
      throw new WeirError(`collector "${url}": a router exports IPFIX over udp://HOST:PORT or tcp://HOST:PORT`);
    const isAddress = parseAddress(target.host, new Uint32Array(4)) !== 0;
    const cell = new AddressCell(new ArrayBuffer(ADDRESS_CELL_OCTETS));
    const names = isAddress ? undefined : new NameLookup(target.host, cell, log);
    if (target.kind === 'udp')
      return { sink: new UdpSink({ ...target, host, to: isAddress ? target.host : cell, log }), companion: names };
    const { port, source } = target;
    const address = () => (isAddress ? target.host : cell.address);
    const sink = new TcpSink({ address, port, source, clock: host.clock, log });
    const step = (now: number) => {
      names?.step(now);
      sink.step(now);
    };
    return { sink, companion: { step, close: () => names?.close() } };
  }
}

function close({ exporter, companion }: Member): void {
  exporter.close();
  companion?.close();
}
