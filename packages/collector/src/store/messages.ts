import type { Insert } from './schema/flows.js';

/** What the parent asks of the engine's process. Every request has an id that its answer carries. */
export type Request =
  | { readonly kind: 'open'; readonly directory: string; readonly memory: number }
  /** A statement that takes as long as it takes. */
  | { readonly kind: 'command'; readonly sql: string }
  | { readonly kind: 'insert'; readonly file: string; readonly insert: Insert }
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: Record<string, unknown> }
  /** The rows into a new file of that format, however long it takes. */
  | {
      readonly kind: 'export';
      readonly sql: string;
      readonly parameters: Record<string, unknown>;
      readonly file: string;
      readonly format: string;
    }
  /** Ends a query or an export. */
  | { readonly kind: 'kill'; readonly query: number }
  | { readonly kind: 'stream'; readonly sql: string; readonly parameters: Record<string, unknown> }
  /** The next rows of a stream; the answer is null behind the last. */
  | { readonly kind: 'next'; readonly stream: number }
  | { readonly kind: 'cancel'; readonly stream: number }
  | { readonly kind: 'close' };

export interface NumberedRequest {
  readonly id: number;
  readonly request: Request;
}

/** `rows` are JSON objects, one a line; null where the request yields none. */
export interface Answer {
  readonly id: number;
  readonly rows?: Uint8Array | null;
  readonly error?: string;
}
