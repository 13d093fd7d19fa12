import { DATA_TYPES, SEMANTICS, UNITS } from '../elements/generated/elements.js';
import { parseRange } from '../elements/range.js';
import { checkElement, type ElementRegistry } from '../elements/registry.js';
import type { DataType, InformationElement } from '../elements/types.js';
import { WeirError } from '../error.js';

/** An element as a file has it: all text but for the numbers, semantics, units and range in the registry's words. */
type Described = Readonly<
  Partial<Record<'enterprise' | 'id' | 'name' | 'type' | 'semantics' | 'units' | 'range', unknown>>
>;

/**
 * Registers the elements of a file. Either a table, a line an element, its columns apart by tabs: enterprise number, element
 * number, name, data type, and where known semantics, units and range ("0-63"); empty lines and those that begin with # are left
 * out. Or JSON: {"enterprise":N,"elements":[{"id":N,"name":"...","type":"...","semantics":"...","units":"...","range":"0-63"}]}.
 * Throws WeirError that names the line or the element where one is wrong; nothing is registered then. Returns the number of elements.
 */
export function registerElements(registry: ElementRegistry, file: string): number {
  const elements = /^\s*\{/.test(file) ? elementsOfJson(file) : elementsOfTable(file);
  for (const element of elements) registry.register(element);
  return elements.length;
}

function elementsOfTable(table: string): InformationElement[] {
  return table.split(/\r?\n/).flatMap((line, i) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const [enterprise, id, name, type, semantics, units, range, ...more] = line.split('\t').map(each => each.trim());
    const place = `line ${i + 1}`;
    if (more.length > 0) throw wrong(place, 'it has more than 7 columns');
    if (!isNumber(enterprise) || !isNumber(id)) throw wrong(place, 'two numbers come first');
    const described = { enterprise: Number(enterprise), id: Number(id), name, type, semantics, units, range };
    return [elementOf(described, place)];
  });
}

function elementsOfJson(file: string): InformationElement[] {
  let content: { readonly enterprise?: unknown; readonly elements?: unknown };
  try {
    content = JSON.parse(file);
  } catch (error) {
    throw new WeirError(`the file of elements is no JSON: ${error instanceof Error ? error.message : error}; mend it`);
  }
  const { enterprise, elements } = content;
  if (!Number.isInteger(enterprise) || !Array.isArray(elements)) {
    throw new WeirError('the file of elements has no number "enterprise" and list "elements"; write both');
  }
  return elements.map((described: unknown, i) => {
    const place = `number ${i + 1}`;
    if (typeof described !== 'object' || described === null) throw wrong(place, 'it is no object');
    const { id } = described as Described;
    if (!Number.isInteger(id)) throw wrong(place, 'its "id" is no whole number');
    return elementOf({ ...described, enterprise }, place);
  });
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text);
}

/** Names are checked here, numbers and the rest by the registry. */
function elementOf({ enterprise, id, name, type, semantics, units, range }: Described, place: string) {
  if (typeof name !== 'string' || name === '') throw wrong(place, 'it has no name');
  if (!DATA_TYPES.includes(type as DataType)) throw wrong(place, `"${type}" is no data type`);
  if (semantics && !SEMANTICS.includes(String(semantics))) throw wrong(place, `"${semantics}" is no semantics`);
  if (units && !UNITS.includes(String(units))) throw wrong(place, `"${units}" are no units`);
  const bounds = range ? parseRange(String(range)) : undefined;
  if (range && bounds === undefined) throw wrong(place, `"${range}" is no range`);
  const element: InformationElement = {
    enterprise: Number(enterprise),
    id: Number(id),
    name,
    type: type as DataType,
    ...(semantics ? { semantics: String(semantics) } : {}),
    ...(units ? { units: String(units) } : {}),
    ...(bounds ? { range: bounds } : {}),
  };
  checkElement(element);
  return element;
}

function wrong(place: string, why: string): WeirError {
  return new WeirError(
    `${place} of the elements: ${why}; write enterprise, number, name, type, semantics, units, range, tabs between, or JSON`,
  );
}
