import type { NetfilterClient } from '../netlink/client.js';
import { NetlinkWriter, NLM_F_ACK, NLM_F_CREATE, NLM_F_REQUEST } from '../netlink/writer.js';

/** The one nft table of our own. */
export const TABLE_NAME = 'weir';
/** What a person would type for the same effect. */
export const TABLE_COMMAND = `nft 'table inet ${TABLE_NAME} { chain track { type filter hook prerouting priority filter; ct state new; }; }'`;

/** Numbers of include/uapi/linux/netfilter/nf_tables.h and nfnetlink.h. */
const NFNL_SUBSYS_NFTABLES = 10;
const NFNL_MSG_BATCH_BEGIN = 0x10;
const NFNL_MSG_BATCH_END = 0x11;
const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_GETTABLE = 1;
const NFT_MSG_DELTABLE = 2;
const NFT_MSG_NEWCHAIN = 3;
const NFT_MSG_NEWRULE = 6;
const NFPROTO_INET = 1;
const NFTA_TABLE_NAME = 1;
const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_TYPE = 7;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NF_INET_PRE_ROUTING = 0;
const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTA_DATA_VALUE = 1;
const NFT_REG_1 = 1;
const NFT_CT_STATE = 0;
const NFT_CMP_NEQ = 1;
const ENOENT = 2;

/**
 * Adds the table. Its one rule matches on `ct state` and does nothing else; that a rule asks is what makes the kernel
 * register connection tracking in this network namespace, for IPv4 and IPv6 (nft_ct_get_init, nf_ct_netns_get).
 *
 * @returns errno, 0 for success
 */
export function addTable(client: NetfilterClient): number {
  return batch(client, writer => {
    message(writer, NFT_MSG_NEWTABLE, NLM_F_CREATE, 2).text(NFTA_TABLE_NAME, TABLE_NAME).end();
    message(writer, NFT_MSG_NEWCHAIN, NLM_F_CREATE, 3)
      .text(NFTA_CHAIN_TABLE, TABLE_NAME)
      .text(NFTA_CHAIN_NAME, 'track')
      .nested(NFTA_CHAIN_HOOK, hook => hook.u32(NFTA_HOOK_HOOKNUM, NF_INET_PRE_ROUTING).u32(NFTA_HOOK_PRIORITY, 0))
      .text(NFTA_CHAIN_TYPE, 'filter')
      .end();
    message(writer, NFT_MSG_NEWRULE, NLM_F_CREATE, 4)
      .text(NFTA_RULE_TABLE, TABLE_NAME)
      .text(NFTA_RULE_CHAIN, 'track')
      .nested(NFTA_RULE_EXPRESSIONS, ctStateNew)
      .end();
  });
}

/** Removes the table and all in it. @returns errno, 0 for success and where it was not there */
export function removeTable(client: NetfilterClient): number {
  const error = batch(client, writer => {
    message(writer, NFT_MSG_DELTABLE, 0, 4).text(NFTA_TABLE_NAME, TABLE_NAME).end();
  });
  return error === ENOENT ? 0 : error;
}

export function hasTable(client: NetfilterClient): boolean {
  const writer = new NetlinkWriter();
  message(writer, NFT_MSG_GETTABLE, 0, 1).text(NFTA_TABLE_NAME, TABLE_NAME).end();
  return client.request(writer.bytes(), 1) === 0;
}

/** nf_tables takes changes in batches; the last message of the batch (sequence 4) is acknowledged. */
function batch(client: NetfilterClient, fill: (writer: NetlinkWriter) => void): number {
  const writer = new NetlinkWriter();
  writer.begin(NFNL_MSG_BATCH_BEGIN, NLM_F_REQUEST, 1, 0, NFNL_SUBSYS_NFTABLES).end();
  fill(writer);
  writer.begin(NFNL_MSG_BATCH_END, NLM_F_REQUEST, 5, 0, NFNL_SUBSYS_NFTABLES).end();
  return client.request(writer.bytes(), 4);
}

function message(writer: NetlinkWriter, type: number, flags: number, sequence: number): NetlinkWriter {
  return writer.begin((NFNL_SUBSYS_NFTABLES << 8) | type, NLM_F_REQUEST | NLM_F_ACK | flags, sequence, NFPROTO_INET);
}

/** `ct state new` as nft compiles it: load the state, mask it, compare. */
function ctStateNew(list: NetlinkWriter): void {
  const stateNew = new Uint8Array(new Uint32Array([8]).buffer);
  const zero = new Uint8Array(4);
  expression(list, 'ct', data => data.u32(1, NFT_REG_1).u32(2, NFT_CT_STATE));
  expression(list, 'bitwise', data =>
    data
      .u32(1, NFT_REG_1)
      .u32(2, NFT_REG_1)
      .u32(3, 4)
      .nested(4, mask => mask.attribute(NFTA_DATA_VALUE, stateNew))
      .nested(5, xor => xor.attribute(NFTA_DATA_VALUE, zero)),
  );
  expression(list, 'cmp', data =>
    data
      .u32(1, NFT_REG_1)
      .u32(2, NFT_CMP_NEQ)
      .nested(3, value => value.attribute(NFTA_DATA_VALUE, zero)),
  );
}

function expression(list: NetlinkWriter, name: string, fill: (data: NetlinkWriter) => void): void {
  list.nested(NFTA_LIST_ELEM, element => element.text(NFTA_EXPR_NAME, name).nested(NFTA_EXPR_DATA, fill));
}
