import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32Bytes, crc32Text, crc32Word } from '../../../src/kernel/crc32.ts';

/** Bit by bit, as the polynomial says. */
function plainCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const KNOWN: readonly [string, number][] = [
  ['', 0],
  ['a', 0xe8b7be43],
  ['abc', 0x352441c2],
  ['123456789', 0xcbf43926],
  ['message digest', 0x20159d7f],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
];

describe('a CRC-32', () => {
  it.each(KNOWN)('of %j is the known one', (text, crc) => {
    expect(crc32Bytes(0, utf8(text)) >>> 0).toBe(crc);
    expect(crc32Text(0, text) >>> 0).toBe(crc);
  });

  it('of 32 zero bytes, and of 32 with all bits set, is the known one', () => {
    expect(crc32Bytes(0, new Uint8Array(32)) >>> 0).toBe(0x190a55ad);
    expect(crc32Bytes(0, new Uint8Array(32).fill(0xff)) >>> 0).toBe(0xff6cab0b);
  });

  it('of any bytes is that of the plain definition', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(crc32Bytes(0, bytes) >>> 0).toBe(plainCrc32(bytes));
    });
    fc.assert(property, { numRuns: 300, seed: 8 });
  });

  it('can be continued at any place', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, place) => {
      const first = crc32Bytes(0, bytes.subarray(0, place));
      expect(crc32Bytes(first, bytes.subarray(place))).toBe(crc32Bytes(0, bytes));
    });
    fc.assert(property, { numRuns: 200, seed: 9 });
  });

  it('of a text is that of its UTF-8 bytes', () => {
    // Any UTF-16 units: some texts are plain ASCII to the end, some have halves of surrogate pairs.
    const unit = fc.oneof(fc.nat(0x7f), fc.nat(0xffff));
    const texts = fc.array(unit).map((units) => String.fromCharCode(...units));
    const property = fc.property(texts, fc.integer(), (text, before) => {
      expect(crc32Text(before, text)).toBe(crc32Bytes(before, utf8(text)));
    });
    fc.assert(property, { numRuns: 300, seed: 10 });
  });

  it.each(['\u007f', '\u0080', 'a\u07ff', 'ab\u0800', '\u{1f600}'])(
    'of %j is that of its bytes too',
    (text) => {
      expect(crc32Text(0, text)).toBe(crc32Bytes(0, utf8(text)));
    },
  );

  it('of a word is that of its four bytes, the most significant first', () => {
    const property = fc.property(fc.integer(), fc.integer(), (word, before) => {
      const bytes = Uint8Array.of(word >>> 24, word >>> 16, word >>> 8, word);
      expect(crc32Word(before, word)).toBe(crc32Bytes(before, bytes));
    });
    fc.assert(property, { numRuns: 300, seed: 11 });
  });
});
