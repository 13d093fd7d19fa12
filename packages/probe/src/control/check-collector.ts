import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { parseTransport, type Target } from '../config/transport.js';
import { WeirError } from '../error.js';
import { checkCollector as tryCollector } from '../preflight/collectors.js';
import { tlsOptions } from '../sending/tls-options.js';
import { checkDirectory } from './check-files.js';
import type { Tell } from './types.js';

const PATIENCE_MILLISECONDS = 5000;
/** What every Message begins with (RFC 7011 section 3.1). */
const IPFIX_VERSION = 10;

/**
 * What this machine can tell of a collector. One that does not take connections now is told of: what is for it waits in the spool
 * until it does.
 *
 * @throws WeirError where it cannot be exported to
 */
export async function checkCollector(url: string, tell: Tell): Promise<void> {
  const target = parseTransport(url);
  if (target.kind === 'file') return checkFile(target);
  if (target.kind === 'tls') checkTls(target);
  await checkName(target.host);
  if (target.source !== undefined) await checkSource(target.source);
  if (target.kind === 'udp') return;
  const { level, what, meaning } = await tryCollector(url, target);
  if (level !== 'ok') tell('warning', `${what}: ${meaning}`, url);
}

async function checkName(host: string): Promise<void> {
  if (isIP(host) !== 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(done => {
    timer = setTimeout(done, PATIENCE_MILLISECONDS, `was not found within ${PATIENCE_MILLISECONDS / 1000} seconds`);
  });
  const found = lookup(host).then(
    () => undefined,
    () => 'has no address',
  );
  const problem = await Promise.race([found, late]);
  clearTimeout(timer);
  if (problem !== undefined)
    throw new WeirError(
      `the name ${host} ${problem}: look at its spelling and at the name servers, or write an address`,
    );
}

async function checkSource(source: string): Promise<void> {
  const socket = createSocket(isIP(source) === 6 ? 'udp6' : 'udp4');
  try {
    socket.bind(0, source);
    await once(socket, 'listening');
  } catch {
    throw new WeirError(`this machine has not the address ${source} to send from: "ip address" shows those it has`);
  } finally {
    socket.close();
  }
}

function checkTls(target: Extract<Target, { kind: 'tls' }>): void {
  for (const file of [target.ca, target.cert, target.key]) if (file !== undefined) checkFileToRead(file);
  try {
    createSecureContext(tlsOptions(target));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WeirError(
      `ca, cert and key cannot be used (${code}): they are files in PEM form, cert and key of each other`,
    );
  }
}

function checkFileToRead(file: string): void {
  try {
    if (!statSync(file).isFile()) throw new WeirError(`${file} is no file`);
    closeSync(openSync(file, 'r'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new WeirError(code === undefined ? message : `${file} cannot be read (${code}): look at its path and rights`);
  }
}

/** A file of another kind is not written over by mistake. */
function checkFile({ path }: Extract<Target, { kind: 'file' }>): void {
  if (path === '-') return;
  checkDirectory(dirname(path));
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined || there.isFIFO() || (there.isFile() && there.size === 0)) return;
  if (!there.isFile() || versionIn(path) !== IPFIX_VERSION)
    throw new WeirError(`${path} is there and is no IPFIX file: name another`);
}

function versionIn(path: string): number {
  const bytes = new Uint8Array(2);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, bytes);
    return bytes[0] * 256 + bytes[1];
  } finally {
    closeSync(descriptor);
  }
}
