/** The title of one of several cases: printf's letters and $names filled in, as Vitest does. */
export function titleOf(title: string, values: readonly unknown[], index: number): string {
  let next = 0;
  const filled = title.replace(/%([sidfjo#%])/g, (_, letter: string) => {
    if (letter === '#') return String(index);
    return letter === '%' ? '%' : short(values[next++]);
  });
  const [first] = values;
  return filled.replace(/\$(\w+)/g, (whole, name: string) =>
    typeof first === 'object' && first !== null && name in first
      ? short((first as Record<string, unknown>)[name])
      : whole,
  );
}

function short(value: unknown): string {
  return typeof value === 'object' ? (JSON.stringify(value) ?? '').slice(0, 80) : String(value);
}
