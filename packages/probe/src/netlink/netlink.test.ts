import { describe, expect, test } from 'vitest';
import { AttributeCursor } from './attributes.js';
import { MessageCursor, NLMSG_ERROR } from './messages.js';
import { NetlinkWriter, NLM_F_REQUEST } from './writer.js';

function views(bytes: Uint8Array): { bytes: Uint8Array; halves: Uint16Array; words: Int32Array } {
  const copy = new Uint8Array((bytes.length + 3) & ~3);
  copy.set(bytes);
  return { bytes: copy, halves: new Uint16Array(copy.buffer), words: new Int32Array(copy.buffer) };
}

function attributes(bytes: Uint8Array, start: number, end: number): AttributeCursor {
  const { bytes: copy, halves } = views(bytes);
  const cursor = new AttributeCursor();
  cursor.reset(copy, halves, start, end);
  return cursor;
}

describe('what the writer writes, the cursors read', () => {
  const message = new NetlinkWriter()
    .begin(0x0102, NLM_F_REQUEST, 7, 10, 3)
    .u8(1, 0xab)
    .u16(2, 0x1234)
    .nested(3, nest => nest.u32(4, 0xdeadbeef).text(5, 'weir'))
    .end()
    .begin(0x0304, 0, 8, 2)
    .end()
    .bytes();

  test('both messages, their headers and their attributes', () => {
    const { bytes, halves, words } = views(message);
    const messages = new MessageCursor();
    messages.reset(halves, words, 0, message.length);
    expect(messages.next()).toBe(true);
    expect([messages.type, messages.flags, messages.sequence]).toEqual([0x0102, NLM_F_REQUEST, 7]);
    expect([...bytes.subarray(messages.start, messages.start + 4)]).toEqual([10, 0, 0, 3]);

    const cursor = new AttributeCursor();
    cursor.reset(bytes, halves, messages.start + 4, messages.end);
    expect([cursor.next(), cursor.type, cursor.u8()]).toEqual([true, 1, 0xab]);
    expect([cursor.next(), cursor.type, cursor.u16()]).toEqual([true, 2, 0x1234]);
    expect([cursor.next(), cursor.type]).toEqual([true, 3]);
    const nest = new AttributeCursor();
    nest.enter(cursor);
    expect([nest.next(), nest.type, nest.u32()]).toEqual([true, 4, 0xdeadbeef]);
    expect([nest.next(), nest.type, nest.text()]).toEqual([true, 5, 'weir']);
    expect([nest.next(), nest.failed, cursor.next()]).toEqual([false, false, false]);

    expect([messages.next(), messages.sequence, messages.next(), messages.failed]).toEqual([true, 8, false, false]);
  });
});

describe('hostile lengths', () => {
  /** The header of an attribute of type 1, in this machine's order, and what follows. */
  const attribute = (length: number, ...payload: number[]) =>
    Uint8Array.from([...new Uint8Array(Uint16Array.of(length, 1).buffer), ...payload]);

  test.each([
    ['longer than what is there', 20],
    ['shorter than its own header', 3],
    ['zero', 0],
  ])('an attribute %s ends the walk and is told', (_, length) => {
    const octets = attribute(length, 1, 2, 3, 4);
    const cursor = attributes(octets, 0, octets.length);
    expect([cursor.next(), cursor.failed, cursor.next()]).toEqual([false, true, false]);
  });

  test('a payload too short for its number gives 0 and is told', () => {
    const cursor = attributes(attribute(5, 9), 0, 5);
    expect([cursor.next(), cursor.u32(), cursor.failed]).toEqual([true, 0, true]);
  });

  test.each([8, 15, 64])('a message that claims %i octets of 20 ends the walk', claimed => {
    const bytes = new Uint8Array(20);
    const { halves, words } = views(bytes);
    words[0] = claimed;
    const cursor = new MessageCursor();
    cursor.reset(halves, words, 0, 20);
    expect([cursor.next(), cursor.failed]).toEqual([false, true]);
  });

  test('an error message carries its errno', () => {
    const { halves, words } = views(new Uint8Array(36));
    words.set([36, 0, 5, 0, -2]);
    halves[2] = NLMSG_ERROR;
    const cursor = new MessageCursor();
    cursor.reset(halves, words, 0, 36);
    expect([cursor.next(), cursor.type, cursor.errorNumber()]).toEqual([true, NLMSG_ERROR, 2]);
  });
});
