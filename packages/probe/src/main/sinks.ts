import { WeirError } from '../error.js';
import { CollectorCounters } from '../exporting/collector-counters.js';
import type { MessageEncoder } from '../exporting/encoder.js';
import { Exporter, NO_REFRESH, type TemplateRefresh } from '../exporting/exporter.js';
import type { Distribution } from '../exporting/exporters.js';
import type { FlowTemplates } from '../exporting/flow-templates.js';
import { IpfixEncoder } from '../exporting/ipfix-encoder.js';
import { NetflowV5Encoder } from '../exporting/netflow-v5.js';
import { NetflowV9Encoder } from '../exporting/netflow-v9.js';
import type { Clock, Host, MessageSink } from '../host/host.js';
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
  /** Over UDP. */
  readonly refresh: TemplateRefresh;
}

/**
 * Opens a collector on this thread.
 *
 * @param templates shared by all Transport Sessions of this Observation Domain
 * @throws WeirError or SystemError where it cannot be opened
 */
export function openExporter(
  input: CollectorInput,
  { domain, refresh }: ExportOptions,
  templates: FlowTemplates,
  host: Host,
  log: (line: string) => void,
): Exporter {
  const { clock } = host;
  const counters = new CollectorCounters(new Float64Array(input.counters));
  const refreshing = input.target.kind === 'udp' ? refresh : NO_REFRESH;
  const encoder = encoderFor(input, domain, templates, clock, log);
  return new Exporter(encoder, openSink(input, host, log), clock, refreshing, counters);
}

function encoderFor(
  { target, url }: CollectorInput,
  domain: number,
  templates: FlowTemplates,
  clock: Clock,
  log: (line: string) => void,
): MessageEncoder {
  const version = target.kind === 'udp' ? target.version : 10;
  if (version === 10) return new IpfixEncoder(domain, templates);
  const encoder = version === 9 ? new NetflowV9Encoder(domain, clock) : new NetflowV5Encoder(domain, clock);
  for (const line of encoder.describe()) log(`collector ${url}: ${line}`);
  return encoder;
}

function openSink(
  { target, url, address, ring, bell }: CollectorInput,
  host: Host,
  log: (line: string) => void,
): MessageSink {
  if (target.kind === 'file') return new FileSink({ ...target, clock: host.clock, log });
  if (target.kind === 'udp') {
    const to = address === undefined ? target.host : new AddressCell(address);
    return new UdpSink({ ...target, to, host, log });
  }
  if (ring === undefined || bell === undefined) throw new WeirError(`collector "${url}" has no session`);
  return new RingSink(new MessageRing(ring), () => bell.postMessage(0));
}
