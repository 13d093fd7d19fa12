import type { StoreDoor } from './door.js';

/** Rows of a door's answer as objects. */
export function parseRows<T>(rows: Uint8Array): T[] {
  const lines = new TextDecoder().decode(rows).trimEnd();
  return lines === '' ? [] : (JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as T[]);
}

/** Rows of a query; 64-bit integers are strings. */
export async function rowsOf<T>(
  door: StoreDoor,
  sql: string,
  parameters: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<T[]> {
  const rows = await door.query(sql, parameters, signal);
  return rows === null ? [] : parseRows<T>(rows);
}
