// Whatever the octets of a message are, it is parsed the same by the places of its attributes and one by one, or refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Observation, WORD_KIND, WORD_MARK } from '../metering/observation.js';
import { NetlinkWriter } from '../netlink/writer.js';
import { AnyAttribute } from './any-attribute.js';
import * as C from './constants.js';
import { encode, NOW, octetsOf, parse } from './testing/message.js';
import { Timeouts } from './timeouts.js';
import { setTimes } from './times.js';

/** As ConntrackParser, but takes no attribute by its place. */
function parseAnyhow(body: Uint8Array, end = body.length): Observation | undefined {
  const o = new Observation();
  if (end < 4) return undefined;
  o.words[WORD_KIND] = (body[0] === 10 ? 6 : 4) << 8;
  const any = new AnyAttribute();
  for (let at = 1; at < end >> 2; ) {
    at = any.take(octetsOf(body), at, end, o);
    if (at < 0) return undefined;
  }
  setTimes(o, any.stop, true, NOW, new Timeouts());
  return o.protocol !== 0 ? o : undefined;
}

describe('what is taken by its place is what is there', () => {
  const whole = (v6: boolean, padded: boolean) =>
    encode({
      v6,
      padded,
      counters: [
        [1, 2n],
        [3, 0xfedc_ba98_7654n],
      ],
      state: 7,
      timeout: 5,
      mark: 0x8000_0001,
    });

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('IPv6 %s, padded %s: whole, cut and with wrong octets', (v6, padded) => {
    const body = whole(v6, padded);
    expect(parse(body, true)?.words).toEqual(parseAnyhow(body)?.words);
    expect(parse(body, true)?.words[WORD_MARK]).toBe(0x8000_0001);
    const wrong = fc.array(fc.tuple(fc.nat(body.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(1, 2, 4, 8, 128))));
    fc.assert(
      fc.property(wrong, fc.nat(body.length), (changes, length) => {
        const hostile = body.slice();
        const end = changes.length % 2 === 0 ? length : body.length;
        for (const [at, octet] of changes.slice(0, 3)) hostile[at] = octet;
        expect(parse(hostile, true, end)?.words).toEqual(parseAnyhow(hostile, end)?.words);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile bytes', () => {
  test('every truncation is refused or parsed, none throws or reads past the end', () => {
    const whole = encode({
      counters: [
        [1, 1n],
        [1, 1n],
      ],
      start: NOW,
      state: 3,
      timeout: 5,
      mark: 1,
      labels: Array(16).fill(1),
      helper: 'sip',
      master: true,
    });
    for (let length = 0; length < whole.length; length++)
      expect(() => parse(whole.slice(0, length), true)).not.toThrow();
    expect(parse(whole.slice(0, 3), true)).toBeUndefined();
  });

  test('an address of the wrong length is refused', () => {
    const body = new NetlinkWriter()
      .begin(0x102, 0, 0, 2)
      .nested(C.CTA_TUPLE_ORIG, nest =>
        nest.nested(C.CTA_TUPLE_IP, ip => ip.attribute(C.CTA_IP_V4_SRC, new Uint8Array(40))).nested(2, p => p.u8(1, 6)),
      )
      .end()
      .bytes()
      .slice(16);
    expect(parse(body, true)).toBeUndefined();
  });
});
