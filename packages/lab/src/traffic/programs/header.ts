/** A transfer begins with how many octets follow from the client, and how many it wants back then: two 64-bit numbers. */
export const headerOctets = 16;

export function writeHeader(upload: number, download: number): Buffer {
  const header = Buffer.alloc(headerOctets);
  header.writeBigUInt64BE(BigInt(upload), 0);
  header.writeBigUInt64BE(BigInt(download), 8);
  return header;
}

export function readHeader(bytes: Buffer): { upload: number; download: number } {
  return { upload: Number(bytes.readBigUInt64BE(0)), download: Number(bytes.readBigUInt64BE(8)) };
}
