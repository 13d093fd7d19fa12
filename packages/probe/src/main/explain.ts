import { WeirError } from '../error.js';

/** A system call that failed in the loop, said so that a person knows what to do. */
export function explain(error: Error): Error {
  const code = (error as { code?: string }).code;
  if (code === 'EPERM')
    return new WeirError(`the kernel refuses (${error.message}): run as root, or with CAP_NET_ADMIN`);
  if (code === 'EPROTONOSUPPORT')
    return new WeirError(`this kernel has no netfilter (${error.message}): nothing can be metered here`);
  if (code === 'EBUSY') {
    const path = error.message.replace(/: EBUSY$/, '');
    return new WeirError(
      `the state file ${path} is in use by another probe: stop that one, or choose another file with --state`,
    );
  }
  if (code === 'ENOSPC') {
    const path = error.message.replace(/: ENOSPC$/, '');
    return new WeirError(
      `there is no room for the state file ${path}: make room there, or choose another file with --state`,
    );
  }
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
    return new WeirError(
      `there is no route to the collector (${error.message}): look at its address and at "ip route get"`,
    );
  if (code !== undefined) return new WeirError(`the probe cannot go on: ${error.message}`);
  return error;
}
