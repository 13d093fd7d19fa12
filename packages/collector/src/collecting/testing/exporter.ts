import { createSocket } from 'node:dgram';
import { fieldsOf, MessageWriter, type Template } from '@weir/ipfix';

export const flowTemplate: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf([
    'sourceIPv4Address',
    'destinationIPv4Address',
    'protocolIdentifier',
    'octetDeltaCount',
    'flowStartMilliseconds',
    'flowEndMilliseconds',
  ]),
};
const interfaceTemplate: Template = {
  id: 258,
  scopeFieldCount: 1,
  fields: fieldsOf(['ingressInterface', 'interfaceName']),
};

const FLOW_LENGTH = 4 + 4 + 1 + 8 + 8 + 8;

export const statisticsTemplate: Template = {
  id: 257,
  scopeFieldCount: 1,
  fields: fieldsOf(['observationDomainId', 'exportedFlowRecordTotalCount', 'notSentFlowTotalCount']),
};

/** Octets of a Message of so many flows. */
export function messageLength(flows: number): number {
  return 16 + 4 + flows * FLOW_LENGTH;
}

/** A test's Exporting Process. It makes Messages and counts its sequence. */
export class TestExporter {
  /** Data Records made so far. */
  sequence = 0;
  /** Octets of all flows made so far. */
  octets = 0;
  readonly #buffer = new Uint8Array(65_535);
  readonly #writer = new MessageWriter(this.#buffer);
  readonly #domain: number;
  #flows = 0;

  constructor(domain = 1) {
    this.#domain = domain;
  }

  templates(): Uint8Array {
    return this.#message(writer => {
      writer.addTemplate(flowTemplate);
      writer.addTemplate(statisticsTemplate);
    });
  }

  /** UDP flows of a second each that end at `end`, milliseconds; the n-th flow of the exporter has n octets. */
  flows(count: number, end = Date.now()): Uint8Array {
    return this.#message(writer => {
      for (let i = 0; i < count; i++) this.#flow(writer.reserve(256, FLOW_LENGTH), end);
    });
  }

  statistics(exported: bigint, notSent: bigint): Uint8Array {
    return this.#message(writer => {
      const at = writer.reserve(257, 20);
      const view = new DataView(this.#buffer.buffer, at, 20);
      view.setUint32(0, 1);
      view.setBigUint64(4, exported);
      view.setBigUint64(12, notSent);
    });
  }

  /** Tells the name of an interface. */
  interfaceName(number: number, name: string): Uint8Array {
    return this.#message(writer => {
      writer.addTemplate(interfaceTemplate);
      writer.addRecord(interfaceTemplate, { ingressInterface: number, interfaceName: name });
    });
  }

  #flow(at: number, end: number): void {
    const octets = ++this.#flows;
    this.octets += octets;
    const view = new DataView(this.#buffer.buffer, at, FLOW_LENGTH);
    view.setUint32(0, 0x0a00_0000 + octets);
    view.setUint32(4, 0xc000_0201);
    view.setUint8(8, 17);
    view.setBigUint64(9, BigInt(octets));
    view.setBigUint64(17, BigInt(end - 1000));
    view.setBigUint64(25, BigInt(end));
  }

  #message(fill: (writer: MessageWriter) => void): Uint8Array {
    this.#writer.begin(this.#domain);
    fill(this.#writer);
    const { records } = this.#writer;
    const message = this.#buffer.slice(0, this.#writer.finish(Math.floor(Date.now() / 1000), this.sequence));
    this.sequence += records;
    return message;
  }
}

/** A UDP socket that sends Messages to a port on 127.0.0.1, all from one port of its own. */
/** @param from address of loopback that it sends from */
export function sender(
  port: number,
  from = '127.0.0.1',
): { send(...messages: Uint8Array[]): Promise<void>; close(): void } {
  const socket = createSocket('udp4').bind(0, from);
  return {
    async send(...messages) {
      for (const message of messages) {
        await new Promise<void>((resolve, reject) => {
          socket.send(message, port, '127.0.0.1', error => (error ? reject(error) : resolve()));
        });
      }
    },
    close: () => socket.close(),
  };
}

/** Waits until the condition holds. @throws where it does not in 10 seconds */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`in ten seconds it did not come to: ${condition}`);
}
