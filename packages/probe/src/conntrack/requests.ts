import { NetlinkWriter, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/writer.js';
import { IPCTNL_MSG_CT_GET, NFNL_SUBSYS_CTNETLINK } from './constants.js';

/** Asks for every connection of the network namespace, of all address families. */
export function dumpRequest(sequence: number): Uint8Array {
  const type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET;
  return new NetlinkWriter()
    .begin(type, NLM_F_REQUEST | NLM_F_DUMP, sequence, 0)
    .end()
    .bytes();
}
