import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { connect } from 'node:net';
import { createSecureContext } from 'node:tls';
import { WeirError } from '../error.js';
import type { ControlAddress } from './listen-url.js';

/** Listens on the address. A socket is its owner's alone. @throws WeirError */
export async function listen(address: ControlAddress, answer: RequestListener): Promise<Server | TlsServer> {
  if (address.kind === 'unix') await clearSocket(address.path);
  const server = address.kind === 'https' ? createTlsServer(readCertificate(address), answer) : createServer(answer);
  // Rights first: between listening and chmod nobody else gets in.
  const before = process.umask(0o177);
  try {
    if (address.kind === 'unix') server.listen(address.path);
    else server.listen(address.port, address.host);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`;
    throw new WeirError(`control: ${where} cannot be listened on (${code}): choose another with --control`);
  } finally {
    process.umask(before);
  }
  if (address.kind === 'unix') chmodSync(address.path, 0o600);
  return server;
}

/** @throws WeirError where the files are no certificate and key of each other */
export function readCertificate({ cert, key }: { cert: string; key: string }): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WeirError(`control: cert ${cert} and key ${key} cannot be used (${code}): name files in PEM form`);
  }
}

/** What a process that was killed has left; not what another one listens on. */
async function clearSocket(path: string): Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const socket = connect(path);
  const isAlive = await new Promise<boolean>(done => {
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
  socket.destroy();
  if (isAlive) throw new WeirError(`control: another process listens on ${path}: stop it, or choose another path`);
  rmSync(path);
}
