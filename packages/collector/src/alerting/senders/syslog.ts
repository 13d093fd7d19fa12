import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { SyslogSettings } from '../channel-settings.js';
import type { AlertMessage } from '../message.js';
import type { Sender } from './sender.js';
import { openStream } from './stream.js';

/** RFC 5424 table 2. */
const WARNING = 4;
const NOTICE = 5;
/** RFC 5424 section 6.1 has receivers take 2,048 octets at least if they can. */
const MOST_OCTETS = 2048;
const BYTE_ORDER_MARK = '\u{feff}';

/** RFC 5424, a message for each event: over UDP (RFC 5426), TCP (RFC 6587, octet counting) and TLS (RFC 5425). */
export class Syslog implements Sender {
  readonly where: string;

  constructor(readonly settings: SyslogSettings) {
    const { transport, host, port } = settings;
    this.where = `syslog over ${transport} of ${host}:${port}`;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<string> {
    const messages = syslogMessages(message, this.settings.facility);
    if (this.settings.transport === 'udp') {
      await this.#overUdp(messages);
      return 'it was sent; UDP does not tell whether it arrived: look into the log';
    }
    await this.#overStream(messages, signal);
    return 'the receiver has taken it; syslog does not tell whether it was written: look into the log';
  }

  async #overUdp(messages: readonly Buffer[]): Promise<void> {
    const { host, port } = this.settings;
    const { lookup } = await import('node:dns/promises');
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    // Where nobody listens, the kernel says so with the next datagram.
    const failed = once(socket, 'error').then(([error]) => Promise.reject(error));
    try {
      socket.connect(port, address);
      await Promise.race([once(socket, 'connect'), failed]);
      for (const message of messages)
        await new Promise<void>((resolve, reject) =>
          socket.send(message, error => (error ? reject(error) : resolve())),
        );
      await Promise.race([new Promise(resolve => setTimeout(resolve, REFUSAL_MILLISECONDS)), failed]);
    } finally {
      failed.catch(() => {});
      socket.close();
    }
  }

  async #overStream(messages: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const { transport, host, port, ca } = this.settings;
    const socket = await openStream({ host, port, ca, tls: transport === 'tls' }, signal);
    const counted = messages.flatMap(message => [Buffer.from(`${message.length} `), message]);
    const closed = new Promise<void>((resolve, reject) => socket.once('error', reject).once('close', () => resolve()));
    await new Promise<void>(resolve => {
      closed.catch(() => {}).finally(resolve);
      socket.resume().end(Buffer.concat(counted), resolve);
    });
    // A receiver that was there for nobody breaks the connection off now; one that does not end its own side has what was sent.
    const patience = new Promise(resolve => setTimeout(resolve, CLOSING_MILLISECONDS));
    await Promise.race([closed, patience]).finally(() => socket.destroy());
  }
}

/** That ICMP's "port unreachable" of a machine nearby needs. */
const REFUSAL_MILLISECONDS = 100;
const CLOSING_MILLISECONDS = 2000;

/** @param facility 0 to 23 */
export function syslogMessages({ at, title, items, notes }: AlertMessage, facility: number): Buffer[] {
  const lines = [
    ...items.map(({ change, event, line, link }) => ({
      severity: change === 'ended' ? NOTICE : WARNING,
      id: event.kind,
      text: link === undefined ? line : `${line}; ${link}`,
    })),
    ...notes.map(text => ({ severity: NOTICE, id: 'note', text })),
  ];
  const said = lines.length === 0 ? [{ severity: NOTICE, id: 'test', text: title }] : lines;
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-';
  return said.map(({ severity, id, text }) => {
    const header = `<${facility * 8 + severity}>1 ${new Date(at).toISOString()} ${host} weir ${process.pid} ${id} - `;
    return cut(Buffer.from(`${header}${BYTE_ORDER_MARK}${text}`));
  });
}

/** Not within a character (RFC 3629: octets that go on are 10xxxxxx). */
function cut(octets: Buffer): Buffer {
  let end = Math.min(octets.length, MOST_OCTETS);
  while (end < octets.length && (octets[end]! & 0xc0) === 0x80) end--;
  return octets.subarray(0, end);
}
