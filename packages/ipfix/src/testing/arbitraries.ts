import fc from 'fast-check';
import { DATA_TYPES, LIST_SEMANTICS } from '../elements/generated/elements.js';
import { ElementRegistry, elements } from '../elements/registry.js';
import { type DataType, isDateTime, isInteger, isList, naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { namedFields } from '../template/names.js';
import type { FieldSpecifier, Template } from '../template/template.js';

/** An enterprise with one element of every data type, as IANA's have not all of them. */
export const PEN = 4_294_967_294;

/** IANA's elements, and one of every data type: testUnsigned8, testFloat32 ... */
export const registry = new ElementRegistry(function* () {
  for (const [id, type] of DATA_TYPES.entries()) {
    yield { id: id + 1, enterprise: PEN, name: `test${type[0]!.toUpperCase()}${type.slice(1)}`, type };
  }
}, elements);

const IANA = Array.from({ length: 535 }, (_, id) => elements.byId(0, id)).filter(element => element !== undefined);

function typeOf({ enterprise, id }: FieldSpecifier): DataType {
  return registry.byId(enterprise, id)!.type;
}

/** A length that the type may have on the wire: its own, a reduced size (RFC 7011 section 6.2), or variable. */
function lengths(type: DataType): fc.Arbitrary<number> {
  const natural = naturalLength(type);
  if (isList(type)) return fc.constant(VARIABLE_LENGTH);
  if (natural === VARIABLE_LENGTH) return fc.oneof(fc.constant(VARIABLE_LENGTH), fc.integer({ min: 1, max: 40 }));
  if (isInteger(type))
    return fc.oneof(fc.constant(natural), fc.integer({ min: 1, max: natural }), fc.constant(VARIABLE_LENGTH));
  return type === 'float64' ? fc.constantFrom(4, 8) : fc.constant(natural);
}

const field: fc.Arbitrary<FieldSpecifier> = fc
  .oneof(
    fc.constantFrom(...IANA.map(({ id }) => ({ id, enterprise: 0 }))),
    fc.constantFrom(...DATA_TYPES.map((_, index) => ({ id: index + 1, enterprise: PEN }))),
    // Not in any registry: an octetArray.
    fc.constant({ id: 77, enterprise: PEN }),
  )
  .chain(element => {
    const type = registry.byId(element.enterprise, element.id)?.type ?? 'octetArray';
    return lengths(type).map(length => ({ ...element, length }));
  });

/** The Templates of a session: some, of 1 to 10 fields each, Options Templates among them. */
export const templates: fc.Arbitrary<Template[]> = fc
  .array(fc.record({ fields: fc.array(field, { minLength: 1, maxLength: 10 }), scope: fc.nat(3) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map(all =>
    all.map(({ fields, scope }, i) => ({ id: 256 + i, scopeFieldCount: Math.min(scope, fields.length), fields })),
  );

function integers(type: DataType, length: number): fc.Arbitrary<number | string> {
  const bits = BigInt(8 * length);
  const signed = type.startsWith('signed');
  const min = signed ? -(1n << (bits - 1n)) : 0n;
  const max = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const all = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max));
  return all.map(value => (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()));
}

const hexOctet = fc.nat(255).map(octet => octet.toString(16).padStart(2, '0'));

/** Seconds and a fraction of some digits, as RFC 3339 text. */
function times(first: number, last: number, digits: number): fc.Arbitrary<string> {
  return fc.tuple(fc.integer({ min: first, max: last }), fc.nat(10 ** digits - 1)).map(([seconds, fraction]) => {
    const behind = digits === 0 ? '' : `.${String(fraction).padStart(digits, '0')}`;
    return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${behind}Z`;
  });
}

const dateTimes: Partial<Record<DataType, fc.Arbitrary<string>>> = {
  dateTimeSeconds: times(0, 2 ** 32 - 1, 0),
  dateTimeMilliseconds: fc.oneof(
    times(0, 253_402_300_799, 3),
    fc.bigInt({ min: 253_402_300_800_000n, max: 2n ** 64n - 1n }).map(String),
  ),
  dateTimeMicroseconds: times(2 ** 31 - 2_208_988_800, 2 ** 31 + 2 ** 32 - 2_208_988_801, 6),
  dateTimeNanoseconds: times(2 ** 31 - 2_208_988_800, 2 ** 31 + 2 ** 32 - 2_208_988_801, 9),
};

/** JSON has no infinity and one NaN, so that null stands for them; -0 is 0 in JSON. */
const floats = (arbitrary: fc.Arbitrary<number>) => fc.oneof(arbitrary, fc.constant(null));

/** Text that fits, without the NULs at its end that would be padding, and without lone surrogates, which UTF-8 has not. */
function strings(length: number): fc.Arbitrary<string> {
  const maximum = length === VARIABLE_LENGTH ? 300 : length;
  const text = fc.string({ unit: 'binary', maxLength: Math.min(maximum, 300) });
  return text.map(each => cut(each, maximum).replace(/\0+$/, ''));
}

function cut(text: string, octets: number): string {
  let end = text.length;
  while (Buffer.byteLength(text.slice(0, end)) > octets || /[\ud800-\udbff]$/.test(text.slice(0, end))) end--;
  return text.slice(0, end);
}

function octets(length: number): fc.Arbitrary<string> {
  const bounds = length === VARIABLE_LENGTH ? { maxLength: 300 } : { minLength: length, maxLength: length };
  return fc.array(hexOctet, bounds).map(all => all.join(''));
}

/** A value of a type that is no list, as decodeValue gives it. */
export function scalars(type: DataType, length: number): fc.Arbitrary<unknown> {
  if (isInteger(type)) return integers(type, length === VARIABLE_LENGTH ? naturalLength(type) : length);
  if (isDateTime(type)) return dateTimes[type]!;
  switch (type) {
    case 'float32':
      return floats(fc.float({ noNaN: true, noDefaultInfinity: true }));
    case 'float64':
      return floats(
        length === 4
          ? fc.float({ noNaN: true, noDefaultInfinity: true })
          : fc.double({ noNaN: true, noDefaultInfinity: true }),
      );
    case 'boolean':
      return fc.oneof(fc.boolean(), fc.constantFrom(0, 3, 255));
    case 'macAddress':
      return fc.array(hexOctet, { minLength: 6, maxLength: 6 }).map(all => all.join(':'));
    case 'ipv4Address':
      return fc.ipV4();
    case 'ipv6Address':
      return fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }).map(canonicalIPv6);
    case 'string':
      return strings(length);
    default:
      return octets(length);
  }
}

/** The URL parser writes addresses as RFC 5952 wants, but for IPv4-mapped ones, which it writes in hex. */
function canonicalIPv6(groups: readonly number[]): string {
  const address = groups.map(group => group.toString(16)).join(':');
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  if (!groups.slice(0, 5).every(group => group === 0) || groups[5] !== 0xffff) return text;
  const octet = (index: number) => [groups[index]! >> 8, groups[index]! & 255];
  return `::ffff:${[...octet(6), ...octet(7)].join('.')}`;
}

const semantics = fc.oneof(fc.constantFrom(...Object.values(LIST_SEMANTICS)), fc.integer({ min: 5, max: 254 }));

type Lists = readonly Template[];

/** A value of any type; `depth` is how deep lists may still be nested. */
function values(type: DataType, length: number, known: Lists, depth: number): fc.Arbitrary<unknown> {
  if (type === 'basicList') return basicLists(known, depth);
  if (!isList(type)) return scalars(type, length);
  const group = fc.constantFrom(...known).chain(template =>
    fc.record({
      templateId: fc.constant(template.id),
      records: depth > 0 ? fc.array(flatRecords(template, known, depth - 1), { maxLength: 2 }) : fc.constant([]),
    }),
  );
  if (type === 'subTemplateMultiList')
    return fc.record({ semantic: semantics, list: fc.array(group, { maxLength: 2 }) });
  return fc
    .tuple(semantics, group)
    .map(([semantic, { templateId, records }]) => ({ semantic, templateId, list: records }));
}

function basicLists(known: Lists, depth: number): fc.Arbitrary<unknown> {
  return field
    .filter(each => depth > 0 || !isList(typeNameOf(each)))
    .chain(each => {
      const element = registry.byId(each.enterprise, each.id);
      const type = typeNameOf(each);
      return fc.record({
        semantic: semantics,
        element: fc.constant(element?.name ?? `${each.enterprise}:${each.id}`),
        ...(each.length === naturalLength(type) ? {} : { length: fc.constant(each.length) }),
        list: fc.array(values(type, each.length, known, depth - 1), { maxLength: 3 }),
      });
    });
}

function typeNameOf(each: FieldSpecifier): DataType {
  return registry.byId(each.enterprise, each.id) === undefined ? 'octetArray' : typeOf(each);
}

/** A record of a Template as the records of lists are: scope and the rest in one object. */
function flatRecords(template: Template, known: Lists, depth: number): fc.Arbitrary<Record<string, unknown>> {
  return records({ ...template, scopeFieldCount: 0 }, known, depth).map(each => each.record);
}

/** A Data Record of a Template, as decodeRecords gives it. Its lists hold records of the Templates `known`. */
export function records(
  template: Template,
  known: Lists,
  depth = 2,
): fc.Arbitrary<{ record: Record<string, unknown>; scope?: Record<string, unknown> }> {
  const fields = namedFields(template, registry);
  return fc.tuple(...fields.map(({ type, length }) => values(type, length, known, depth))).map(all => {
    const record: Record<string, unknown> = {};
    const scope: Record<string, unknown> = {};
    for (const [i, { name, padding, repeated, scope: scoped }] of fields.entries()) {
      const target = scoped ? scope : record;
      if (padding) continue;
      if (repeated) target[name] = [...((target[name] as unknown[]) ?? []), all[i]];
      else target[name] = all[i];
    }
    return template.scopeFieldCount > 0 ? { record, scope } : { record };
  });
}
