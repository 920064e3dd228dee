import { describe, expect, it } from 'vitest';
import { Slowdown } from '../../../src/world/slowdown.ts';

describe('a slowdown', () => {
  it('is none without a cause', () => {
    expect(new Slowdown().factor).toBe(1);
  });

  it('is the worst of its causes, as long as each of them lasts', () => {
    const slowdown = new Slowdown();
    const factors: number[] = [];
    slowdown.add(10);
    slowdown.add(200);
    slowdown.add(200);
    factors.push(slowdown.factor);
    slowdown.remove(200);
    factors.push(slowdown.factor);
    slowdown.remove(200);
    factors.push(slowdown.factor);
    slowdown.remove(10);
    factors.push(slowdown.factor);
    expect(factors).toEqual([200, 200, 10, 1]);
  });
});
