import { elementOf } from '../../wire/elements.js';
import { field, fieldName, type WireField, type WireTemplate } from '../../wire/template.js';
import type { WireValue } from '../../wire/value.js';
import type { RunMark } from '../observe/observer.js';
import { timeNameOf } from '../observe/observer.js';

/** What a Flow Record says, by element name; an array has a value for each time that the element is in the Template. */
export type Flow = Readonly<Record<string, WireValue | readonly WireValue[]>>;

/** What most cases send: what every collector shows. */
export const BASIC: readonly WireField[] = [
  field('sourceIPv4Address'),
  field('destinationIPv4Address'),
  field('sourceTransportPort'),
  field('destinationTransportPort'),
  field('protocolIdentifier'),
  field('packetDeltaCount'),
  field('octetDeltaCount'),
  field('flowStartMilliseconds'),
  field('flowEndMilliseconds'),
];

/** The Template of `BASIC`, with more fields behind it. */
export function template(id: number, ...more: readonly WireField[]): WireTemplate {
  return { id, fields: [...BASIC, ...more] };
}

/** Makes the Flows of one case: each has a source of its own, by which it is found again. */
export class FlowMaker {
  /** Milliseconds; whole seconds, because some collectors keep no more. */
  readonly #now = Math.floor(Date.now() / 1000) * 1000;

  constructor(
    private readonly mark: RunMark,
    /** Number of the case in its run, below 256. */
    private readonly number: number,
  ) {}

  /** Flow `n` of the case, below 65,536. */
  flow(n: number, more: Flow = {}): Flow {
    const start = this.#now - 60_000 + (n % 1000);
    return {
      sourceIPv4Address: `198.18.${this.number}.${(n >> 8) + 1}`,
      destinationIPv4Address: this.mark.destinationV4,
      sourceIPv6Address: `2001:db8:0:${this.number.toString(16)}::${(n + 1).toString(16)}`,
      destinationIPv6Address: this.mark.destinationV6,
      sourceTransportPort: 1024 + (n & 255),
      destinationTransportPort: 443,
      protocolIdentifier: 17,
      packetDeltaCount: 10 + n,
      octetDeltaCount: 100_000 + n,
      flowStartMilliseconds: start,
      flowEndMilliseconds: start + 30_000,
      ...more,
    };
  }
}

/** The values of a record of this Template, in its order. What the Flow does not have is zero or empty. */
export function valuesOf({ fields }: WireTemplate, flow: Flow): WireValue[] {
  const seen = new Map<string, number>();
  return fields.map(each => {
    const name = fieldName(each);
    const occurrence = seen.get(name) ?? 0;
    seen.set(name, occurrence + 1);
    const value = flow[name] ?? nothing(each);
    return Array.isArray(value) ? value[occurrence] : (value as WireValue);
  });
}

function nothing({ enterprise, id, length }: WireField): WireValue {
  const type = elementOf(enterprise, id)?.type ?? 'octetArray';
  return /^(un)?signed|^float|^dateTime/.test(type) ? 0 : Buffer.alloc(length === 65535 ? 0 : length);
}

/** What has to be seen of the Flow when it came in this Template: by element name, as text. */
export function expectationOf({ fields }: WireTemplate, flow: Flow): Record<string, string> {
  const expected: Record<string, string> = {};
  for (const name of fields.map(fieldName)) {
    const value = flow[name];
    if (value === undefined || value instanceof Uint8Array || Array.isArray(value)) continue;
    expected[timeNameOf(name) ?? name] = String(value);
  }
  return expected;
}
