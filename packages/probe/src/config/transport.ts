import { WeirError } from '../error.js';

/** A collector's address as configured. */
export type Target =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'file'; readonly path: string };

const IPFIX_PORT = 4739;

/** Parses the URL of a transport. @throws WeirError saying what is wrong and what is possible */
export function parseTransport(text: string): Target {
  if (text.startsWith('file:')) return parseFile(text);
  const match = /^(\w+):\/\/(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+)(?::(\d+))?\/?$/.exec(text);
  if (match === null) {
    throw new WeirError(`collector "${text}" is not a transport URL: write udp://HOST:PORT or file:PATH`);
  }
  const [, scheme, host, port] = match;
  if (scheme !== 'udp') {
    throw new WeirError(`collector "${text}": this version exports over udp:// and to file: only, choose one of them`);
  }
  const number = port === undefined ? IPFIX_PORT : Number(port);
  if (number < 1 || number > 65_535) throw new WeirError(`collector "${text}": the port must be from 1 to 65535`);
  return { kind: 'udp', host: host.replace(/^\[|\]$/g, ''), port: number };
}

function parseFile(text: string): Target {
  const path = text.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '')
    throw new WeirError('collector "file:" names no file: write file:PATH, or file:- for standard output');
  return { kind: 'file', path };
}
