import { lookup } from 'node:dns/promises';
import { statfsSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { parseTransport, type Target } from '../config/transport.js';
import { reasonOf } from '../sending/reasons.js';
import { noSctp, SctpSocket } from '../sending/sctp-socket.js';
import { type StreamTarget, tlsOptions } from '../sending/tls-options.js';
import { type Finding, note, ok, problem } from './finding.js';

const PATIENCE_MILLISECONDS = 3000;
const DAY_MILLISECONDS = 86_400_000;
/** A certificate that ends sooner than this is worth a word. */
const EXPIRY_DAYS = 30;

/** Tries each collector from this network namespace; nothing is exported. @throws WeirError where a URL is none */
export async function checkCollectors(urls: readonly string[]): Promise<Finding[]> {
  return Promise.all(urls.map(url => checkCollector(url, parseTransport(url))));
}

/** Tries one collector. */
export async function checkCollector(url: string, target: Target): Promise<Finding> {
  if (target.kind === 'file') return ok('collector', `${url}: a file is written to`);
  const address = await addressOf(target.host);
  if (address === undefined) {
    const meaning = 'the probe looks the name up again and again; until it has an address nothing arrives there';
    return problem('collector', `${url}: the name has no address`, meaning, `getent hosts ${target.host}`, false);
  }
  if (target.kind === 'udp')
    return ok('collector', `${url}: has the address ${address}; UDP does not tell who listens`);
  const missing = target.kind === 'sctp' ? noSctp() : undefined;
  if (missing !== undefined) {
    const meaning = 'the probe does not start with such a collector; where the module cannot be loaded, use tcp://';
    return problem('collector', `${url}: this kernel has no SCTP (${missing})`, meaning, 'modprobe sctp', false);
  }
  return checkStream(url, target);
}

async function addressOf(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host;
  return lookup(host).then(
    found => found.address,
    () => undefined,
  );
}

async function checkStream(url: string, target: StreamTarget): Promise<Finding> {
  try {
    const socket = await connected(target);
    const finding =
      target.kind === 'tls' ? expiry(url, socket as TLSSocket) : ok('collector', `${url}: takes connections`);
    socket.destroy();
    return finding;
  } catch (error) {
    const meaning = 'Flow Records wait in the spool, or in memory where there is none, until it can be reached';
    const command = `look whether the collector runs, at the way to it ("ip route get"), and at certificates`;
    return problem('collector', `${url}: cannot be reached: ${reasonOf(error)}`, meaning, command, false);
  }
}

function connected(target: StreamTarget): Promise<Socket | SctpSocket> {
  return new Promise((done, fail) => {
    const socket = connect(target);
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), PATIENCE_MILLISECONDS);
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', fail);
    socket.once(target.kind === 'tls' ? 'secureConnect' : 'connect', () => done(socket));
  });
}

function connect(target: StreamTarget): Socket | SctpSocket {
  if (target.kind === 'sctp') return new SctpSocket(target);
  const place = { host: target.host, port: target.port };
  // tlsOptions' host is the name to hold the certificate against, not the place to go to.
  return target.kind === 'tls' ? connectTls({ ...tlsOptions(target), ...place }) : connectTcp(place);
}

function expiry(url: string, socket: TLSSocket): Finding {
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  const days = Math.floor((end - Date.now()) / DAY_MILLISECONDS);
  const what = `${url}: takes connections, its certificate is valid for ${days} more days`;
  if (days >= EXPIRY_DAYS) return ok('collector', what);
  return note(
    'collector',
    what,
    'when it has expired, nothing is sent there',
    'renew the certificate on the collector',
  );
}

/** Is there room for the spool? @param octets for each collector */
export function checkSpool(directory: string, octets: number): Finding {
  try {
    const { bavail, bsize } = statfsSync(directory);
    const free = bavail * bsize;
    const what = `the spool ${directory} has room for ${Math.floor(free / 1_048_576)} MiB`;
    if (free >= octets) return ok('spool', what);
    const meaning = `that is less than it may take for a collector that is away (${Math.floor(octets / 1_048_576)} MiB): the oldest records are dropped sooner`;
    return note('spool', what, meaning, 'make room, or choose another directory with --spool');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return problem(
      'spool',
      `the spool ${directory} cannot be used (${code})`,
      'what is exported while a collector is away waits in memory only',
      `mkdir -p ${directory}`,
      false,
    );
  }
}
