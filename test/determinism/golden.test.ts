import { describe, expect, it } from 'vitest';
import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';

describe('golden', () => {
  it('runs', () => {
    expect(run(generate(42)).verdict).toBe('pass');
  });
});
