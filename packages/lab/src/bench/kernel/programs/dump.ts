// Dumps the table of connections and looks at nothing but where it ends. Tells entries, octets, and the time it took in nanoseconds: reading
// is all that this machine of one CPU does then, so it is the kernel's time, and a few hundredths of it this program's.
import { tell } from '../../../traffic/programs/tell.js';
import { NetfilterSocket } from './netlink.js';

/** NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET; NLM_F_REQUEST | NLM_F_DUMP; the same subsystem's IPCTNL_MSG_CT_NEW; NLMSG_DONE. */
const [GET, REQUEST_DUMP, NEW, DONE] = [0x101, 0x301, 0x100, 3];

const request = Buffer.alloc(20);
request.writeUInt32LE(request.length, 0);
request.writeUInt16LE(GET, 4);
request.writeUInt16LE(REQUEST_DUMP, 6);

const socket = new NetfilterSocket(0, 1 << 20);
let entries = 0;
let octets = 0;
let nanoseconds = 0n;
for (let done = false, asked = false; !done; asked = true) {
  const begun = process.hrtime.bigint();
  if (!asked) socket.send(request);
  const length = socket.receive(true)!;
  nanoseconds += process.hrtime.bigint() - begun;
  const types = socket.types(length);
  entries += types.filter(type => type === NEW).length;
  done = types.includes(DONE);
  octets += length;
}
tell({ entries, octets, nanoseconds: Number(nanoseconds) });
