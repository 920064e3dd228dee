import { describe, expect, it } from 'vitest';
import { checkRecipes, stuckRecipes } from '../../src/checkers/recipe-checker.ts';
import type { Operation } from '../../src/client/history.ts';
import { Lock } from '../../src/client/recipes/lock.ts';
import type { Belief } from '../../src/client/recipes/log.ts';
import { standInBlindly } from '../../src/client/recipes/naive.ts';
import type { Participant } from '../../src/client/recipes/participant.ts';
import type { Steps } from '../../src/client/task.ts';
import { OP } from '../../src/keeper/codes.ts';
import { CREATE_MODE } from '../../src/keeper/requests.ts';
import { SECOND } from '../support/plans.ts';
import { type PieceName, RecipeStorm } from '../support/recipe-storm.ts';
import { RecipeWorld } from '../support/recipe-world.ts';

const SEEDS = [1, 2, 3, 4, 5];
/** In most storms a mistake does not show; in one of so many it does. */
const STORMS_MAX = 200;

function findings({ events, committed }: RecipeWorld): string[] {
  return checkRecipes(events, committed).map(({ message }) => message);
}

function stuck({ events, committed }: RecipeWorld): string | null {
  return stuckRecipes(events, committed)?.message ?? null;
}

/** The first storm in which a mistake shows. */
function showing(name: PieceName): RecipeWorld {
  for (let seed = 0; seed < STORMS_MAX; seed++) {
    const world = new RecipeStorm(name, seed).rage();
    if (findings(world).length > 0) return world;
  }
  throw new Error(`no storm shows the mistake of ${name}`);
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

/** Whether it asks for a place in the line of the lock. */
function isOfLine(operation: Operation | undefined): boolean {
  if (operation?.question.type !== OP.create2) return false;
  return operation.question.body.flags === CREATE_MODE.EPHEMERAL_SEQUENTIAL;
}

describe('a lock that is not done right', () => {
  it('lets a holder who is overtaken spoil a resource that compares no tokens', () => {
    const world = showing('unfenced lock');
    expect(findings(world)).toEqual([
      expect.stringMatching(/^resource: client . writes at disk .* before that client . writes/),
    ]);
  });

  it('leaves a node behind that blocks everybody when a lost create is sent again blindly', () => {
    const world = new RecipeWorld(2);
    const blindly = (who: Participant): Steps<unknown> => {
      return new Lock(who, '/lock', standInBlindly).acquire();
    };
    world.begin(1, blindly);
    world.until(() => isOfLine(world.history.operations.at(-1)));
    // Its place in line is on its way, and the answer will not be heard.
    world.silence(1);
    world.until(() => !world.participant(1).isConnected);
    world.heal(1);
    world.begin(2, blindly);
    world.pass(5 * SECOND);
    expect(findings(world)).toEqual([expect.stringMatching(/has made 2 nodes for 1 times/)]);
    expect(stuck(world)).toMatch(/waits, .* its session has more nodes than it knows of$/);
  });
});
