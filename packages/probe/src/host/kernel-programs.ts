import koffi from 'koffi';
import { WeirError } from '../error.js';
import { type Libbpf, libbpf, type Pointer } from './libbpf.js';
import { errorCode } from './libc.js';
import { meterObjectPath } from './meter-object.js';

/** Those that are always attached. The kernel runs the one of a function first that was attached last: "end" before "end_again". */
const NEEDED = ['confirm', 'end_again', 'end', 'adopt'] as const;
const TCP_CHANGES = 'change';
const SWEEP = 'sweep';

/** As many network namespaces can be metered at once: NAMESPACES of bpf/meter.h. */
const NAMESPACES = 256;

/** File descriptors of the loaded programs and maps: good on every thread of the process. */
export interface KernelDescriptors {
  readonly slots: number;
  readonly namespaces: number;
  readonly connections: number;
  readonly rings: number;
  readonly vlans: number;
  readonly neighbours: number;
  readonly sweep: number;
  /** One octet for each slot, not 0 where it is taken. */
  readonly taken: Uint8Array;
}

export interface KernelProgramsOptions {
  /** Also the fields of the preset "full". */
  readonly full: boolean;
  /** Handshake round trips and states of TCP connections. */
  readonly tcpEvents: boolean;
}

/** The programs of the kernel meter, loaded and attached: one set for all network namespaces. They go with the process. */
export class KernelPrograms {
  readonly descriptors: KernelDescriptors;
  readonly #bpf: Libbpf = libbpf();
  readonly #object: Pointer;
  readonly #links: Pointer[] = [];

  /** @throws WeirError saying what the kernel, or this machine, refuses */
  constructor({ full, tcpEvents }: KernelProgramsOptions) {
    const object = this.#bpf.objectOpen(meterObjectPath(), null) as Pointer | null;
    if (object === null) throw new WeirError(`the programs of the kernel meter cannot be read (${errorCode()})`);
    this.#object = object;
    try {
      if (full) this.#setFull();
      if (!tcpEvents) this.#bpf.setAutoload(this.#program(TCP_CHANGES), false);
      if (this.#bpf.objectLoad(object) !== 0)
        throw new WeirError(`the kernel does not take the programs of the kernel meter ${refusal(errorCode())}`);
      this.descriptors = this.#descriptors();
      for (const name of NEEDED) this.#attach(name);
      if (tcpEvents) this.#attach(TCP_CHANGES);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Detaches the programs. */
  close(): void {
    for (const link of this.#links.splice(0)) this.#bpf.destroyLink(link);
    this.#bpf.objectClose(this.#object);
  }

  #descriptors(): KernelDescriptors {
    const map = (name: string): number => this.#bpf.mapDescriptor(this.#map(name));
    return {
      slots: map('slots'),
      namespaces: map('namespaces'),
      connections: map('connections'),
      rings: map('rings'),
      vlans: map('vlans'),
      neighbours: map('neighbours'),
      sweep: this.#bpf.programDescriptor(this.#program(SWEEP)),
      taken: new Uint8Array(new SharedArrayBuffer(NAMESPACES)),
    };
  }

  /** The object's one constant: the first octet of its read-only data. */
  #setFull(): void {
    const octets = new Uint8Array(8);
    const value = this.#bpf.mapInitialValue(this.#map('.rodata'), octets) as Pointer | null;
    if (value === null) throw new WeirError('the object of the kernel meter has no constants: it is another version');
    new Uint8Array(koffi.view(value, 1))[0] = 1;
  }

  #attach(name: string): void {
    const link = this.#bpf.attach(this.#program(name)) as Pointer | null;
    if (link === null)
      throw new WeirError(`the kernel refuses to attach the program "${name}" ${refusal(errorCode())}`);
    this.#links.push(link);
  }

  #map(name: string): Pointer {
    return found(this.#bpf.findMap(this.#object, name), `map "${name}"`);
  }

  #program(name: string): Pointer {
    return found(this.#bpf.findProgram(this.#object, name), `program "${name}"`);
  }
}

/** A process without the capabilities does not come so far (preflight/kernel-meter.ts): whoever asks is refused. */
export function refusal(code: string): string {
  if (code !== 'EPERM') return `(${code})`;
  return '(EPERM): it lets nobody run such programs, or nobody in this container; only another kernel, or a place outside of the container, helps';
}

/** Loads and attaches the programs for a moment. @returns what the kernel refuses, undefined where it takes them */
export function whyKernelRefuses(): string | undefined {
  try {
    new KernelPrograms({ full: false, tcpEvents: true }).close();
    return undefined;
  } catch (error) {
    if (error instanceof WeirError) return error.message;
    throw error;
  }
}

function found(pointer: Pointer | null, what: string): Pointer {
  if (pointer === null) throw new WeirError(`the object of the kernel meter has no ${what}: it is another version`);
  return pointer;
}
