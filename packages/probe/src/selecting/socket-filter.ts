import {
  CTA_IP_V4_DST,
  CTA_IP_V4_SRC,
  CTA_IP_V6_DST,
  CTA_IP_V6_SRC,
  CTA_PROTO_DST_PORT,
  CTA_PROTO_NUM,
  CTA_PROTO_SRC_PORT,
  CTA_TUPLE_IP,
  CTA_TUPLE_ORIG,
  CTA_TUPLE_PROTO,
} from '../conntrack/constants.js';
import { PROTOCOLS_WITH_PORTS } from '../metering/protocols.js';
import { BpfProgram, type Label } from './bpf-program.js';
import type { KeyTest } from './key-test.js';

/** Of a ctnetlink message: struct nlmsghdr, then struct nfgenmsg, whose first octet is the family, then the attributes. */
const FAMILY_OFFSET = 16;
const ATTRIBUTES_OFFSET = 20;
const ATTRIBUTE_HEADER = 4;
const AF_INET = 2;
const AF_INET6 = 10;
/** Words of the program's memory: where the attribute with the addresses begins; the protocol; the ports. */
const ADDRESSES = 0;
const PROTOCOL = 1;
const PORTS = { source: 2, destination: 3 } as const;
/** Stands for a port where there is none: it is in no range. */
const NO_PORT = 0x10000;

/**
 * The test as a classic BPF program for a socket that receives ctnetlink events (SO_ATTACH_FILTER). What it does not
 * understand it lets through. The kernel finds attributes by the ancillary loads NLATTR and NLATTR_NEST
 * (net/core/filter.c, __skb_get_nlattr).
 *
 * @returns the instructions, or undefined where the program would be too long for the kernel
 */
export function socketFilter(test: KeyTest): Uint8Array | undefined {
  const compiler = new Compiler();
  compiler.readTuple();
  compiler.branch(test, compiler.accept, compiler.reject);
  return compiler.finish();
}

class Compiler {
  readonly #program = new BpfProgram();
  readonly accept: Label = this.#program.label();
  readonly reject: Label = this.#program.label();

  /** Puts what the tests ask for into memory, once for all of them. */
  readTuple(): void {
    const program = this.#program;
    this.#loadInTuple(CTA_TUPLE_IP);
    program.store(ADDRESSES);
    this.#loadInTuple(CTA_TUPLE_PROTO);
    program.nested(CTA_PROTO_NUM);
    this.#acceptWithout();
    program.toIndex();
    program.loadOctetAtIndex(ATTRIBUTE_HEADER);
    program.store(PROTOCOL);
    this.#readPort(CTA_PROTO_SRC_PORT, PORTS.source);
    this.#readPort(CTA_PROTO_DST_PORT, PORTS.destination);
  }

  branch(test: KeyTest, yes: Label, no: Label): void {
    const program = this.#program;
    switch (test.kind) {
      case 'always':
        program.jump(yes);
        break;
      case 'never':
        program.jump(no);
        break;
      case 'all':
        this.#chain(test.tests, next => [next, no], yes);
        break;
      case 'any':
        this.#chain(test.tests, next => [yes, next], no);
        break;
      case 'family':
        program.loadOctet(FAMILY_OFFSET);
        program.branchEqual(test.family === 6 ? AF_INET6 : AF_INET, yes, no);
        break;
      case 'protocol':
        program.recall(PROTOCOL);
        this.#range(test, yes, no);
        break;
      case 'port':
        program.recall(PORTS[test.side]);
        this.#range(test, yes, no);
        break;
      case 'address':
        if (test.wanted) this.#address(test, yes, no);
        else this.#address(test, no, yes);
    }
  }

  finish(): Uint8Array | undefined {
    this.#program.place(this.accept);
    this.#program.returnValue(0xffff_ffff);
    this.#program.place(this.reject);
    this.#program.returnValue(0);
    return this.#program.assemble();
  }

  /** Each test goes on to the next one or out; what the last one goes on to is `end`. */
  #chain(tests: readonly KeyTest[], targets: (next: Label) => [Label, Label], end: Label): void {
    tests.forEach((test, i) => {
      const last = i === tests.length - 1;
      const next = last ? end : this.#program.label();
      this.branch(test, ...targets(next));
      if (!last) this.#program.place(next);
    });
  }

  #acceptWithout(): void {
    const found = this.#program.label();
    this.#program.branchEqual(0, this.accept, found);
    this.#program.place(found);
  }

  /** Puts the offset of an attribute of the original tuple into the accumulator. */
  #loadInTuple(type: number): void {
    this.#program.load(ATTRIBUTES_OFFSET);
    this.#program.attribute(CTA_TUPLE_ORIG);
    this.#acceptWithout();
    this.#program.nested(type);
    this.#acceptWithout();
  }

  /** What the kernel calls a port is one only of some protocols, as in Flow Records. */
  #readPort(type: number, word: number): void {
    const program = this.#program;
    const [hasPorts, known, none, done] = [program.label(), program.label(), program.label(), program.label()];
    for (const protocol of PROTOCOLS_WITH_PORTS) {
      const next = program.label();
      program.recall(PROTOCOL);
      program.branchEqual(protocol, hasPorts, next);
      program.place(next);
    }
    program.jump(none);
    program.place(hasPorts);
    this.#loadInTuple(CTA_TUPLE_PROTO);
    program.nested(type);
    program.branchEqual(0, none, known);
    program.place(known);
    program.toIndex();
    program.loadHalfAtIndex(ATTRIBUTE_HEADER);
    program.store(word);
    program.jump(done);
    program.place(none);
    program.load(NO_PORT);
    program.store(word);
    program.place(done);
  }

  #range({ low, high, wanted }: { low: number; high: number; wanted: boolean }, yes: Label, no: Label): void {
    const [inside, outside] = wanted ? [yes, no] : [no, yes];
    if (low === high) {
      this.#program.branchEqual(low, inside, outside);
      return;
    }
    const atLeast = this.#program.label();
    this.#program.branchGreaterOrEqual(low, atLeast, outside);
    this.#program.place(atLeast);
    this.#program.branchGreater(high, outside, inside);
  }

  #address({ side, range }: Extract<KeyTest, { kind: 'address' }>, inside: Label, outside: Label): void {
    const program = this.#program;
    const own = program.label();
    program.loadOctet(FAMILY_OFFSET);
    program.branchEqual(range.family === 6 ? AF_INET6 : AF_INET, own, outside);
    program.place(own);
    const [v4, v6] = side === 'source' ? [CTA_IP_V4_SRC, CTA_IP_V6_SRC] : [CTA_IP_V4_DST, CTA_IP_V6_DST];
    program.recall(ADDRESSES);
    program.nested(range.family === 6 ? v6 : v4);
    this.#acceptWithout();
    program.toIndex();
    const view = new DataView(range.low.buffer);
    for (let at = 0, bits = range.prefix ?? 0; bits > 0; at += 4, bits -= 32) {
      const mask = bits >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
      const next = program.label();
      program.loadWordAtIndex(ATTRIBUTE_HEADER + at);
      program.and(mask);
      program.branchEqual(view.getUint32(at), next, outside);
      program.place(next);
    }
    program.jump(inside);
  }
}
