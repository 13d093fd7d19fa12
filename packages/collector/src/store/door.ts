import { WeirError } from '../error.js';
import type { Insert } from './schema/flows.js';

/** The engine was lost before it answered: whether it did what it was asked is not known. */
export class EngineDied extends WeirError {}

/** Formats of files that the engine writes. */
export type FileFormat = 'Parquet';

/** A block in the spool. */
export interface SpooledBlock extends Insert {
  /** Absolute path of a file in Native format. */
  readonly file: string;
}

/**
 * The way to an engine that keeps Flow Records, wherever it runs. What it asks throws EngineDied where the engine was lost
 * meanwhile, else WeirError with the engine's message, "Code: N. ..." where it has one: see passes.
 */
export interface StoreDoor {
  /** Whether the engine can be asked now. */
  readonly healthy: boolean;
  /** How often it was lost and found again. */
  readonly restarts: number;
  /** Process id of an engine of our own. */
  readonly pid: number | undefined;
  /** @throws WeirError where the engine cannot be had. */
  open(): Promise<void>;
  /** A statement without an answer, however long it takes; repeated by nobody. */
  command(sql: string): Promise<void>;
  /** Takes a block into the table; waits for an engine that is lost. */
  insert(block: SpooledBlock): Promise<void>;
  /** Rows as JSON objects, one a line; 64-bit integers are strings. Null where there are none. An aborted signal ends the query. */
  query(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<Uint8Array | null>;
  /** The same as they come, in bounded memory. */
  stream(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  /** The rows as the octets of one file of that format, whatever their number: nothing is held in this process. */
  download(
    sql: string,
    parameters: Record<string, unknown>,
    format: FileFormat,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}
