import { hostname } from 'node:os';
import type { MailSettings } from '../channel-settings.js';
import type { AlertMessage } from '../message.js';
import { readCa, readSecret } from './secret.js';
import type { Sender } from './sender.js';
import { openStream } from './stream.js';

/** What is sent besides alerts: reports. */
export interface Letter {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly content: Buffer;
    readonly contentType: string;
  }[];
}

/** E-mail by SMTP (RFC 5321). */
export class Mail implements Sender {
  readonly where: string;

  constructor(readonly settings: MailSettings) {
    this.where = `e-mail by ${settings.host}:${settings.port}`;
  }

  send({ id, title, text }: AlertMessage, signal: AbortSignal): Promise<string> {
    return this.deliver({ id, subject: title, text }, signal);
  }

  /** @returns and @throws as `send` does */
  async deliver({ id, subject, text, attachments = [] }: Letter, signal: AbortSignal): Promise<string> {
    // Only who sends e-mail loads it.
    const { createTransport } = await import('nodemailer');
    const { host, port, security, user, password, ca, from, to } = this.settings;
    // Our own socket, because an aborted signal has to end it.
    const connection = await openStream({ host, port, tls: false, ca: undefined }, signal);
    const transport = createTransport({
      ...{ host, port, connection, secure: security === 'tls' },
      ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
      ...(user === undefined ? {} : { auth: { user, pass: readSecret(password) ?? '' } }),
      tls: { rejectUnauthorized: true, ...readCa(ca) },
      // What is attached is there already: nothing is to be read from anywhere.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    try {
      const sent = transport.sendMail({
        ...{ from, to: [...to], subject, text, attachments: [...attachments] },
        messageId: `<${id}@${hostname()}>`,
        // RFC 3834: no vacation notes, please.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      const { response, rejected } = await Promise.race([sent, rejection(signal)]);
      if (rejected.length > 0) return `the mail server took it, but not for ${rejected.join(', ')}`;
      return `the mail server took it: ${response}`;
    } finally {
      connection.destroy();
    }
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
