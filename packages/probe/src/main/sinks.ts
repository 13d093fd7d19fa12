import { WeirError } from '../error.js';
import { CollectorCounters } from '../exporting/collector-counters.js';
import type { MessageEncoder } from '../exporting/encoder.js';
import { Exporter, NO_REFRESH, type TemplateRefresh } from '../exporting/exporter.js';
import { type Distribution, Exporters } from '../exporting/exporters.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { IpfixEncoder } from '../exporting/ipfix-encoder.js';
import type { Clock, MessageSink } from '../host/host.js';
import { AddressCell } from '../sending/address-cell.js';
import type { CollectorInput } from '../sending/collectors.js';
import { FileSink } from '../sending/file-sink.js';
import { MessageRing } from '../sending/message-ring.js';
import { RingSink } from '../sending/ring-sink.js';
import { UdpSink } from '../sending/udp-sink.js';

export interface ExportOptions {
  /** Observation Domain ID. */
  readonly domain: number;
  readonly distribution: Distribution;
  /** A preset or names of elements (parseFields). */
  readonly fields: string;
  /** Over UDP. */
  readonly refresh: TemplateRefresh;
}

/** Opens the collectors on this thread. @throws WeirError or SystemError where one cannot be opened */
export function openExporters(
  inputs: readonly CollectorInput[],
  { domain, distribution, fields, refresh }: ExportOptions,
  clock: Clock,
  log: (line: string) => void,
): Exporters {
  const templates = new FlowTemplates(parseFields(fields));
  const each = inputs.map(input => {
    const counters = new CollectorCounters(new Float64Array(input.counters));
    const refreshing = input.target.kind === 'udp' ? refresh : NO_REFRESH;
    return new Exporter(encoderFor(input, domain, templates), openSink(input, clock, log), clock, refreshing, counters);
  });
  return new Exporters(each, distribution, clock);
}

function encoderFor({ target, url }: CollectorInput, domain: number, templates: FlowTemplates): MessageEncoder {
  const version = target.kind === 'udp' ? target.version : 10;
  if (version === 10) return new IpfixEncoder(domain, templates);
  throw new WeirError(
    `collector "${url}": this version does not export NetFlow v${version}: use IPFIX, without "version"`,
  );
}

function openSink(
  { target, url, address, ring, bell }: CollectorInput,
  clock: Clock,
  log: (line: string) => void,
): MessageSink {
  if (target.kind === 'file') return new FileSink({ ...target, clock, log });
  if (target.kind === 'udp') {
    const to = address === undefined ? target.host : new AddressCell(address);
    return new UdpSink({ ...target, to, log });
  }
  if (ring === undefined || bell === undefined) throw new WeirError(`collector "${url}" has no session`);
  return new RingSink(new MessageRing(ring), () => bell.postMessage(0));
}
