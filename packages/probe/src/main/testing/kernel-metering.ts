import { type DataSet, decodeRecords, TransportSession } from '@weir/ipfix';
import { Exporter, NO_REFRESH } from '../../exporting/exporter.js';
import { Exporters } from '../../exporting/exporters.js';
import { parseFields } from '../../exporting/field-selection.js';
import { FlowTemplates } from '../../exporting/flow-templates.js';
import { IpfixEncoder } from '../../exporting/ipfix-encoder.js';
import { KeepingSink, ManualClock } from '../../exporting/testing/fakes.js';
import type { Host } from '../../host/host.js';
import type { LastExport } from '../../metering/exported-until.js';
import type { FlowRecord } from '../../metering/flow-record.js';
import type { KernelPaths } from '../../routing/kernel-paths.js';
import { KernelMetering } from '../kernel-metering.js';
import { type DumpAnswer, Dumps } from './dumps.js';
import type { FakeDoor } from './kernel-door.js';

export const ACTIVE_TIMEOUT = 10_000;
export const LOOKED_UP_INTERFACE = 7;

export interface Conditions {
  readonly dumps?: DumpAnswer[];
  readonly direct?: boolean;
  readonly last?: LastExport;
  /** Connections in the kernel's table. */
  readonly entries?: number;
}

/** What a KernelMetering is given, and what it has made of it. */
export class Rig {
  readonly clock = new ManualClock();
  readonly lines: string[] = [];
  /** Flow Records that something was to be done with. */
  readonly emitted: { flowId: number; ingressInterface: number }[] = [];
  /** What was left to the next probe. */
  readonly left: LastExport[] = [];
  interfaces: { generation: number; vlans: [index: number, vlan: number][] } = { generation: 1, vlans: [] };
  readonly #sink = new KeepingSink();
  readonly #session = new TransportSession();

  meter(door: FakeDoor, conditions: Conditions = {}): KernelMetering {
    const { clock } = this;
    const { dumps = ['done'], direct = true, last = { until: 0, silence: 0 }, entries = 0 } = conditions;
    const templates = new FlowTemplates(parseFields('default'));
    const exporter = new Exporter(new IpfixEncoder(5, templates), this.#sink, clock, NO_REFRESH);
    const exporters = new Exporters([exporter], 'all', clock);
    const host = { clock, netlink: new Dumps([...dumps]).netlink, readText: () => `${entries}\n` };
    const remember = (next: LastExport) => this.left.push(next);
    return new KernelMetering(
      host as Partial<Host> as Host,
      { door, capacity: 64, layout: templates, isWanted: true, last, remember },
      {
        activeTimeout: ACTIVE_TIMEOUT,
        direct,
        tcpEvents: false,
        exporters: () => exporters,
        paths: this.#paths() as unknown as KernelPaths,
        log: line => this.lines.push(line),
        emit: ({ flowId, ingressInterface }) => this.emitted.push({ flowId, ingressInterface }),
      },
    );
  }

  /** Source ports and reasons of what was exported as it was since the last call, in order. */
  exported(): [port: number, reason: number][] {
    const records: Record<string, unknown>[] = [];
    const dataSet = (set: DataSet) => records.push(...decodeRecords(set).map(({ record }) => record));
    for (const message of this.#sink.messages.splice(0)) this.#session.decode(message, { dataSet });
    return records.map(record => [Number(record.sourceTransportPort), Number(record.flowEndReason)]);
  }

  #paths() {
    const now = () => this.interfaces;
    return {
      interfaces: {
        get generation() {
          return now().generation;
        },
        list: () => now().vlans.map(([index, vlan]) => ({ index, vlan })),
      },
      watchNeighbours: () => {},
      find: () => 1,
      describe: (_: number, record: FlowRecord) => {
        record.ingressInterface = LOOKED_UP_INTERFACE;
      },
    };
  }
}
