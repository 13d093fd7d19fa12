import { existsSync } from 'node:fs';
import { endianness, release } from 'node:os';
import { LIBRARY } from '../host/libbpf.js';
import { isLoadable } from '../host/libc.js';
import { meterObjectPath } from '../host/meter-object.js';
import { type Finding, note, ok } from './finding.js';
import { hasCapability, readText } from './kernel-files.js';

/**
 * The oldest kernels whose functions programs can be attached to (fentry): on arm64 that takes CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS,
 * which it has since 6.4.
 */
const OLDEST: Readonly<Record<string, readonly [major: number, minor: number]>> = { x64: [5, 15], arm64: [6, 4] };
const CAP_SYS_ADMIN = 21;
const CAP_PERFMON = 38;
const CAP_BPF = 39;

/** What of the machine is looked at. */
export interface MachineView {
  readonly platform: string;
  readonly architecture: string;
  readonly endianness: string;
  readonly release: string;
  exists(path: string): boolean;
  readText(path: string): string | undefined;
  hasCapability(bit: number): boolean;
  /** Is the shared library installed? */
  isLoadable(library: string): boolean;
}

const THIS_MACHINE: MachineView = {
  platform: process.platform,
  architecture: process.arch,
  endianness: endianness(),
  release: release(),
  exists: existsSync,
  readText,
  hasCapability,
  isLoadable,
};

/**
 * Why the kernel meter cannot be used here, and what to do; undefined where it can.
 *
 * @param attempt loads and attaches the programs for a moment, after all else is well: what the kernel refuses only it can tell
 */
export function whyNoKernelMeter(attempt?: () => string | undefined, view = THIS_MACHINE): string | undefined {
  return whyNotThisMachine(view) ?? whyNoTypes(view) ?? whyNotAllowed(view) ?? whyNotInstalled(view) ?? attempt?.();
}

function whyNotThisMachine({ platform, architecture, endianness, release }: MachineView): string | undefined {
  if (platform !== 'linux') return `this is ${platform}, not Linux`;
  const oldest = OLDEST[architecture];
  if (oldest === undefined || endianness !== 'LE') {
    return `its programs are for x64 and arm64, little-endian, not for ${architecture} (${endianness})`;
  }
  const [major = 0, minor = 0] = release.split('.').map(part => Number.parseInt(part, 10));
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return `this kernel (${release}) is too old: ${oldest.join('.')} or later is needed on ${architecture}`;
}

/** Programs find the fields of the kernel's structures by its type information (BTF), which a module has for itself. */
function whyNoTypes(view: MachineView): string | undefined {
  if (!view.exists('/sys/kernel/btf/vmlinux')) {
    return 'this kernel has no type information (no /sys/kernel/btf/vmlinux): take one with CONFIG_DEBUG_INFO_BTF';
  }
  if (!view.exists('/sys/module/nf_conntrack')) return 'connection tracking is not loaded (modprobe nf_conntrack)';
  if (isBuiltIn(view) || view.exists('/sys/kernel/btf/nf_conntrack')) return undefined;
  return 'the module nf_conntrack has no type information: take a kernel with CONFIG_DEBUG_INFO_BTF_MODULES';
}

function isBuiltIn(view: MachineView): boolean {
  return !/^nf_conntrack /m.test(view.readText('/proc/modules') ?? '');
}

/** For the type information of a module the kernel asks for CAP_SYS_ADMIN (bpf_btf_get_fd_by_id in kernel/bpf/syscall.c). */
function whyNotAllowed(view: MachineView): string | undefined {
  if (view.hasCapability(CAP_SYS_ADMIN)) return undefined;
  if (!isBuiltIn(view))
    return 'this process may not load programs: run it with CAP_SYS_ADMIN (nf_conntrack is a module)';
  if (view.hasCapability(CAP_BPF) && view.hasCapability(CAP_PERFMON)) return undefined;
  return 'this process may not load programs: run it with CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN';
}

function whyNotInstalled(view: MachineView): string | undefined {
  if (!view.isLoadable(LIBRARY)) return `${LIBRARY} is not installed (apt install libbpf1)`;
  const path = meterObjectPath();
  return view.exists(path) ? undefined : `its programs are missing (${path}): install Weir anew`;
}

const DIFFERENCES = [
  'a Flow costs more',
  'its interfaces, next hop and VLANs are those of a route look-up, not those of its first packet',
  'its class of service is not known',
  'its last packet is timed to the second, its handshake by events (docs/reference/fields.md has a table)',
].join('; ');

/** `--source auto` takes the kernel meter where it can. */
export function checkKernelMeter(reason: string | undefined): Finding {
  const id = 'kernel-meter';
  if (reason === undefined) return ok(id, 'the kernel meter can be used, and --source auto does');
  return note(id, `the kernel meter cannot be used: ${reason}`, `--source auto takes ctnetlink: ${DIFFERENCES}`);
}
