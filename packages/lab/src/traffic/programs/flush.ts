// Destroys every connection that has this mark, by one request: the kernel walks over its table (ctnetlink_flush_conntrack).
import koffi from 'koffi';
import { WeirError } from '../../error.js';
import { order, tell } from './tell.js';

const [AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER] = [16, 3 | 0o2000000, 12];
/** NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE; NLM_F_REQUEST | NLM_F_ACK; NLA_F_NET_BYTEORDER is optional. */
const [DELETE, REQUEST_ACK] = [0x102, 5];
const [CTA_MARK, CTA_MARK_MASK] = [8, 21];

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const send = libc.func('long send(int, const uint8_t *, size_t, int)');
const receive = libc.func('long recv(int, _Out_ uint8_t *, size_t, int)');

function request(mark: number): Uint8Array {
  const bytes = new Uint8Array(20 + 8 + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, DELETE, true);
  view.setUint16(6, REQUEST_ACK, true);
  for (const [at, type, value] of [
    [20, CTA_MARK, mark],
    [28, CTA_MARK_MASK, 0xffff_ffff],
  ] as const) {
    view.setUint16(at, 8, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, value);
  }
  return bytes;
}

const { mark } = order<{ mark: number }>();
const descriptor = socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
const message = request(mark);
if (send(descriptor, message, message.length, 0) !== message.length)
  throw new WeirError('the kernel takes no request; is this root?');
const answer = new Uint8Array(1024);
const octets = receive(descriptor, answer, answer.length, 0);
// struct nlmsgerr begins behind the header with the errno, negative.
const error = octets >= 20 ? new DataView(answer.buffer).getInt32(16, true) : Number.NaN;
if (error !== 0) throw new WeirError(`the kernel did not destroy the connections: errno ${-error}`);
tell({ mark });
