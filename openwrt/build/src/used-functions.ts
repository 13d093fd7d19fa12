/**
 * `node openwrt/build/dist/used-functions.js`, as root: writes openwrt/host/used.ld anew, after the engine or the host has changed. It names the
 * functions that a probe calls while it meters, so that they lie together: the others' pages need not be in memory.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.js';
import { compiler } from './compiler.js';
import { FLAGS, SOURCES } from './engine.js';
import { ENGINE_VERSION, engineSource } from './engine-source.js';
import { CALLS, host } from './program.js';
import { outputFolder, repository, TARGETS } from './targets.js';

const NATIVE = TARGETS.find(({ name }) => name === 'x86_64')!;
const METERED = fileURLToPath(new URL('metered-namespace.js', import.meta.url));
/** What a few seconds do not need, such as looking for garbage that refers to itself; as patterns. */
const NOW_AND_THEN = [
  ...['JS_RunGCInternal', 'mark_children', 'gc_*', '*_mark', '*_finalizer', '__JS_FreeValue', 'JS_FreeAtomStruct'],
  ...['JS_AutoInitProperty', 'js_map_constructor', 'js_shape_prepare_update', 'JS_InstantiateFunctionListItem2'],
  ...[
    'JS_GetOwnProperty',
    'JS_SetPropertyUint32',
    'JS_SetPropertyStr',
    'JS_NewArray',
    'JS_NewObject',
    'JS_AtomToCString',
  ],
  ...['mp_div1norm', 'mul_pow_round', 'JS_ResizeAtomHash', '__JS_ToFloat64Free', 'js_bigint_*', 'js_not_slow'],
  ...['JS_NewCFunction*', 'JS_FreeContext', 'JS_ToFloat64Free', 'JS_FreeValue', 'JS_Call', 'js_weakref*'],
  ...['call_allocate', 'posix_fallocate', 'js_array_find'],
  ...['u32toa', 'i64toa', 'dbuf_*', 'rqsort', 'exchange_*'],
];
/** The C library is compiled already, and tells nothing. */
const OF_THE_LIBRARY = [
  ...['memchr', 'memcmp', 'bcmp', 'memcpy', 'memmove', 'memset', 'strlen'],
  ...['floor', 'ceil', 'trunc', 'fabs', 'fmax', 'fmin', 'fmod', 'log2', 'pow', 'scalbn', 'sqrt'],
  ...['malloc', 'default_malloc', '__libc_malloc_impl', '__malloc_alloc_meta', 'alloc_slot', 'calloc', 'realloc'],
  ...['free', '__libc_free', 'get_meta', 'nontrivial_free', 'malloc_usable_size', '__lock', '__unlock', '__vm_wait'],
  ...['__madvise', '__mmap', '__munmap', '__errno_location', 'clock_gettime', '__clock_gettime'],
  ...['open', 'close', 'read', 'pread', 'pwrite', 'ftruncate', 'rename'],
  ...['poll', 'recv*', '__recv*', 'send*', '__send*', 'getsockopt'],
  // Of the compiler, for processors that have no numbers of 64 bits, or no floating point.
  ...['__*di3', '__*di4', '__*df2', '__*df3', '__*sidf', '__*didf', '__*dfsi', '__*dfdi', '__aeabi_*', 'compiler_rt.*'],
];

const folder = mkdtempSync(join(tmpdir(), 'weir-used-'));
try {
  const program = await buildTelling();
  const seen = join(folder, 'seen');
  const args = ['-n', process.execPath, METERED, program, folder, '300'];
  execFileSync('unshare', args, { env: { ...process.env, WEIR_USED: seen } });
  const used = new Set(readFileSync(seen, 'utf8').trim().split('\n'));
  const symbols = (await run('nm', [program])).split('\n').map(line => line.split(' '));
  const names = symbols.filter(([at]) => used.has(at!.replace(/^0+/, ''))).map(([, , name]) => name!);
  names.push(...NOW_AND_THEN, ...OF_THE_LIBRARY);
  writeFileSync(join(host, 'used.ld'), script([...new Set(names)].sort()));
} finally {
  rmSync(folder, { recursive: true });
}

/** The probe for this machine, whose functions tell that they were called. */
async function buildTelling(): Promise<string> {
  const compile = await compiler();
  const source = await engineSource();
  const telling = ['-finstrument-functions-after-inlining', `-DCONFIG_VERSION="${ENGINE_VERSION}"`, '-w'];
  const how = [...NATIVE.flags, ...FLAGS, ...telling, '-isystem', source, '-I', host, '-static', '-Wl,--gc-sections'];
  const engine = SOURCES.map(file => join(source, `${file}.c`));
  const made = join(outputFolder, NATIVE.name);
  const scripts = readdirSync(made).filter(name => name.startsWith('script') && name.endsWith('.c'));
  const bytecode = scripts.map(name => join(made, name));
  const own = [join(host, 'main.c'), ...bytecode, join(repository, 'openwrt/build/count/used.c')];
  const program = join(folder, 'weir-probe');
  await compile([...how, ...own, ...CALLS, ...engine, '-o', program]);
  return program;
}

function script(names: readonly string[]): string {
  const sections = names.map(name => `    *(.text.${name})`).join('\n');
  return `/*
 * Written by openwrt/build/src/used-functions.ts: what a probe calls while it meters lies together, and so do constants without the scripts, which
 * are read once. With a page the kernel maps those around it, 16 that begin at a multiple (fault_around_bytes of mm/memory.c).
 */
SECTIONS {
  .rodata.scripts : { *(.rodata.script_*) }
}
INSERT AFTER .rodata;
SECTIONS {
  .text.used : ALIGN(64K) {
${sections}
    *libc.a:*(.text)
  }
}
INSERT AFTER .text;
`;
}
