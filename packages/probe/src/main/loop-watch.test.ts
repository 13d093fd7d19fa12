import { afterEach, beforeEach, expect, test } from 'vitest';
import { NETLINK_NETFILTER } from '../conntrack/constants.js';
import * as libc from '../host/libc.js';
import { NodeNetlinkSocket } from '../host/node-netlink.js';
import { BEAT, CONTROL_WORDS, EVENT_DESCRIPTOR, TAKEN } from './control.js';
import { LoopWatch } from './loop-watch.js';

// A loop that is really stuck, on the real kernel: packages/lab/src/acceptance/stuck.test.ts.
const SOL_NETLINK = 270;
const NETLINK_BROADCAST_ERROR = 4;

let socket: NodeNetlinkSocket;
let control: Int32Array;
let lines: string[];
let watch: LoopWatch;

beforeEach(() => {
  socket = new NodeNetlinkSocket({
    protocol: NETLINK_NETFILTER,
    groups: [],
    receiveBuffer: 0,
    reliable: true,
    batch: 1,
    slotOctets: 64,
  });
  socket.setReliable(true);
  control = new Int32Array(CONTROL_WORDS);
  control[EVENT_DESCRIPTOR] = socket.descriptor + 1;
  lines = [];
  watch = new LoopWatch(control, line => lines.push(line));
});

afterEach(() => socket.close());

function isReliable(): boolean {
  const [value, length] = [new Uint8Array(4), Uint8Array.of(4, 0, 0, 0)];
  expect(libc.getsockopt(socket.descriptor, SOL_NETLINK, NETLINK_BROADCAST_ERROR, value, length)).toBe(0);
  return value.some(octet => octet !== 0);
}

function look(times: number): void {
  for (let i = 0; i < times; i++) watch.look();
}

test('reliable delivery is taken away at the tenth look that sees no beat, and once', () => {
  look(10);
  expect([isReliable(), control[TAKEN], lines]).toEqual([true, 0, []]);
  look(1);
  expect([isReliable(), control[TAKEN]]).toEqual([false, 1]);
  look(30);
  expect(lines).toEqual([expect.stringMatching(/loop is stuck: .*dropped and counted/)]);
});

test('a beat between the looks, and it begins anew', () => {
  for (const beat of [1, 2, 3]) {
    control[BEAT] = beat;
    look(10);
  }
  expect([isReliable(), lines]).toEqual([true, []]);
  look(1);
  expect([isReliable(), lines.length]).toEqual([false, 1]);
});

test('before the event socket is open, and after it is closed, there is nothing to take', () => {
  control[EVENT_DESCRIPTOR] = 0;
  look(50);
  expect([control[TAKEN], lines]).toEqual([0, []]);
});
