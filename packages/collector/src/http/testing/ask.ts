import { type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Me } from '../types.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON. */
  readonly json?: unknown;
}

/** Asks with headers that fetch would not send. Of a stream without end only the headers are taken. */
export function ask(base: string, path: string, { method, headers = {}, json }: Question = {}): Promise<Answer> {
  const { protocol, hostname, port } = new URL(base);
  const request = protocol === 'https:' ? requestHttps : requestHttp;
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const options = { hostname, port, path, method, headers: { ...type, ...headers }, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const asked = request(options, response => {
      let body = '';
      const done = () => resolve({ status: response.statusCode!, headers: response.headers, body });
      if (/event-stream/.test(String(response.headers['content-type']))) {
        done();
        asked.destroy();
      }
      response.on('data', chunk => (body += chunk));
      response.on('end', done);
    });
    asked.on('error', reject).end(json === undefined ? undefined : JSON.stringify(json));
  });
}

/** The cookie that an answer sets, as a request sends it. */
export function cookieOf({ headers }: Answer): string {
  return (headers['set-cookie'] as string[])[0]!.split(';', 1)[0]!;
}

export function logIn(base: string, name: string | undefined, secret: string, headers: Question['headers'] = {}) {
  return ask(base, '/api/v1/login', { method: 'POST', json: { name, secret }, headers });
}

/** What a page of a session knows. */
export interface LoggedIn {
  readonly cookie: string;
  readonly csrf: string;
}

/** A change as a page of ours makes it. */
export function change({ cookie, csrf }: LoggedIn): Question {
  return { method: 'POST', headers: { cookie, 'x-weir-csrf': csrf, 'sec-fetch-site': 'same-origin' } };
}

export function meIn({ body }: Answer): Me {
  return JSON.parse(body) as Me;
}

export function errorIn({ body }: Answer): string {
  return (JSON.parse(body) as { error: string }).error;
}
