import { claimNamespace } from './claim.js';
import { restore } from './mend.js';

/**
 * Puts back everything that was changed in this network namespace, whoever did.
 *
 * @throws WeirError where a running `weir up` needs it
 */
export function restoreAll(): string[] {
  const giveUp = claimNamespace();
  try {
    return [...restore('doctor'), ...restore('up')];
  } finally {
    giveUp();
  }
}
