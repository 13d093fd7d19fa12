import { type NetlinkOptions, type NetlinkSocket, type ReceiveBatch, SystemError } from './host.js';
import { calls, failureOf } from './quickjs-calls.js';

const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_BROADCAST_ERROR = 4;
const NETLINK_NO_ENOBUFS = 5;
/** Octets that one call receives at most, unless one datagram needs more: they are touched only in bursts, but then stay. */
const BATCH_OCTETS = 65_536;

/** A netlink socket by the host's calls. */
export class QuickNetlinkSocket implements NetlinkSocket {
  readonly batch: ReceiveBatch & { readonly lengths: Uint32Array };
  readonly descriptor: number;

  constructor({ batch, slotOctets, ...options }: NetlinkOptions) {
    const count = Math.max(1, Math.min(batch, Math.floor(BATCH_OCTETS / slotOctets)));
    this.batch = { bytes: new Uint8Array(count * slotOctets), slotOctets, lengths: new Uint32Array(count) };
    this.descriptor = check(calls.netlinkOpen(options.protocol), 'socket(AF_NETLINK)');
    try {
      this.#configure(options);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #configure({ filter, groups, receiveBuffer, reliable }: Omit<NetlinkOptions, 'batch' | 'slotOctets'>): void {
    if (receiveBuffer > 0) check(calls.receiveBuffer(this.descriptor, receiveBuffer), 'setsockopt(SO_RCVBUF)');
    if (filter !== undefined) this.#attach(filter);
    // Without it one overflow closes the socket to all messages until it has been emptied (netlink_overrun).
    if (groups.length > 0) this.#set(NETLINK_NO_ENOBUFS, 1);
    if (groups.length > 0 && reliable) this.setReliable(true);
    for (const group of groups) this.#set(NETLINK_ADD_MEMBERSHIP, group);
  }

  #attach(filter: Uint8Array): void {
    const result = calls.netlinkFilter(this.descriptor, filter);
    if (result < 0 && failureOf(result) !== 'ENOMEM') check(result, 'setsockopt(SO_ATTACH_FILTER)');
  }

  send(message: Uint8Array): void {
    check(calls.send(this.descriptor, message, 0), 'send(AF_NETLINK)');
  }

  receive(): number {
    const { bytes, slotOctets, lengths } = this.batch;
    const received = calls.receiveMany(this.descriptor, bytes, slotOctets, lengths);
    if (received >= 0) return received;
    const code = failureOf(received);
    if (code === 'EAGAIN' || code === 'EINTR' || code === 'ENOBUFS') return 0;
    throw new SystemError(code, 'recvmmsg(AF_NETLINK)');
  }

  drops(): number {
    return calls.drops(this.descriptor);
  }

  setReliable(on: boolean): void {
    this.#set(NETLINK_BROADCAST_ERROR, on ? 1 : 0);
  }

  close(): void {
    calls.close(this.descriptor);
  }

  #set(option: number, value: number): void {
    check(calls.netlinkOption(this.descriptor, option, value), `setsockopt(netlink option ${option})`);
  }
}

function check(result: number, call: string): number {
  if (result < 0) throw new SystemError(failureOf(result), call);
  return result;
}
