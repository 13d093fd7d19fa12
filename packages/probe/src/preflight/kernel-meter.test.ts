import { describe, expect, test } from 'vitest';
import { meterObjectPath } from '../host/meter-object.js';
import { checkKernelMeter, type MachineView, whyNoKernelMeter } from './kernel-meter.js';

const BTF = '/sys/kernel/btf/';
const CAP_SYS_ADMIN = 21;
const CAP_PERFMON = 38;
const CAP_BPF = 39;

interface Machine {
  readonly platform?: string;
  readonly architecture?: string;
  readonly endianness?: string;
  readonly release?: string;
  readonly files?: readonly string[];
  readonly modules?: string;
  readonly capabilities?: readonly number[];
  readonly libraries?: readonly string[];
}

const BUILT_IN = [`${BTF}vmlinux`, '/sys/module/nf_conntrack', meterObjectPath()];
const MODULE = 'nf_conntrack_netlink 57344 0 - Live 0x0\nnf_conntrack 172032 1 nf_conntrack_netlink, Live 0x0\n';

/** A machine on which all is well, but for what is said. */
function machine(m: Machine): MachineView {
  const files = m.files ?? BUILT_IN;
  return {
    platform: m.platform ?? 'linux',
    architecture: m.architecture ?? 'x64',
    endianness: m.endianness ?? 'LE',
    release: m.release ?? '6.1.0-37-amd64',
    exists: path => files.includes(path),
    readText: path => (path === '/proc/modules' ? (m.modules ?? '') : undefined),
    hasCapability: bit => (m.capabilities ?? [CAP_SYS_ADMIN]).includes(bit),
    isLoadable: library => (m.libraries ?? ['libbpf.so.1']).includes(library),
  };
}

const reason = (m: Machine) => whyNoKernelMeter(undefined, machine(m));

describe('the kernel meter can be used', () => {
  test.each<[string, Machine]>([
    ['conntrack built in', {}],
    ['conntrack as a module', { modules: MODULE, files: [...BUILT_IN, `${BTF}nf_conntrack`] }],
    ['the oldest kernel', { release: '5.15.0-91-generic' }],
    ['the oldest kernel of arm64', { architecture: 'arm64', release: '6.4.0' }],
    ['a later major version', { release: '7.0.0-rc1' }],
    ['the two capabilities that are enough', { capabilities: [CAP_BPF, CAP_PERFMON] }],
  ])('%s', (_, m) => expect(reason(m)).toBeUndefined());
});

describe('the kernel meter cannot be used', () => {
  test.each<[RegExp, Machine]>([
    [/darwin, not Linux/, { platform: 'darwin' }],
    [/not for riscv64/, { architecture: 'riscv64' }],
    [/not for arm64 \(BE\)/, { architecture: 'arm64', endianness: 'BE' }],
    [/5\.14\.0-570\.el9.* too old: 5\.15/, { release: '5.14.0-570.el9' }],
    [/6\.1\.0-37-arm64.* too old: 6\.4/, { architecture: 'arm64', release: '6.1.0-37-arm64' }],
    [/4\.19\.0.* too old/, { release: '4.19.0' }],
    [/CONFIG_DEBUG_INFO_BTF$/, { files: BUILT_IN.slice(1) }],
    [/modprobe nf_conntrack/, { files: [`${BTF}vmlinux`, meterObjectPath()] }],
    [/CONFIG_DEBUG_INFO_BTF_MODULES/, { modules: MODULE }],
    [/CAP_BPF and CAP_PERFMON/, { capabilities: [CAP_BPF] }],
    [/CAP_BPF and CAP_PERFMON/, { capabilities: [CAP_PERFMON] }],
    [
      /CAP_SYS_ADMIN \(nf_conntrack is a module\)/,
      { modules: MODULE, files: [...BUILT_IN, `${BTF}nf_conntrack`], capabilities: [CAP_BPF, CAP_PERFMON] },
    ],
    [/apt install libbpf1/, { libraries: [] }],
    [/meter\.bpf\.o\): install Weir anew/, { files: BUILT_IN.slice(0, 2) }],
  ])('%s', (text, m) => expect(reason(m)).toMatch(text));
});

test('the kernel is asked last, when all else is well', () => {
  const refused = 'the kernel refuses';
  expect(whyNoKernelMeter(() => refused, machine({}))).toBe(refused);
  expect(whyNoKernelMeter(() => refused, machine({ release: '5.4.0' }))).toContain('too old');
});

test('this machine is looked at', () => {
  // What it is does not matter here: the view of it has to work.
  expect(['string', 'undefined']).toContain(typeof whyNoKernelMeter());
});

test('the doctor says why, and what is lost', () => {
  expect(checkKernelMeter(undefined)).toMatchObject({ id: 'kernel-meter', level: 'ok' });
  const { level, what, meaning } = checkKernelMeter('no room');
  expect([level, what]).toEqual(['note', 'the kernel meter cannot be used: no room']);
  expect(meaning).toMatch(/ctnetlink: .*costs more.*interfaces, next hop.*class of service/);
});
