import { type DataType, elements } from '@weir/ipfix';

/** An Information Element that an exporter has defined itself (RFC 5610). */
export interface ToldElement {
  readonly name: string;
  readonly enterprise: number;
  readonly id: number;
  readonly type: DataType;
}

/** Exporters can invent them: more than these are not found. */
const MAXIMUM_NAMES = 65_536;

const types = new Map<string, DataType>();

/**
 * Makes the element one that filters and `--by` find by its name, in this process, and that can be written under its number. Of two that
 * exporters have given the same name, or number, the first counts.
 */
export function addToldElement(element: ToldElement): void {
  const { name, enterprise, id, type } = element;
  if (types.size >= MAXIMUM_NAMES || types.has(name)) return;
  types.set(name, type);
  if (elements.byId(enterprise, id) === undefined && elements.byName(name) === undefined) elements.register(element);
}

export function typeOfToldElement(name: string): DataType | undefined {
  return types.get(name);
}
