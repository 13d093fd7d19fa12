import { once } from 'node:events';
import { chmodSync, chownSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { connect } from 'node:net';
import { createSecureContext } from 'node:tls';
import { WeirError } from '../error.js';
import type { ControlAddress } from './listen-url.js';

/** Listens on the address. A socket is its owner's alone, and a group's where one is named. @throws WeirError */
export async function listen(address: ControlAddress, answer: RequestListener): Promise<Server | TlsServer> {
  if (address.kind === 'unix') await clearSocket(address.path);
  const server =
    address.kind === 'https'
      ? createTlsServer({ ...readCertificate(address), minVersion: 'TLSv1.3' }, answer)
      : createServer(answer);
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
  try {
    if (address.kind === 'unix') setRights(address.path, address.group);
  } catch (error) {
    server.close();
    throw error;
  }
  return server;
}

/** @throws WeirError where there is no such group, or this process may not give the socket to it */
function setRights(path: string, group: string | undefined): void {
  if (group === undefined) {
    chmodSync(path, 0o600);
    return;
  }
  try {
    chownSync(path, -1, groupId(group));
    chmodSync(path, 0o660);
  } catch (error) {
    const { message } = error as Error;
    throw new WeirError(
      `control: ${path} cannot be given to the group "${group}" (${message}): name one that the probe is in`,
    );
  }
}

/** group(5) */
function groupId(name: string): number {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find(each => each.startsWith(`${name}:`));
  if (line === undefined) throw new Error('there is no such group');
  return Number(line.split(':')[2]);
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
