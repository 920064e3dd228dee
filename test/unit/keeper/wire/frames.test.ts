import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_MAX_BYTES, FrameReader, frame } from '../../../../src/keeper/wire/frames.ts';
import { WireError } from '../../../../src/keeper/wire/jute.ts';
import { hex } from '../../../support/hex.ts';

function framesIn(reader: FrameReader): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let next = reader.next(); next !== null; next = reader.next()) frames.push(next);
  return frames;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('a frame', () => {
  it('has its length before it', () => {
    expect(frame(hex('0a0b0c'))).toEqual(hex('00000003 0a0b0c'));
    expect(frame(hex(''))).toEqual(hex('00000000'));
  });
});

describe('a reader of frames', () => {
  it('finds the same frames however the bytes are cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 800, size: 'max' }), { maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(bodies, cuts, (sent, lengths) => {
        const stream = joined(sent.map(frame));
        const reader = new FrameReader();
        const received: Uint8Array[] = [];
        let start = 0;
        for (let turn = 0; start < stream.length; turn++) {
          const length = (lengths[turn % lengths.length] as number) + 1;
          reader.push(stream.subarray(start, start + length));
          received.push(...framesIn(reader));
          start += length;
        }
        expect(received.map((body) => [...body])).toEqual(sent.map((body) => [...body]));
      }),
    );
  });

  it('waits for the rest of the length and of the body', () => {
    const reader = new FrameReader();
    reader.push(hex('000000'));
    expect(reader.next()).toBeNull();
    reader.push(hex('02 0a'));
    expect(reader.next()).toBeNull();
    reader.push(hex('0b 00'));
    expect(reader.next()).toEqual(hex('0a0b'));
    expect(reader.next()).toBeNull();
  });

  it('accepts the longest frame, and refuses one that is longer by a byte', () => {
    const reader = new FrameReader();
    reader.push(frame(new Uint8Array(FRAME_MAX_BYTES)));
    expect(reader.next()).toHaveLength(0xfffff);
    reader.push(hex('00100000'));
    expect(() => reader.next()).toThrow(WireError);
    expect(() => reader.next()).toThrow('a frame of 1048576 bytes, where 1048575 are allowed');
  });

  it('gives out what came before a frame that is refused', () => {
    const reader = new FrameReader();
    reader.push(hex('00000001 0a ffffffff'));
    expect(reader.next()).toEqual(hex('0a'));
    expect(() => reader.next()).toThrow('a frame of -1 bytes');
  });

  it('has the limit that it is given', () => {
    const reader = new FrameReader(2);
    reader.push(hex('00000002 0a0b 00000003'));
    expect(reader.next()).toEqual(hex('0a0b'));
    expect(() => reader.next()).toThrow('a frame of 3 bytes, where 2 are allowed');
  });

  it('keeps a frame as it was when the chunk is used again', () => {
    const reader = new FrameReader();
    const chunk = frame(hex('0a'));
    reader.push(chunk);
    chunk.fill(0);
    const first = reader.next();
    reader.push(frame(hex('0b')));
    expect(first).toEqual(hex('0a'));
  });
});
