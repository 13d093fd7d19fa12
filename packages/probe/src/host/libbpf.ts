import koffi from 'koffi';
import { WeirError } from '../error.js';
import { addressOf } from './libc.js';

/** The library is in every distribution; its first version of 2022 has all that is used here. */
export const LIBRARY = 'libbpf.so.1';

export const BPF_MAP_TYPE_HASH = 1;
export const BPF_MAP_TYPE_ARRAY = 2;
export const BPF_MAP_TYPE_RINGBUF = 27;
export const BPF_F_MMAPABLE = 1 << 10;
const BPF_TRACE_ITER = 28;

/** A pointer of libbpf's. */
export type Pointer = object;

/** What is used of libbpf: maps by their descriptors, and objects with programs. */
export type Libbpf = ReturnType<typeof declare>;

let loaded: Libbpf | undefined;

/** @throws WeirError where the library is not installed */
export function libbpf(): Libbpf {
  loaded ??= declare();
  return loaded;
}

function declare() {
  const library = open();
  const call = (signature: string) => library.func(signature);
  const setPrint = call('void *libbpf_set_print(void *callback)');
  // What it has to say goes to the terminal otherwise; errors come back as error numbers.
  setPrint(null);
  return {
    objectOpen: call('void *bpf_object__open_file(const char *path, const void *options)'),
    objectLoad: call('int bpf_object__load(void *object)'),
    objectClose: call('void bpf_object__close(void *object)'),
    findMap: call('void *bpf_object__find_map_by_name(void *object, const char *name)'),
    findProgram: call('void *bpf_object__find_program_by_name(void *object, const char *name)'),
    mapDescriptor: call('int bpf_map__fd(void *map)'),
    mapInitialValue: call('void *bpf_map__initial_value(void *map, void *octets)'),
    programDescriptor: call('int bpf_program__fd(void *program)'),
    setAutoload: call('int bpf_program__set_autoload(void *program, bool autoload)'),
    attach: call('void *bpf_program__attach(void *program)'),
    destroyLink: call('int bpf_link__destroy(void *link)'),
    mapCreate: call(
      'int bpf_map_create(int type, const char *name, uint32_t key, uint32_t value, uint32_t entries, const void *options)',
    ),
    mapUpdate: call('int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)'),
    mapDelete: call('int bpf_map_delete_elem(int fd, const void *key)'),
    linkCreate: call('int bpf_link_create(int program, int target, int type, const void *options)'),
    iteratorCreate: call('int bpf_iter_create(int link)'),
  };
}

function open(): ReturnType<typeof koffi.load> {
  try {
    return koffi.load(LIBRARY);
  } catch {
    throw new WeirError(`${LIBRARY} is not installed: install the package libbpf1 (Debian, Ubuntu) or libbpf`);
  }
}

/** Options of bpf_map_create: sizes as in struct bpf_map_create_opts up to map_flags. */
export function mapOptions(flags: number): Uint8Array {
  const options = new DataView(new ArrayBuffer(40));
  options.setBigUint64(0, 40n, true);
  options.setUint32(28, flags, true);
  return new Uint8Array(options.buffer);
}

/** union bpf_iter_link_info: the map's descriptor. Kept here, because an address alone does not keep its buffer alive. */
const iterated = new Uint32Array(4);
const iteratedOctets = new Uint8Array(iterated.buffer);

/** A link of an iterator program to the map whose elements it visits. @returns its descriptor, or -1 and errno */
export function linkIterator(program: number, map: number): number {
  iterated[0] = map;
  // struct bpf_link_create_opts: its size, flags, the union's address and size.
  const options = new DataView(new ArrayBuffer(40));
  options.setBigUint64(0, 40n, true);
  options.setBigUint64(16, addressOf(iteratedOctets), true);
  options.setUint32(24, iteratedOctets.length, true);
  return libbpf().linkCreate(program, 0, BPF_TRACE_ITER, new Uint8Array(options.buffer));
}
