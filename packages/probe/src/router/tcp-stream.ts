import { calls, failureOf } from '../host/quickjs-calls.js';
import { INFO_OCTETS, readStreamInfo } from '../sending/stream-info.js';

const CONNECT_MILLISECONDS = 10_000;
/** A collector that acknowledges nothing for so long is dead. */
const DEAD_MILLISECONDS = 20_000;
const NOTHING = new Uint8Array(0);

/** A TCP connection that never blocks: step() moves it on. */
export class TcpStream {
  /** Octets given to write(), and those that the other side's kernel has. */
  written = 0;
  acknowledged = 0;
  isOpen = false;
  /** Why it has ended: the errno's name. */
  failure = '';
  readonly #descriptor: number;
  #pending: Uint8Array = NOTHING;
  #sent = 0;
  #aliveAt = calls.monotonic();
  readonly #begun = this.#aliveAt;
  readonly #info = new Uint8Array(INFO_OCTETS);
  readonly #answer = new Uint8Array(64);

  constructor(
    private readonly address: string,
    private readonly port: number,
    source: string | undefined,
  ) {
    this.#descriptor = calls.socketOpen(address.includes(':') ? 6 : 4, true);
    if (this.#descriptor < 0) this.failure = failureOf(this.#descriptor);
    else if (source !== undefined) this.#fails(calls.bind(this.#descriptor, source, 0));
  }

  /** All that was given to write() is in the kernel. */
  get isWritten(): boolean {
    return this.#sent === this.#pending.length;
  }

  /** Only while isWritten. */
  write(bytes: Uint8Array): void {
    this.#pending = bytes;
    this.#sent = 0;
    this.written += bytes.length;
    this.#push();
  }

  /** @returns false where it has ended */
  step(): boolean {
    if (this.failure !== '') return false;
    if (!this.isOpen && !this.#connect()) return this.failure === '';
    this.#push();
    this.#listen();
    this.#look();
    return this.failure === '';
  }

  wait(milliseconds: number): void {
    calls.sleep(milliseconds);
  }

  close(): void {
    if (this.#descriptor >= 0) calls.close(this.#descriptor);
    this.isOpen = false;
  }

  /** Asked again, the kernel tells how far it is (connect(2)). */
  #connect(): boolean {
    const result = calls.connect(this.#descriptor, this.address, this.port);
    const code = result < 0 ? failureOf(result) : 'EISCONN';
    if (code === 'EISCONN') this.isOpen = true;
    else if (code !== 'EINPROGRESS' && code !== 'EALREADY') this.failure = code;
    else if (calls.monotonic() - this.#begun > CONNECT_MILLISECONDS) this.failure = 'ETIMEDOUT';
    return this.isOpen;
  }

  #push(): void {
    while (this.isOpen && !this.isWritten) {
      const taken = calls.send(this.#descriptor, this.#pending, this.#sent);
      if (taken < 0) {
        this.#fails(taken);
        return;
      }
      this.#sent += taken;
    }
  }

  /** IPFIX has no answers; the end is what is read for. */
  #listen(): void {
    const octets = calls.receive(this.#descriptor, this.#answer);
    if (octets === 0) this.failure ||= 'EPIPE';
    else if (octets < 0) this.#fails(octets);
  }

  #look(): void {
    const octets = calls.tcpInfo(this.#descriptor, this.#info);
    const info = octets < 0 ? undefined : readStreamInfo(this.#info, octets);
    const now = calls.monotonic();
    // Before Linux 5.4 what the kernel has taken counts as arrived.
    this.acknowledged = info?.acknowledged ?? this.written - (this.#pending.length - this.#sent);
    if (info === undefined || info.isAlive) this.#aliveAt = now;
    else if (now - this.#aliveAt > DEAD_MILLISECONDS) this.failure ||= 'ETIMEDOUT';
  }

  #fails(result: number): void {
    if (result < 0 && failureOf(result) !== 'EAGAIN') this.failure ||= failureOf(result);
  }
}
