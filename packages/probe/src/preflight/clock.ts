import { adjtimex } from '../host/libc.js';
import { type Finding, note, ok } from './finding.js';

/** sizeof(struct timex) on 64-bit Linux, and adjtimex(2)'s answer of a clock that nothing keeps right. */
const TIMEX_OCTETS = 208;
const TIME_ERROR = 5;

/** Starts and ends are times of this host: whoever compares them with those of others needs a clock that is right. */
export function checkClock(): Finding {
  // All zero: only look.
  const state = adjtimex(new Uint8Array(TIMEX_OCTETS));
  if (state !== TIME_ERROR) return ok('clock', 'the clock is synchronised');
  return note(
    'clock',
    'the clock is not synchronised, as far as the kernel knows',
    'starts and ends of Flows are off by as much as the clock is',
    'install chrony or systemd-timesyncd; in a virtual machine the host may do it unseen',
  );
}
