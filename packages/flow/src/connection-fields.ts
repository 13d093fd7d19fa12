import type { Field } from './fields.js';

/** What connection tracking knows of a connection. Its labels, helper and master are rare: they are kept by name in `other`. */
export const connectionFields: readonly Field[] = [
  { column: 'mark', kind: 'unsigned32', elements: { conntrackMark: 50 }, names: ['mark'], label: 'Connection mark' },
  { column: 'zone', kind: 'unsigned16', elements: { conntrackZone: 51 }, names: ['zone'], label: 'Connection zone' },
  {
    column: 'status',
    kind: 'unsigned32',
    elements: { conntrackStatus: 52 },
    names: ['status'],
    label: 'Connection status bits',
  },
  { column: 'offload', kind: 'unsigned8', elements: { flowOffload: 53 }, names: ['offload'], label: 'Flow offload' },
  { column: 'tcpState', kind: 'unsigned8', elements: { tcpState: 54 }, names: ['tcpstate'], label: 'TCP state' },
  {
    column: 'tcpStateHistory',
    kind: 'unsigned16',
    elements: { tcpStateHistory: 55 },
    names: ['tcphistory'],
    label: 'TCP states seen',
  },
  {
    column: 'initiatorRoundTrip',
    kind: 'unsigned32',
    elements: { initiatorRoundTripMicroseconds: 56 },
    names: ['initiatorrtt'],
    label: 'Round trip to the initiator',
    unit: 'microseconds',
  },
  {
    column: 'responderRoundTrip',
    kind: 'unsigned32',
    elements: { responderRoundTripMicroseconds: 57 },
    names: ['responderrtt'],
    label: 'Round trip to the responder',
    unit: 'microseconds',
  },
  { column: 'natEvent', kind: 'unsigned8', elements: { natEvent: 58 }, names: ['natevent'], label: 'NAT event' },
];
