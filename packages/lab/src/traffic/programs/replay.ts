// Sends the packets of a capture in its order, each from the end that has its source address, and tells the flows.
import { openSync } from 'node:fs';
import koffi from 'koffi';
import { WeirError } from '../../error.js';
import { readCaptureFile } from '../../truth/capture-file.js';
import { type Family, TCP, UDP } from './packet.js';
import { IPPROTO_RAW, RawSocket, socketAddress } from './raw-socket.js';
import { ipPacketOf, type Parsed, parsePacket, renewChecksum } from './replay-packet.js';
import { order, tell } from './tell.js';

interface End {
  namespace: string;
  addresses: string[];
}

const CLONE_NEWNET = 0x4000_0000;
/** Milliseconds: longer gaps of the capture are shortened; where the direction turns, the last packet needs time to arrive. */
const gaps = { longest: 50, turn: 2 };

const o = order<{ file: string; ends: End[] }>();
const setns = koffi.load('libc.so.6').func('int setns(int, int)');

/** A socket stays in the namespace that it was made in. */
function socketsOf({ namespace }: End): Record<Family, RawSocket> {
  if (setns(openSync(`/run/netns/${namespace}`, 'r'), CLONE_NEWNET) !== 0)
    throw new WeirError(`cannot enter ${namespace}: errno ${koffi.errno()}`);
  return { 4: new RawSocket(4, IPPROTO_RAW), 6: new RawSocket(6, IPPROTO_RAW) };
}

const ends = o.ends.map(end => ({ ...end, sockets: socketsOf(end) }));

interface Flow {
  protocol: number;
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  packets: number;
  octets: number;
  reversePackets: number;
  reverseOctets: number;
}

const flows = new Map<string, Flow>();

function count({ protocol, source, sourcePort, destination, destinationPort, octets }: Parsed): void {
  const forward = `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
  const known = flows.get(`${protocol} ${destination} ${destinationPort} ${source} ${sourcePort}`);
  if (known !== undefined) {
    known.reversePackets++;
    known.reverseOctets += octets;
    return;
  }
  const none = { packets: 0, octets: 0, reversePackets: 0, reverseOctets: 0 };
  const flow = flows.get(forward) ?? { protocol, source, sourcePort, destination, destinationPort, ...none };
  flow.packets++;
  flow.octets += octets;
  flows.set(forward, flow);
}

function pause(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

let last: { time: number; source: string } | undefined;

function replay(packet: Parsed, time: number): void {
  const end = ends.find(({ addresses }) => addresses.includes(packet.source));
  if (end === undefined) return;
  if (last !== undefined)
    pause(Math.min(gaps.longest, Math.max(time - last.time, last.source === packet.source ? 0 : gaps.turn)));
  if (packet.protocol === TCP || packet.protocol === UDP) renewChecksum(packet);
  end.sockets[packet.family].send(packet.ip, socketAddress(packet.destination));
  count(packet);
  last = { time, source: packet.source };
}

readCaptureFile(o.file, (data, offset, length, _original, time) => {
  const ip = ipPacketOf(data.subarray(offset, offset + length));
  if (ip !== undefined) replay(parsePacket(ip), time);
});
if (flows.size === 0)
  throw new WeirError(`no packet of ${o.file} comes from ${ends.flatMap(each => each.addresses).join(', ')}`);
tell([...flows.values()]);
