import { describe, expect, it } from 'vitest';
import { FifoQueue } from '../../../../src/client/recipes/fifo-queue.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import { PriorityQueue } from '../../../../src/client/recipes/priority-queue.ts';
import type { Steps } from '../../../../src/client/task.ts';
import { OP } from '../../../../src/keeper/codes.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

const DIR = '/queue';

function fifo(who: Participant): FifoQueue {
  return new FifoQueue(who, DIR);
}

function* offerMany(who: Participant, items: readonly string[]): Steps<void> {
  yield* fifo(who).open();
  for (const item of items) yield* fifo(who).offer(item);
}

function* takeMany(who: Participant, count: number): Steps<string[]> {
  yield* fifo(who).open();
  const items: string[] = [];
  for (let n = 0; n < count; n++) items.push((yield* fifo(who).take()).item);
  return items;
}

/** The tokens of what was offered or taken, by item. */
function tokens(world: RecipeWorld, what: 'offered' | 'taken'): Map<string, number> {
  const some = world.events.filter((event) => event.what === what);
  return new Map(some.map(({ item = '', token = 0 }) => [item, token]));
}

describe('a FIFO queue', () => {
  it('gives each item once, in the order in which they came', () => {
    const world = new RecipeWorld(4);
    const items = (client: number) => Array.from({ length: 8 }, (_, n) => `${client}-${n}`);
    const takers = [3, 4].map((client) => world.begin(client, (who) => takeMany(who, 8)));
    for (const client of [1, 2]) world.begin(client, (who) => offerMany(who, items(client)));
    world.until(() => takers.every(({ outcome }) => outcome?.how === 'finished'));
    const [offered, taken] = [tokens(world, 'offered'), tokens(world, 'taken')];
    expect(taken.size).toBe(16);
    const byToken = (map: Map<string, number>) =>
      [...map].sort((a, b) => a[1] - b[1]).map(([item]) => item);
    expect(byToken(taken)).toEqual(byToken(offered));
  });

  it('waits for an item where there is none', () => {
    const world = new RecipeWorld(2);
    const taker = world.begin(1, (who) => takeMany(who, 1));
    world.pass(1_000_000);
    expect(taker.outcome).toBeNull();
    world.perform(2, (who) => offerMany(who, ['late']));
    world.until(() => taker.outcome !== null, 2);
    expect(taker.outcome).toEqual({ how: 'finished', result: ['late'] });
  });

  it('takes an item in once although the answer is lost', () => {
    const world = new RecipeWorld(2);
    world.perform(1, (who) => fifo(who).open());
    const offer = world.begin(1, (who) => fifo(who).offer('only'));
    loseAnswer(world, 1);
    world.until(() => offer.outcome?.how === 'finished');
    expect(world.perform(2, (who) => takeMany(who, 1))).toEqual(['only']);
    const { children } = world.perform(2, ({ zk }) => zk.getChildren(`${DIR}/items`));
    expect(children).toEqual([]);
    expect(world.story.filter((line) => line === '1 offered only')).toHaveLength(1);
  });

  it('gives an item to who took it although the answer is lost', () => {
    const world = new RecipeWorld(2);
    world.perform(1, (who) => offerMany(who, ['first', 'second']));
    const taking = world.begin(2, (who) => takeMany(who, 1));
    world.until(() => world.history.operations.at(-1)?.question.type === OP.multi);
    loseAnswer(world, 2);
    world.until(() => taking.outcome !== null);
    expect(taking.outcome).toEqual({ how: 'finished', result: ['first'] });
    expect(world.perform(1, (who) => takeMany(who, 1))).toEqual(['second']);
  });
});

/** The answer to what the client has just asked for does not arrive. */
function loseAnswer(world: RecipeWorld, client: number): void {
  world.silence(client);
  world.until(() => !world.participant(client).isConnected);
  world.heal(client);
}

describe('a priority queue', () => {
  it('gives the most urgent item first, and the oldest of those', () => {
    const world = new RecipeWorld(1);
    const taken = world.perform(1, function* (who) {
      const queue = new PriorityQueue(who, DIR);
      yield* queue.open();
      const offers = [
        ['c', 20],
        ['a', 3],
        ['d', 20],
        ['b', 3],
      ] as const;
      for (const [item, priority] of offers) yield* queue.offer(item, priority);
      const items: string[] = [];
      for (const _ of offers) items.push((yield* queue.take()).item);
      return items;
    });
    expect(taken).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is looked at anew by who hears that something has come', () => {
    const world = new RecipeWorld(2);
    const queue = (who: Participant) => new PriorityQueue(who, DIR);
    world.perform(1, (who) => queue(who).open());
    world.perform(1, (who) => queue(who).offer('later', 50));
    const taking = world.begin(2, (who) => queue(who).take());
    // It has listed the queue and asks for what it has found there.
    world.until(() => world.history.operations.at(-1)?.question.type === OP.getData);
    world.mute(2);
    world.perform(1, (who) => queue(who).offer('urgent', 0));
    world.pass(50_000);
    world.heal(2);
    world.until(() => taking.outcome !== null);
    expect(taking.outcome).toMatchObject({ result: { item: 'urgent' } });
  });
});
