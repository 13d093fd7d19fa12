let lastBuffer: ArrayBufferLike | undefined;
let lastView: DataView = new DataView(new ArrayBuffer(0));

/**
 * A view on the whole buffer behind `bytes`: what lies at `i` in `bytes` lies at bytes.byteOffset + i in it. The last one is kept,
 * as Messages come in the same buffer again and again, and a view costs more than a Data Record's decoding.
 */
export function bufferView(bytes: Uint8Array): DataView {
  if (bytes.buffer !== lastBuffer) {
    lastBuffer = bytes.buffer;
    lastView = new DataView(lastBuffer);
  }
  return lastView;
}
