/** Octets up to a NUL as text: UTF-8, or one character an octet where they are not that. Every ECMAScript engine has it. */
export function utf8(bytes: Uint8Array, start: number, length: number): string {
  let raw = '';
  let escaped = '';
  for (let i = start; i < start + length && bytes[i] !== 0; i++) {
    raw += String.fromCharCode(bytes[i]);
    escaped += `%${(bytes[i] < 16 ? '0' : '') + bytes[i].toString(16)}`;
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return raw;
  }
}
