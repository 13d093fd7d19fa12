import { DATA_TYPES, SEMANTICS, UNITS } from '../elements/generated/elements.js';
import { checkElement, type ElementRegistry } from '../elements/registry.js';
import type { DataType, InformationElement } from '../elements/types.js';
import { WeirError } from '../error.js';

/**
 * Registers the elements of a table: a line an element, its columns apart by tabs: enterprise number, element number, name, data
 * type, and where known semantics and units, in the registry's words. Lines that are empty or begin with # are left out.
 * Throws WeirError that names the line where one is wrong; nothing is registered then. Returns the number of elements.
 */
export function registerElements(registry: ElementRegistry, table: string): number {
  const elements = table.split(/\r?\n/).flatMap((line, i) => (/^\s*(#|$)/.test(line) ? [] : [elementOf(line, i + 1)]));
  for (const element of elements) registry.register(element);
  return elements.length;
}

function elementOf(line: string, number: number): InformationElement {
  const [enterprise, id, name, type, semantics, units, ...more] = line.split('\t').map(column => column.trim());
  if (more.length > 0) throw wrong(number, 'it has more than 6 columns');
  if (!/^\d+$/.test(enterprise ?? '') || !/^\d+$/.test(id ?? '')) throw wrong(number, 'two numbers come first');
  if (!name) throw wrong(number, 'it has no name');
  if (!DATA_TYPES.includes(type as DataType)) throw wrong(number, `"${type}" is no data type`);
  if (semantics && !SEMANTICS.includes(semantics)) throw wrong(number, `"${semantics}" is no semantics`);
  if (units && !UNITS.includes(units)) throw wrong(number, `"${units}" are no units`);
  const element: InformationElement = {
    enterprise: Number(enterprise),
    id: Number(id),
    name,
    type: type as DataType,
    ...(semantics ? { semantics } : {}),
    ...(units ? { units } : {}),
  };
  checkElement(element);
  return element;
}

function wrong(line: number, why: string): WeirError {
  return new WeirError(
    `line ${line} of the elements: ${why}; write enterprise, number, name, type, semantics, units, tabs between`,
  );
}
