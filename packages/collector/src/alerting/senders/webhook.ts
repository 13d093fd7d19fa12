import { createHmac } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { bodyOf } from '../body.js';
import type { WebhookSettings } from '../channel-settings.js';
import type { AlertMessage } from '../message.js';
import { readCa, readSecret } from './secret.js';
import type { Sender } from './sender.js';

/** POST of JSON, signed as Standard Webhooks (standardwebhooks.com, 1.0) has it. */
export class Webhook implements Sender {
  readonly where: string;

  constructor(readonly settings: WebhookSettings) {
    const { protocol, host } = new URL(settings.url);
    this.where = `webhook of ${protocol}//${host}`;
  }

  async send(message: AlertMessage, signal: AbortSignal): Promise<string> {
    const { url, secret, token, ca } = this.settings;
    const body = bodyOf(message);
    const bearer = readSecret(token);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'weir',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...signature(message.id, body, readSecret(secret)),
    };
    const request = url.startsWith('https:') ? requestHttps : requestHttp;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { method: 'POST', headers, signal, agent: false, ...readCa(ca) }, resolve)
        .once('error', reject)
        .end(body);
    });
    // What it says besides is of no use, however long it is.
    response.once('error', () => {}).destroy();
    const status = response.statusCode!;
    if (status < 200 || status > 299) throw new Error(refusal(status));
    return `the receiver answered ${status}`;
  }
}

/** @param secret `whsec_` and base64, or any text */
function signature(id: string, body: string, secret: string | undefined): Record<string, string> {
  const seconds = Math.floor(Date.now() / 1000);
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(seconds) };
  if (secret === undefined) return headers;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const signed = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signed}` };
}

function refusal(status: number): string {
  if (status >= 300 && status < 400)
    return `the receiver answered ${status}, which leads elsewhere: name the address that it leads to`;
  const advice: Readonly<Record<number, string>> = {
    401: ': it wants to know who asks; see token-file and secret-file',
    403: ': it does not let us; see token-file and secret-file',
    404: ': there is nothing at the path of the address',
    413: ': the message is too long for it',
    429: ': it gets too many messages; see alert-limit',
  };
  return `the receiver answered ${status}${advice[status] ?? (status >= 500 ? ': it is in trouble itself' : ': it does not take this message')}`;
}
