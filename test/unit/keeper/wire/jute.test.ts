import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionIdFromLong } from '../../../../src/keeper/session-id.ts';
import { JuteReader, JuteWriter, utf8Bytes } from '../../../../src/keeper/wire/jute.ts';
import { hex, toHex } from '../../../support/hex.ts';
import { text } from '../../../support/records.ts';

function written(byteCount: number, write: (output: JuteWriter) => void): string {
  const output = new JuteWriter(byteCount);
  write(output);
  expect(output.isFull).toBe(true);
  return toHex(output.bytes);
}

describe('a long', () => {
  it.each([
    [0, '0000000000000000'],
    [-1, 'ffffffffffffffff'],
    [0x100000003, '0000000100000003'],
    [-(2 ** 32), 'ffffffff00000000'],
    [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
    [Number.MIN_SAFE_INTEGER, 'ffe0000000000001'],
  ])('%d is %s', (value, digits) => {
    expect(written(8, (output) => output.long(value))).toBe(digits);
    expect(new JuteReader(hex(digits)).long('time')).toBe(value);
  });

  it.each(['0020000000000000', '7fffffffffffffff', '8000000000000000', 'ffe0000000000000'])(
    'of more than 53 bits, %s, is refused',
    (digits) => {
      expect(() => new JuteReader(hex(digits)).long('zxid')).toThrow(
        'zxid: more than 53 bits, at byte 0',
      );
    },
  );
});

describe('a session id', () => {
  it.each(['01000012653b0000', 'c800000000000001', 'ff001fffffffffff', '0000000000000000'])(
    '%s is the same after a way through 53 bits',
    (digits) => {
      const id = new JuteReader(hex(digits)).session('session');
      expect(id).toBe(sessionIdFromLong(BigInt(`0x${digits}`)));
      expect(written(8, (output) => output.session(id))).toBe(digits);
    },
  );

  it('that no server here gives out becomes one that may be unknown', () => {
    const id = new JuteReader(hex('01fff012653b0000')).session('session');
    expect(id).toBe(sessionIdFromLong(0x01fff012653b0000n));
  });
});

describe('a boolean', () => {
  it.each([
    ['00', false],
    ['01', true],
    ['80', true],
  ])('%s is %s', (digits, value) => {
    expect(new JuteReader(hex(digits)).boolean('watch')).toBe(value);
  });
});

describe('a text', () => {
  it.each([
    ['', '00000000'],
    ['/a', '000000022f61'],
    ['\u{0}', '0000000100'],
    ['\u{7f}\u{80}', '000000037fc280'],
    ['é', '00000002c3a9'],
    ['\u{7ff}\u{800}', '00000005dfbfe0a080'],
    ['\u{ffff}', '00000003efbfbf'],
    ['€', '00000003e282ac'],
    ['\u{1f600}', '00000006eda0bdedb880'],
    ['\u{d83d}', '00000003eda0bd'],
    ['\u{dc00}x', '00000004edb08078'],
    ['\u{feff}a', '00000004efbbbf61'],
  ])('%j is %s', (value, digits) => {
    const byteCount = 4 + utf8Bytes(value);
    expect(written(byteCount, (output) => output.text(value))).toBe(digits);
    expect(new JuteReader(hex(digits)).text('path')).toBe(value);
  });

  it('is the same after it was written and read, whatever its units are', () => {
    fc.assert(
      fc.property(text, (value) => {
        const output = new JuteWriter(4 + utf8Bytes(value));
        output.text(value);
        expect(output.isFull).toBe(true);
        expect(new JuteReader(output.bytes).text('id')).toBe(value);
      }),
    );
  });

  it('in the UTF-8 of everybody else is understood', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const bytes = new TextEncoder().encode(value);
        const output = new JuteWriter(4 + bytes.length);
        output.buffer(bytes);
        expect(new JuteReader(output.bytes).text('id')).toBe(value);
      }),
    );
  });

  it.each([
    ['a lonely continuation', '61 80 62', 'a\u{fffd}b'],
    ['a group that ends too early', '61 e2 82', 'a\u{fffd}\u{fffd}'],
    ['a longer form than needed', 'c0 af', '\u{fffd}\u{fffd}'],
    ['a longer form of three bytes', 'e0 80 af', '\u{fffd}\u{fffd}\u{fffd}'],
    ['a longer form of four bytes', 'f0 8f bf bf', '\u{fffd}'.repeat(4)],
    ['a byte that is in no text', 'ff', '\u{fffd}'],
    ['more than there are characters', 'f4 90 80 80', '\u{fffd}'.repeat(4)],
  ])('with %s has replacements for it', (_, digits, value) => {
    const bytes = hex(digits);
    const output = new JuteWriter(4 + bytes.length);
    output.buffer(bytes);
    expect(new JuteReader(output.bytes).text('path')).toBe(value);
  });

  it('is never confused with what follows it', () => {
    const input = new JuteReader(hex('00000001 e2 82ac'));
    expect(input.text('path')).toBe('\u{fffd}');
    expect(input.left).toBe(2);
  });
});

describe('a buffer', () => {
  it.each([
    [null, 'ffffffff'],
    [new Uint8Array(0), '00000000'],
    [new Uint8Array([1, 2]), '000000020102'],
  ])('%o is %s', (value, digits) => {
    expect(written(digits.length / 2, (output) => output.buffer(value))).toBe(digits);
    expect(new JuteReader(hex(digits)).buffer('data')).toEqual(value);
  });

  it('does not change with the frame that it was read from', () => {
    const frame = hex('00000001 07');
    const buffer = new JuteReader(frame).buffer('data');
    frame.fill(0);
    expect(buffer).toEqual(new Uint8Array([7]));
  });
});

describe('a reader of corrupt bytes', () => {
  it.each([
    ['fffffffe', 'data: a length of -2, at byte 0'],
    ['7fffffff 00', 'data: 2147483647 bytes announced, 1 left, at byte 0'],
    ['00000003 0102', 'data: 3 bytes announced, 2 left, at byte 0'],
    ['0000', 'data: 4 bytes expected, 2 left, at byte 0'],
  ])('says of %s what is wrong', (digits, message) => {
    expect(() => new JuteReader(hex(digits)).buffer('data')).toThrow(message);
    expect(() => new JuteReader(hex(digits)).text('data')).toThrow(message);
    expect(() => new JuteReader(hex(digits)).nested('data')).toThrow(message);
  });

  it('says where in the frame it happened', () => {
    const input = new JuteReader(hex('00000001 2f 00000005 61'));
    input.text('path');
    expect(() => input.buffer('data')).toThrow('data: 5 bytes announced, 1 left, at byte 5');
  });

  it('does not let a nested record read past its own end', () => {
    const input = new JuteReader(hex('00000002 0001 00000001'));
    const nested = input.nested('data');
    expect(() => nested.int('err')).toThrow('err: 4 bytes expected, 2 left, at byte 4');
    expect(input.int('next')).toBe(1);
  });

  it('compares the elements of a vector with the bytes that are left', () => {
    expect(() => new JuteReader(hex('7fffffff 00000000')).count('acl', 12)).toThrow(
      'acl: 2147483647 elements announced, 4 bytes left, at byte 0',
    );
  });
});
