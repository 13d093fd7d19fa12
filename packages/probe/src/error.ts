/** An error for the operator: its message says in one line what went wrong, why, and what to do. */
export class WeirError extends Error {
  override readonly name = 'WeirError';
}
