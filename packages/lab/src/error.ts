/** An error meant for people: one line saying what, why and what to do. */
export class WeirError extends Error {
  override readonly name = 'WeirError';
}
