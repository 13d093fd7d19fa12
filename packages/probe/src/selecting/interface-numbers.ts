/** What is known of interfaces; `generation` changes whenever the list does. */
interface InterfaceList {
  readonly generation: number;
  list(): readonly { readonly index: number; readonly name: string }[];
}

/** The number of the interface that has a name now, 0 where there is none. The list is read once for each generation. */
export function interfaceNumbers(interfaces: InterfaceList): (name: string) => number {
  const numbers = new Map<string, number>();
  let generation = Number.NaN;
  return name => {
    if (generation !== interfaces.generation) {
      generation = interfaces.generation;
      numbers.clear();
      for (const { name, index } of interfaces.list()) numbers.set(name, index);
    }
    return numbers.get(name) ?? 0;
  };
}
