/** An error for people: one line that says what, why, and what to do. Everything else that is thrown is a defect. */
export class WeirError extends Error {
  override readonly name: string = 'WeirError';
}
