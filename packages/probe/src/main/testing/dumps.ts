import { type Host, type NetlinkSocket, SystemError } from '../../host/host.js';
import { NLMSG_DONE, NLMSG_ERROR } from '../../netlink/messages.js';

/** How the kernel answers a dump of its connections, of which there are none: to the end, not, in the midst not any more. */
export type DumpAnswer = 'done' | 'refused' | 'broken off' | 'silent' | 'no socket';

const SLOT_OCTETS = 64;

/** The answer to the first dump of a socket. */
function answerOf(type: number, errno: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint32(8, 1, true);
  view.setInt32(16, -errno, true);
  return bytes;
}

const EBUSY = 16;
const ANSWERS: Readonly<Partial<Record<DumpAnswer, Uint8Array>>> = {
  done: answerOf(NLMSG_DONE, 0),
  refused: answerOf(NLMSG_ERROR, EBUSY),
  'broken off': answerOf(NLMSG_DONE, EBUSY),
};

/** Sockets of ctnetlink whose dumps are answered in this order, the last answer again and again. */
export class Dumps {
  asked = 0;
  open = 0;
  constructor(private readonly answers: DumpAnswer[]) {}

  readonly netlink: Host['netlink'] = () => {
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0];
    if (answer === 'no socket') throw new SystemError('EMFILE', 'socket(AF_NETLINK)');
    this.open++;
    return this.#socket(ANSWERS[answer]);
  };

  #socket(answer: Uint8Array | undefined): NetlinkSocket {
    const batch = { bytes: new Uint8Array(SLOT_OCTETS), slotOctets: SLOT_OCTETS, lengths: new Uint32Array(1) };
    let waits = false;
    return {
      batch,
      descriptor: -1,
      send: () => {
        this.asked++;
        waits = answer !== undefined;
      },
      receive: () => {
        if (!waits || answer === undefined) return 0;
        waits = false;
        batch.bytes.set(answer);
        batch.lengths[0] = answer.length;
        return 1;
      },
      drops: () => 0,
      setReliable: () => {},
      close: () => this.open--,
    };
  }
}
