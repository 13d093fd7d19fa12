/**
 * What test files, Vitest's `expect`, fast-check and the schema's library take for granted, and QuickJS has not. What is tested gets along
 * without: `runtimes.test.ts` of @weir/ipfix and the program itself run without any of it.
 */
class Silent {
  addEventListener(): void {}
  dispatchEvent(): void {}
}

/** Octets as tests look at them. */
class Octets extends Uint8Array {
  static override from(source: never, encoding?: unknown): Octets {
    if (encoding !== 'hex') return new Octets(typeof source === 'string' ? utf8(source) : source);
    return new Octets((String(source).match(/../g) ?? []).map(pair => Number.parseInt(pair, 16)));
  }

  static concat(parts: readonly Uint8Array[]): Octets {
    return new Octets(parts.flatMap(part => [...part]));
  }

  readUInt32BE(at: number): number {
    return new DataView(this.buffer, this.byteOffset).getUint32(at);
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((octet, i) => octet === other[i]);
  }

  override toString(encoding?: string): string {
    if (encoding === 'hex') return [...this].map(octet => octet.toString(16).padStart(2, '0')).join('');
    return decodeURIComponent([...this].map(octet => `%${octet.toString(16).padStart(2, '0')}`).join(''));
  }
}

function utf8(text: string): number[] {
  const escaped = encodeURIComponent(text).replace(/%(..)|(.)/g, (_, hex?: string, letter?: string) =>
    String.fromCharCode(letter === undefined ? Number.parseInt(hex!, 16) : letter.charCodeAt(0)),
  );
  return [...escaped].map(letter => letter.charCodeAt(0));
}

const own = {
  EventTarget: Silent,
  Event: Silent,
  Buffer: Octets,
  console: { log: () => {}, warn: () => {}, error: () => {} },
  queueMicrotask: (work: () => void) => Promise.resolve().then(work),
  setTimeout: () => 0,
  clearTimeout: () => {},
  process: { platform: 'quickjs', env: {}, versions: {} },
  TextEncoder: class {
    encode(text: string): Uint8Array {
      return Uint8Array.from(utf8(text));
    }
  },
  URL: class {
    constructor(readonly href: string) {}
  },
};
for (const [name, value] of Object.entries(own)) (globalThis as Record<string, unknown>)[name] ??= value;
