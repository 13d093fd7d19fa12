/** How a topology is shown: fully, only faintly, or not. */
export type Layering = 'on' | 'dim' | 'off';
const STRENGTHS: Readonly<Record<Layering, number>> = { on: 1, dim: 0.3, off: 0 };

/** "olsr,batman.dim,babel.off": topologies that are not named are on. Names may hold anything but commas once they are escaped. */
export function parseLayers(text: string): ReadonlyMap<string, Layering> {
  const layers = new Map<string, Layering>();
  for (const part of text.split(',')) {
    const parts = /^(.+)\.(dim|off)$/.exec(part);
    const name = parts && decoded(parts[1]!);
    if (name) layers.set(name, parts![2] as Layering);
  }
  return layers;
}

/** The same as text; empty where all are on. */
export function printLayers(layers: ReadonlyMap<string, Layering>): string {
  const escaped = (name: string): string => encodeURIComponent(name).replace(/\./g, '%2E');
  return [...layers]
    .filter(([, how]) => how !== 'on')
    .map(([name, how]) => `${escaped(name)}.${how}`)
    .join(',');
}

export function strengthsOf(names: readonly string[], layers: ReadonlyMap<string, Layering>): Map<string, number> {
  return new Map(names.map(name => [name, STRENGTHS[layers.get(name) ?? 'on']]));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
