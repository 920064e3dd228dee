import { describe, expect, it } from 'vitest';
import { checkRecipes, stuckRecipes } from '../../src/checkers/recipe-checker.ts';
import type { Belief } from '../../src/client/recipes/log.ts';
import { type PieceName, RecipeStorm } from '../support/recipe-storm.ts';
import type { RecipeWorld } from '../support/recipe-world.ts';

const SEEDS = [1, 2, 3, 4, 5];
/** Storms in which the mistake shows; in most it does not. */
const UNFENCED = 4;
const BLIND = 2;

function findings({ events, committed }: RecipeWorld): string[] {
  return checkRecipes(events, committed).map(({ message }) => message);
}

function stuck({ events, committed }: RecipeWorld): string | null {
  return stuckRecipes(events, committed)?.message ?? null;
}

describe('a run without recipes', () => {
  it('breaks no promise of theirs', () => {
    expect(checkRecipes([], [])).toEqual([]);
    expect(stuckRecipes([], [])).toBeNull();
  });
});

describe('a recipe that is followed while clients and servers fail', () => {
  it.each<[PieceName, Belief]>([
    ['lock', 'released'],
    ['read/write lock', 'released'],
    ['leader election', 'released'],
    ['double barrier', 'left'],
    ['FIFO queue', 'taken'],
    ['priority queue', 'taken'],
    ['group', 'viewed'],
    ['naming', 'released'],
    ['configuration', 'viewed'],
    ['service discovery', 'viewed'],
  ])('keeps its promises: %s', (name, belief) => {
    const worlds = SEEDS.map((seed) => new RecipeStorm(name, seed).rage());
    expect(worlds.flatMap(findings)).toEqual([]);
    expect(worlds.map(stuck)).toEqual(SEEDS.map(() => null));
    for (const { events } of worlds) {
      expect(events.filter(({ what }) => what === belief).length).toBeGreaterThan(10);
      expect(new Set(events.map(({ session }) => session)).size).toBeGreaterThan(4);
    }
  });
});

describe('a lock that is not done right', () => {
  it('lets a holder who is overtaken spoil a resource that compares no tokens', () => {
    const world = new RecipeStorm('unfenced lock', UNFENCED).rage();
    expect(findings(world)).toEqual([
      expect.stringMatching(/^resource: client . writes at disk .* before that client . writes/),
    ]);
  });

  it('leaves a node behind that blocks everybody when a lost create is sent again blindly', () => {
    const world = new RecipeStorm('blind lock', BLIND).rage();
    expect(findings(world)).toEqual([expect.stringMatching(/has made \d+ nodes for \d+ times/)]);
    expect(stuck(world)).toMatch(/waits, .* its session has more nodes than it knows of$/);
  });
});
