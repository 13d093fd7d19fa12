import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { watchRenewal } from '../certificates/renewal.js';
import { formatHostPort, type HostPort } from '../config/address.js';
import type { ListenAddress, TlsSettings } from '../config/listen.js';
import { AllowedExporters } from './allowed-exporters.js';
import { type BindAddress, bindError, resolveHost } from './bind-address.js';
import { Connection, type MessageSink, type StreamSocket } from './connection.js';
import { peerOfText } from './peer.js';
import { SctpServer } from './sctp-server.js';
import type { Session } from './sessions.js';
import { tlsIdentity } from './tls-context.js';

const MAXIMUM_CONNECTIONS = 1024;
const HANDSHAKE_MILLISECONDS = 10_000;
/** After this silence the system asks whether the exporter is still there. */
const KEEPALIVE_MILLISECONDS = 60_000;
/** At the end: how long an exporter that goes on sending is read, and one that is silent and does not end its side. */
const STOP_MILLISECONDS = 10_000;
const SILENT_MILLISECONDS = 2000;

/** What connections have come to; every number only grows, but `open`. */
export interface StreamCounters {
  /** Connections open now. */
  open: number;
  accepted: number;
  /** Turned away: not allowed, no room, or a TLS handshake that failed. */
  refused: number;
  /** Ended from here because what came was no IPFIX or was malformed. */
  shutDown: number;
}

/** An address to listen on for connections. */
export type StreamAddress = ListenAddress & { readonly scheme: 'tcp' | 'tls' | 'sctp' };

/** A connection from its first packet on; the session begins behind a TLS handshake. */
interface Link {
  readonly socket: StreamSocket;
  /** No good Message has come over it yet. */
  stranger: boolean;
}

/** Receives IPFIX over TCP, TLS and SCTP: a Transport Session for each connection or association (RFC 7011 sections 10.2 and 10.4). */
export class StreamReceiver {
  readonly counters: StreamCounters = { open: 0, accepted: 0, refused: 0, shutDown: 0 };
  readonly #sink: MessageSink;
  readonly #log: (line: string) => void;
  readonly #allowed: AllowedExporters;
  readonly #servers: (Server | SctpServer)[] = [];
  readonly #renewals: (() => void)[] = [];
  readonly #links = new Map<string, Link>();
  readonly #connections = new Map<Session, Connection>();
  #stopping = false;

  /** @param log takes lines for people: what went wrong with one of the connections */
  constructor(sink: MessageSink, log: (line: string) => void, allowed = new AllowedExporters([])) {
    this.#sink = sink;
    this.#log = log;
    this.#allowed = allowed;
  }

