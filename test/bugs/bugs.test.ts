import { describe, expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { generate } from '../../src/scenario/generate.ts';
import { reproductionLine } from '../../src/scenario/reproduction.ts';
import { run } from '../../src/scenario/run.ts';

/** Seeds that show each bug, and the property that they show broken. */
const SEEDS: Readonly<Record<string, { seed: number; property: string }>> = {
  'ack-before-sync': { seed: 3, property: 'acknowledged-is-durable' },
  'elect-by-id': { seed: 50, property: 'leader' },
  'epoch-not-advanced': { seed: 5, property: 'leadership' },
  'quorum-of-half': { seed: 15, property: 'committed-never-lost' },
  'skip-trunc': { seed: 41, property: 'channel-order' },
  'zookeeper-4646': { seed: 14, property: 'acknowledged-is-durable' },
};

describe.each(BUGS)('$id', ({ id, breaks }) => {
  const { seed, property } = SEEDS[id] ?? { seed: -1, property: '' };

  it(`is shown by seed ${seed}, which breaks ${property}`, () => {
    const { violations } = run(generate(seed, { bug: id }));
    expect(violations[0]?.property, reproductionLine(String(seed), { bug: id })).toBe(property);
    expect(breaks).toContain(property);
  });

  it('is what breaks it: the same seed passes without', () => {
    expect(run(generate(seed)).violations).toEqual([]);
  });
});
