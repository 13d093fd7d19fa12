import { WeirError } from '../error.js';

/** Where the control endpoint is. */
export type ControlAddress =
  /** `group`: whose members may open the socket besides its owner. */
  | { readonly kind: 'unix'; readonly path: string; readonly group: string | undefined }
  | { readonly kind: 'http'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'https';
      readonly host: string;
      readonly port: number;
      readonly cert: string;
      readonly key: string;
    };

const FORMS =
  'unix:PATH or unix:PATH?group=GROUP, http://HOST:PORT on loopback, or https://HOST:PORT?cert=FILE&key=FILE';

/** Reads the key `control`. @throws WeirError saying what is possible */
export function parseControl(text: string): ControlAddress {
  const fail = (what: string): never => {
    throw new WeirError(`control "${text}": ${what}: write ${FORMS}`);
  };
  if (text.startsWith('unix:')) {
    const [, path, group] = /^unix:(\/.*?)(?:\?group=([^?&]+))?$/.exec(text) ?? [];
    return path !== undefined ? { kind: 'unix', path, group } : fail('the path of a socket begins with /');
  }
  const match = /^(https?):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]?]+)):(\d{1,5})\/?(?:\?(.*))?$/.exec(text);
  if (match === null || Number(match[4]) > 65_535) return fail('that is no address');
  const [, scheme, bracketed, plain, digits, query = ''] = match;
  const place = { host: bracketed ?? plain, port: Number(digits) };
  if (scheme === 'http') {
    if (!isLoopback(place.host)) return fail('beyond this machine the token would be read on the way');
    return query === '' ? { kind: 'http', ...place } : fail('http has no parameters');
  }
  const given = new URLSearchParams(query);
  const cert = given.get('cert');
  const key = given.get('key');
  if (!cert || !key) return fail('https needs a certificate and its key');
  return { kind: 'https', ...place, cert, key };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
