/*
 * Protocol Buffers written plainly: numbers of variable length, and fields as octets with their number before them
 * (https://protobuf.dev/programming-guides/encoding).
 */

/** A number from 0 to 2^53 - 1 in seven bits an octet, the lowest first. */
export function varint(value: number): Buffer {
  const octets: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) octets.push((left % 128) | 0x80);
  return Buffer.from([...octets, left]);
}

export const varints = (values: readonly number[]): Buffer => Buffer.concat(values.map(varint));

/** A field that is a number. */
export const numberField = (id: number, value: number): Buffer => Buffer.concat([varint(id << 3), varint(value)]);

/** A field that is octets, a text, or a message of its own. */
export function octetsField(id: number, content: string | Uint8Array): Buffer {
  const octets = Buffer.from(content);
  return Buffer.concat([varint((id << 3) | 2), varint(octets.length), octets]);
}
