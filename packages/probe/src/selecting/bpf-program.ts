/** A place in a program that jumps go to. */
export interface Label {
  at: number;
}

interface Instruction {
  readonly code: number;
  readonly k: number;
  /** Of a conditional jump; both are reached by a jump of their own, so that no distance is too long. */
  readonly target?: Label;
  readonly skipTrue?: number;
  readonly skipFalse?: number;
}

/** struct sock_filter: code, jump if true, jump if false, k. */
const INSTRUCTION_OCTETS = 8;
/** BPF_MAXINSNS (include/uapi/linux/bpf_common.h). */
const MAXIMUM_INSTRUCTIONS = 4096;

// Classes, sizes, modes and operations of include/uapi/linux/bpf_common.h.
const LD_IMMEDIATE = 0x00;
const LD_WORD_ABSOLUTE = 0x20;
const LD_OCTET_ABSOLUTE = 0x30;
const LD_WORD_INDEX = 0x40;
const LD_HALF_INDEX = 0x48;
const LD_OCTET_INDEX = 0x50;
const LD_MEMORY = 0x60;
const LDX_IMMEDIATE = 0x01;
const ST = 0x02;
const AND = 0x54;
const JUMP = 0x05;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER = 0x25;
const JUMP_GREATER_OR_EQUAL = 0x35;
const RETURN = 0x06;
const TAX = 0x07;
/** Ancillary loads (include/uapi/linux/filter.h): an attribute from offset A on, or inside the one at A, of type X. */
const SKF_AD_NLATTR = 0xffff_f000 + 12;
const SKF_AD_NLATTR_NEST = 0xffff_f000 + 16;

/** Writes a classic BPF program with an accumulator, an index register and some words of memory. */
export class BpfProgram {
  readonly #instructions: Instruction[] = [];

  label(): Label {
    return { at: -1 };
  }

  /** The label means the next instruction. */
  place(label: Label): void {
    label.at = this.#instructions.length;
  }

  load(value: number): void {
    this.#add(LD_IMMEDIATE, value);
  }

  loadOctet(offset: number): void {
    this.#add(LD_OCTET_ABSOLUTE, offset);
  }

  loadOctetAtIndex(offset: number): void {
    this.#add(LD_OCTET_INDEX, offset);
  }

  loadHalfAtIndex(offset: number): void {
    this.#add(LD_HALF_INDEX, offset);
  }

  loadWordAtIndex(offset: number): void {
    this.#add(LD_WORD_INDEX, offset);
  }

  recall(word: number): void {
    this.#add(LD_MEMORY, word);
  }

  store(word: number): void {
    this.#add(ST, word);
  }

  toIndex(): void {
    this.#add(TAX, 0);
  }

  and(mask: number): void {
    this.#add(AND, mask);
  }

  /** Offset of the attribute of this type, searched from the offset in the accumulator on; 0 where there is none. */
  attribute(type: number): void {
    this.#add(LDX_IMMEDIATE, type);
    this.#add(LD_WORD_ABSOLUTE, SKF_AD_NLATTR);
  }

  /** The same inside the attribute whose offset the accumulator holds. */
  nested(type: number): void {
    this.#add(LDX_IMMEDIATE, type);
    this.#add(LD_WORD_ABSOLUTE, SKF_AD_NLATTR_NEST);
  }

  jump(target: Label): void {
    this.#instructions.push({ code: JUMP, k: 0, target });
  }

  branchEqual(value: number, yes: Label, no: Label): void {
    this.#branch(JUMP_EQUAL, value, yes, no);
  }

  branchGreater(value: number, yes: Label, no: Label): void {
    this.#branch(JUMP_GREATER, value, yes, no);
  }

  branchGreaterOrEqual(value: number, yes: Label, no: Label): void {
    this.#branch(JUMP_GREATER_OR_EQUAL, value, yes, no);
  }

  returnValue(value: number): void {
    this.#add(RETURN, value);
  }

  /** An array of struct sock_filter, host-endian; undefined where it is longer than the kernel takes. */
  assemble(): Uint8Array | undefined {
    const instructions = this.#instructions;
    if (instructions.length > MAXIMUM_INSTRUCTIONS) return undefined;
    const bytes = new Uint8Array(instructions.length * INSTRUCTION_OCTETS);
    const halves = new Uint16Array(bytes.buffer);
    const words = new Uint32Array(bytes.buffer);
    instructions.forEach(({ code, k, target, skipTrue = 0, skipFalse = 0 }, i) => {
      halves[i * 4] = code;
      bytes[i * INSTRUCTION_OCTETS + 2] = skipTrue;
      bytes[i * INSTRUCTION_OCTETS + 3] = skipFalse;
      words[i * 2 + 1] = target === undefined ? k : target.at - i - 1;
    });
    return bytes;
  }

  #add(code: number, k: number): void {
    this.#instructions.push({ code, k });
  }

  /** A conditional jump reaches 255 instructions, an unconditional one all. */
  #branch(code: number, k: number, yes: Label, no: Label): void {
    this.#instructions.push({ code, k, skipTrue: 0, skipFalse: 1 });
    this.jump(yes);
    this.jump(no);
  }
}
