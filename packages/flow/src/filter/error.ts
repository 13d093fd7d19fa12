import { WeirError } from '../error.js';

/** A filter that says nothing, with the place where. */
export class FilterError extends WeirError {
  /** From 1. */
  readonly column: number;

  constructor(message: string, column: number) {
    super(`filter, column ${column}: ${message}`);
    this.column = column;
  }
}