  /**
   * Listens there. @returns the URL, with the port that the system chose for port 0
   * @throws WeirError where the address cannot be had or the certificate cannot be used
   */
  async listen(at: StreamAddress): Promise<string> {
    const url = `${at.scheme}://${formatHostPort(at)}`;
    const address = await resolveHost(at);
    if (at.scheme === 'sctp') return `sctp://${formatHostPort(this.#listenSctp(address))}`;
    const server = at.tls === undefined ? this.#tcpServer() : this.#tlsServer(url, at.tls);
    try {
      server.listen({ host: address.address, port: address.port, ipv6Only: address.family === 6, exclusive: true });
      await once(server, 'listening');
    } catch (error) {
      throw bindError(at.scheme, address, (error as NodeJS.ErrnoException).code ?? String(error));
    }
    // A connection that cannot be accepted, for want of descriptors say, must not end the process.
    server.on('error', error => this.#log(`${url}: ${error.message}`));
    this.#servers.push(server);
    const bound = server.address() as AddressInfo;
    return `${at.scheme}://${formatHostPort({ host: bound.address, port: bound.port })}`;
  }

  /** Whether a Message of that session made sense: what is wrong with it where it did not. */
  judge(session: Session, problem: string | undefined): void {
    this.#connections.get(session)?.judge(problem);
  }

  /** There is room again for what waits. */
  resume(): void {
    for (const connection of this.#connections.values()) if (connection.waiting) connection.read();
  }

  /**
   * Ends in order: listens no longer, ends its own direction of each connection, and reads until the exporters have ended theirs,
   * so that nothing is lost which they have sent. One that does not end is waited for a bounded time.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const forget of this.#renewals) forget();
    for (const server of this.#servers) server.close();
    for (const connection of this.#connections.values()) connection.halfClose();
    const end = performance.now() + STOP_MILLISECONDS;
    while (this.#connections.size > 0 && performance.now() < end) {
      await pause(20);
      for (const each of this.#connections.values()) if (each.silence() > SILENT_MILLISECONDS) each.cut();
    }
    for (const connection of this.#connections.values()) {
      this.#log(`${connection.name} does not end: what is still on its way is lost`);
      connection.cut();
    }
    for (const { socket } of this.#links.values()) socket.destroy();
  }

  #tcpServer(): Server {
    const server = createServer();
    server.on('connection', (socket: Socket) => {
      if (this.#admit(socket)) this.#open(socket, 'tcp');
    });
    return server;
  }

  #tlsServer(url: string, settings: TlsSettings): Server {
    const { options, warning } = tlsIdentity(url, settings, Date.now());
    if (warning !== undefined) this.#log(warning);
    const server = createTlsServer({ ...options, handshakeTimeout: HANDSHAKE_MILLISECONDS });
    server.on('connection', (socket: Socket) => void this.#admit(socket));
    server.on('secureConnection', socket => {
      if (options.requestCert !== true || socket.authorized) this.#open(socket, 'tls');
      else this.#refuse(socket, `its certificate is not of our authority: ${String(socket.authorizationError)}`);
    });
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      this.#refuse(socket, handshakeProblem(error));
    });
    this.#renewals.push(this.#renew(server, url, settings));
    return server;
  }

  /** Sessions from then on begin with the renewed certificate, and those that there are go on. */
  #renew(server: TlsServer, url: string, settings: TlsSettings): () => void {
    const { cert, key, ca } = settings;
    const take = () => {
      const { options, warning } = tlsIdentity(url, settings, Date.now());
      server.setSecureContext(options);
      return warning ?? `${url}: the renewed certificate ${cert} is in use`;
    };
    return watchRenewal({ files: [cert, key, ...(ca === undefined ? [] : [ca])], take, log: this.#log });
  }

  #listenSctp(address: BindAddress): HostPort {
    const server = new SctpServer(address);
    server.on('connection', socket => {
      if (this.#admit(socket)) this.#open(socket, 'sctp');
    });
    server.on('error', error => this.#log(`sctp://${formatHostPort(server.bound)}: ${error.message}`));
    this.#servers.push(server);
    return server.bound;
  }

  #refuse(socket: StreamSocket, why: string): void {
    this.counters.refused++;
    const from = socket.remoteAddress === undefined ? 'an exporter that has gone' : formatHostPort(farEnd(socket));
    this.#log(`${from} is turned away: ${why}`);
    socket.destroy();
  }

  /** Whether it may, and there is room. Where there is none, the oldest connection that has brought nothing goes first. */
  #admit(socket: StreamSocket): boolean {
    const key = keyOf(socket);
    const { host, port } = farEnd(socket);
    if (!this.#allowed.admits(peerOfText(host, port))) {
      this.#refuse(socket, 'it is not of --allow-exporters');
      return false;
    }
    if (this.#links.size >= MAXIMUM_CONNECTIONS && !this.#dropStranger()) {
      this.#refuse(socket, `${MAXIMUM_CONNECTIONS} connections are open`);
      return false;
    }
    this.#links.set(key, { socket, stranger: true });
    this.counters.open = this.#links.size;
    // SCTP asks by itself.
    if (socket instanceof Socket) socket.setKeepAlive(true, KEEPALIVE_MILLISECONDS);
    socket.once('close', () => this.#forget(key));
    return true;
  }

  #open(socket: StreamSocket, protocol: StreamAddress['scheme']): void {
    const key = keyOf(socket);
    const { host, port } = farEnd(socket);
    const connection = new Connection(socket, peerOfText(host, port), protocol, this.#sink, {
      introduced: () => {
        const link = this.#links.get(key);
        if (link !== undefined) link.stranger = false;
      },
      ended: (why, isFault) => {
        this.#connections.delete(connection.session);
        if (isFault) this.counters.shutDown++;
        if (why !== undefined) this.#log(`${connection.name}: ${why}`);
      },
    });
    this.counters.accepted++;
    this.#connections.set(connection.session, connection);
    if (this.#stopping) connection.halfClose();
  }

  #dropStranger(): boolean {
    for (const [key, { socket, stranger }] of this.#links) {
      if (!stranger) continue;
      this.counters.refused++;
      socket.destroy();
      this.#forget(key);
      return true;
    }
    return false;
  }

  #forget(key: string): void {
    this.#links.delete(key);
    this.counters.open = this.#links.size;
  }
}

/** Why an exporter's TLS handshake failed, by the code of the error. */
function handshakeProblem({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ERR_SSL_UNSUPPORTED_PROTOCOL')
    return 'it speaks an older TLS than is taken here; update it, or allow TLS 1.2 by "&tls=1.2" in --listen';
  return `no TLS handshake: ${code ?? message}`;
}

function farEnd({ remoteAddress, remotePort }: StreamSocket): HostPort {
  return { host: remoteAddress ?? '::', port: remotePort ?? 0 };
}

/** The same for a connection and for what TLS makes of it. */
function keyOf(socket: StreamSocket): string {
  return `${socket.localPort} ${socket.remoteAddress} ${socket.remotePort}`;
}
