import { getAsNames } from '../api/client.js';
import type { Value } from './dimensions.js';

/** The names of Autonomous Systems by number, where the values of a field are such; else none. */
export async function asNamesOf(
  field: string,
  values: readonly Value[],
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const numbers = field.endsWith('as') ? values.filter(value => Number(value) > 0).map(String) : [];
  return numbers.length > 0 ? await getAsNames(numbers, signal) : {};
}
