import { describe, expect, it } from 'vitest';
import { ReadWriteLock } from '../../../../src/client/recipes/read-write-lock.ts';
import { SECOND } from '../../../support/plans.ts';
import { type Begun, RecipeWorld } from '../../../support/recipe-world.ts';

const DIR = '/locks/rw';

function finished(begun: Begun<unknown>): boolean {
  return begun.outcome?.how === 'finished';
}

describe('a read-write lock', () => {
  it('has many readers at a time, and no writer beside them', () => {
    const world = new RecipeWorld(3);
    const lock = [1, 2, 3].map((client) => new ReadWriteLock(world.participant(client), DIR));
    const first = world.perform(1, () => lock[0]?.acquireRead() ?? never());
    const second = world.perform(2, () => lock[1]?.acquireRead() ?? never());
    const writer = world.begin(3, () => lock[2]?.acquireWrite() ?? never());
    world.pass(SECOND);
    expect(finished(writer)).toBe(false);
    world.perform(1, () => lock[0]?.release(first) ?? never());
    world.pass(SECOND);
    expect(finished(writer)).toBe(false);
    world.perform(2, () => lock[1]?.release(second) ?? never());
    world.until(() => finished(writer), 2);
  });

  it('makes a reader wait for the last writer before it, and all of them go with that', () => {
    const world = new RecipeWorld(4);
    const locks = [1, 2, 3, 4].map((client) => new ReadWriteLock(world.participant(client), DIR));
    const [a, b, c, d] = locks;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error();
    const first = world.perform(1, () => a.acquireWrite());
    const writer = world.begin(2, () => b.acquireWrite());
    world.pass(SECOND);
    const readers = [world.begin(3, () => c.acquireRead()), world.begin(4, () => d.acquireRead())];
    world.pass(SECOND);
    world.perform(1, () => a.release(first));
    world.until(() => finished(writer), 2);
    world.pass(SECOND);
    expect(readers.some(finished)).toBe(false);
    const { outcome } = writer;
    if (outcome?.how !== 'finished') throw new Error('the writer has not come');
    world.perform(2, () => b.release(outcome.result));
    world.until(() => readers.every(finished), 2);
    expect(world.story.filter((line) => line.endsWith('acquired read'))).toHaveLength(2);
  });
});

function never(): never {
  throw new Error('there is no such client');
}
