import { availableParallelism } from 'node:os';
import Type, { type Static } from 'typebox';
import { checkNetwork } from '../address.js';
import { type ListenAddress, parseListen } from '../listen.js';

const options = Type.Object({
  listen: Type.Array(Type.String(), {
    description:
      'transport URL to receive IPFIX on: udp://HOST[:PORT], tcp://HOST[:PORT], sctp://HOST[:PORT] (where the kernel has SCTP) or tls://HOST[:PORT]?cert=FILE&key=FILE (with &ca=FILE only exporters with a certificate of that authority, with &tls=1.2 also ones without TLS 1.3); may be given more than once',
    default: ['udp://127.0.0.1:4739'],
    minItems: 1,
    maxItems: 64,
  }),
  'allow-exporters': Type.Array(Type.String(), {
    description:
      'networks, as CIDR, whose exporters may send; what others send is dropped and counted. May be given more than once; default: all who reach the ports',
    default: [],
    maxItems: 1024,
  }),
  'receive-buffer': Type.Integer({
    description: 'socket receive buffer in octets; the kernel may grant less without CAP_NET_ADMIN',
    default: 64 * 1024 * 1024,
    minimum: 65_536,
    maximum: 1_073_741_824,
  }),
  receivers: Type.Integer({
    description:
      'threads that receive, each with one that decodes; the kernel divides the exporters over UDP among them (default: one for every four processors, at most 4)',
    default: Math.min(4, Math.max(1, Math.floor(availableParallelism() / 4))),
    minimum: 1,
    maximum: 16,
  }),
  'raw-spool-size': Type.Integer({
    description:
      'octets of Messages that may wait on disk to be decoded, in the data directory, before UDP is dropped and connections are not read',
    default: 1_073_741_824,
    minimum: 67_108_864,
    maximum: 1_099_511_627_776,
  }),
});

/** How Messages come in. */
export const receivingOptions = options.properties;

export interface ReceivingSettings {
  /** Where to receive. */
  readonly listen: readonly ListenAddress[];
  /** Networks of those who may send; none: all. */
  readonly allowExporters: readonly string[];
  /** Octets. */
  readonly receiveBuffer: number;
  /** Threads that receive. */
  readonly receivers: number;
  /** Octets. */
  readonly rawSpoolSize: number;
}

/** @throws WeirError */
export function receivingSettings(given: Static<typeof options>): ReceivingSettings {
  return {
    listen: given.listen.map(parseListen),
    allowExporters: given['allow-exporters'].map(text => checkNetwork(text, 'allow-exporters')),
    receiveBuffer: given['receive-buffer'],
    receivers: given.receivers,
    rawSpoolSize: given['raw-spool-size'],
  };
}
