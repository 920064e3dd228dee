import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRate, formatTime, parseRate, parseTime } from '../../../src/scenario/units.ts';

describe('a time', () => {
  it.each([
    ['0s', 0],
    ['-0s', 0],
    ['1us', 1],
    ['250ms', 250_000],
    ['1.5s', 1_500_000],
    ['0.001ms', 1],
    ['2m', 120_000_000],
    ['1.5m', 90_000_000],
    ['24h', 86_400_000_000],
    ['-3s', -3_000_000],
    ['1 s', 1_000_000],
    ['007s', 7_000_000],
    ['0.1s', 100_000],
    ['1.000001s', 1_000_001],
    ['4.35ms', 4350],
  ])('%s is %i microseconds', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  it.each([
    '',
    '5',
    's',
    '.5s',
    '5.s',
    '1e3s',
    '+5s',
    '5S',
    '5 sec',
    '5  s',
    ' 5s',
    '5s ',
    '1,5s',
    '0x5s',
    '1m30s',
    '5%',
    'NaNs',
    'Infinitys',
    '٥s',
  ])('is not %o', (text) => {
    expect(parseTime(text)).toBeNull();
  });

  it.each(['0.5us', '0.0001ms', '1.0000001s', '0.9999999999h'])(
    'is whole in microseconds: not %s',
    (text) => {
      expect(parseTime(text)).toBeNull();
    },
  );

  it('is written in the largest unit that leaves a whole number', () => {
    expect(formatTime(0)).toBe('0s');
    expect(formatTime(86_400_000_000)).toBe('24h');
    expect(formatTime(90_000_000)).toBe('90s');
    expect(formatTime(1_500_000)).toBe('1500ms');
    expect(formatTime(1_500_001)).toBe('1500001us');
    expect(formatTime(-2000)).toBe('-2ms');
  });

  it('is read as it was written', () => {
    const property = fc.property(fc.integer({ min: -86_400_000_000, max: 86_400_000_000 }), (n) => {
      expect(parseTime(formatTime(n))).toBe(n);
      expect(parseTime(`${n / 1000}ms`)).toBe(n);
    });
    fc.assert(property, { numRuns: 1000, seed: 1 });
  });
});

describe('a rate', () => {
  it.each([
    ['0%', 0],
    ['5%', 50_000],
    ['100%', 1_000_000],
    ['0.1%', 1000],
    ['0.0001%', 1],
    ['12.3456%', 123_456],
    ['-50%', -500_000],
    ['33 %', 330_000],
  ])('%s is %i parts per million', (text, ppm) => {
    expect(parseRate(text)).toBe(ppm);
  });

  it.each(['', '5', '%', '5ppm', '0.5', '.5%', '5%%', '1e1%', '0.00001%'])('is not %o', (text) => {
    expect(parseRate(text)).toBeNull();
  });

  it('is read as it was written', () => {
    const property = fc.property(fc.integer({ min: -1_000_000, max: 1_000_000_000 }), (ppm) => {
      expect(parseRate(formatRate(ppm))).toBe(ppm);
    });
    fc.assert(property, { numRuns: 1000, seed: 2 });
  });
});
