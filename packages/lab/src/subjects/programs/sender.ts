// Sends Messages from a file as datagrams, all of them in so many seconds, several times over.
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { order, tell } from '../../traffic/programs/tell.js';
import { MessageReader } from '../../wire/index.js';

interface SenderOrder {
  file: string;
  port: number;
  times: number;
  /** For each time. */
  seconds: number;
}

const SEQUENCE_AT = 8;

const { file, port, times, seconds } = order<SenderOrder>();
const messages: Buffer[] = [];
const bytes = readFileSync(file);
for (let at = 0; at < bytes.length; at += messages.at(-1)!.length) {
  messages.push(bytes.subarray(at, at + bytes.readUInt16BE(at + 2)));
}

/** RFC 7011 section 3.1: the sequence number counts Data Records of the Observation Domain. */
function countRecords(): number {
  const reader = new MessageReader(true);
  return messages.reduce((sum, each) => sum + reader.read(each).sets.reduce((n, set) => n + set.records.length, 0), 0);
}

const records = countRecords();
const socket = createSocket('udp4');
await new Promise<void>(resolve => socket.connect(port, '127.0.0.1', resolve));
const began = performance.now();
let sent = 0;
for (let round = 0; round < times; round++) {
  for (const message of messages) {
    if (round > 0) message.writeUInt32BE((message.readUInt32BE(SEQUENCE_AT) + records) >>> 0, SEQUENCE_AT);
    await new Promise<void>((resolve, reject) => {
      socket.send(message, problem => (problem === null ? resolve() : reject(problem)));
    });
    const due = (++sent / messages.length) * seconds * 1000 - (performance.now() - began);
    if (due > 2) await sleep(due);
  }
}
tell({ datagrams: sent });
socket.close();
