import {
  CTA_PROTOINFO,
  CTA_PROTOINFO_STATE,
  CTA_PROTOINFO_TCP,
  TCP_CONNTRACK_CLOSE_WAIT,
  TCP_CONNTRACK_LAST_ACK,
} from './constants.js';

/** include/uapi/linux/filter.h and bpf_common.h. */
const LD_IMMEDIATE = 0x00;
const LDX_IMMEDIATE = 0x01;
const LD_WORD_ABSOLUTE = 0x20;
const LD_OCTET_INDIRECT = 0x50;
const TAX = 0x07;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const SKF_AD_OFF = -0x1000;
/** From the attribute at offset A on, the offset of that of type X, 0 where there is none; and the same of those nested in A's. */
const FIND_ATTRIBUTE = SKF_AD_OFF + 12;
const FIND_NESTED = SKF_AD_OFF + 16;

/** struct nlmsghdr and struct nfgenmsg lie before a message's first attribute, struct nlattr before its payload. */
const FIRST_ATTRIBUTE = 20;
const ATTRIBUTE_HEADER = 4;
const WHOLE = 0xffffffff;

type Instruction = readonly [code: number, value: number, ifTrue?: number, ifFalse?: number];

/**
 * Socket filter: events that tell the state of a TCP connection. Without CLOSE_WAIT and LAST_ACK, which lie between FIN_WAIT and
 * TIME_WAIT and tell nothing that those do not: two events of seven that need not be read.
 */
export function tcpStates(): Uint8Array {
  const refuse = 14;
  const program: Instruction[] = [
    [LD_IMMEDIATE, FIRST_ATTRIBUTE],
    [LDX_IMMEDIATE, CTA_PROTOINFO],
    [LD_WORD_ABSOLUTE, FIND_ATTRIBUTE],
    [JUMP_IF_EQUAL, 0, refuse - 4],
    [LDX_IMMEDIATE, CTA_PROTOINFO_TCP],
    [LD_WORD_ABSOLUTE, FIND_NESTED],
    [JUMP_IF_EQUAL, 0, refuse - 7],
    [LDX_IMMEDIATE, CTA_PROTOINFO_STATE],
    [LD_WORD_ABSOLUTE, FIND_NESTED],
    [TAX, 0],
    [LD_OCTET_INDIRECT, ATTRIBUTE_HEADER],
    [JUMP_IF_EQUAL, TCP_CONNTRACK_CLOSE_WAIT, refuse - 12],
    [JUMP_IF_EQUAL, TCP_CONNTRACK_LAST_ACK, refuse - 13],
    [RETURN, WHOLE],
    [RETURN, 0],
  ];
  return assemble(program);
}

/** Array of struct sock_filter, host-endian. */
function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const halves = new Uint16Array(bytes.buffer);
  const words = new Uint32Array(bytes.buffer);
  instructions.forEach(([code, value, ifTrue = 0, ifFalse = 0], i) => {
    halves[i * 4] = code;
    bytes[i * 8 + 2] = ifTrue;
    bytes[i * 8 + 3] = ifFalse;
    words[i * 2 + 1] = value;
  });
  return bytes;
}
