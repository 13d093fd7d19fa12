/** A mistake of the caller, told to people: one line saying what, why, and what to do. Bytes from outside never cause one. */
export class WeirError extends Error {
  override readonly name = 'WeirError';
}
