import { type DataSet, decodeRecords, TransportSession } from '@weir/ipfix';
import { Exporter } from '../exporter.js';
import { parseFields } from '../field-selection.js';
import { FlowTemplates } from '../flow-templates.js';
import { IpfixEncoder } from '../ipfix-encoder.js';
import { type KeepingSink, ManualClock } from './fakes.js';

/** An Exporter of Observation Domain 5 that repeats its Templates after ten seconds or 50 Messages. */
export function exporterTo(sink: KeepingSink, clock = new ManualClock()): Exporter {
  return new Exporter(new IpfixEncoder(5, new FlowTemplates(parseFields('default'))), sink, clock, {
    milliseconds: 10_000,
    messages: 50,
  });
}

/** What a Collecting Process makes of the Messages. */
export function decode(messages: readonly Uint8Array[]) {
  const session = new TransportSession();
  const records: { record: Record<string, unknown>; scope?: Record<string, unknown> }[] = [];
  for (const message of messages)
    session.decode(message, { dataSet: (set: DataSet) => records.push(...decodeRecords(set)) });
  return { records, counters: session.counters };
}
