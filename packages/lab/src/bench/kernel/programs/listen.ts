// Listens to DESTROY events and reads none of them until it is ended, so that nothing but what the kernel does for a listener is measured.
// Tells how many came.
import { order, tell } from '../../../traffic/programs/tell.js';
import { NetfilterSocket } from './netlink.js';

/** 1 << (NFNLGRP_CONNTRACK_DESTROY - 1) */
const DESTROY = 1 << 2;

const { bufferOctets } = order<{ bufferOctets: number }>();
const socket = new NetfilterSocket(DESTROY, bufferOctets);
process.once('SIGTERM', () => {
  let events = 0;
  for (let octets = socket.receive(false); octets !== undefined; octets = socket.receive(false))
    events += socket.types(octets).length;
  tell({ events });
  clearInterval(staying);
});
const staying = setInterval(() => {}, 2 ** 30);
tell({ ready: true });
