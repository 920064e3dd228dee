import { describe, expect, it } from 'vitest';
import type { RecipeDetails } from '../../src/client/recipes/log.ts';
import { QN0, QN1, ToldQueue, ToldRecipes } from './told-recipes.ts';

const ROUND = '/round';

describe('a double barrier in the log', () => {
  function note(
    told: ToldRecipes,
    session: number,
    what: 'entering' | 'entered' | 'leaving' | 'left',
    more: Partial<RecipeDetails> = {},
  ): void {
    const item = `p${session}`;
    const path = `${ROUND}/${item}`;
    const subject = { recipe: 'double-barrier', resource: ROUND, item, path, size: 2 } as const;
    told.note(session, what, { ...subject, ...more });
  }

  /** Two are there, and the second opens the barrier. */
  function opened() {
    const told = new ToldRecipes();
    told.found(ROUND);
    const first = told.own(1, `${ROUND}/p1`);
    const second = told.own(2, `${ROUND}/p2`);
    note(told, 2, 'entered', { token: second, seen: second });
    const ready = told.found(`${ROUND}/ready`);
    return { told, first, second, ready };
  }

  it('lets all in when enough are there', () => {
    const { told, first, ready } = opened();
    note(told, 1, 'entered', { token: first, seen: ready });
    expect(told.messages).toEqual([]);
  });

  it('lets in who was told when others have died again', () => {
    const told = new ToldRecipes();
    told.found(ROUND);
    const first = told.own(1, `${ROUND}/p1`);
    told.own(2, `${ROUND}/p2`);
    told.end(2);
    note(told, 1, 'entered', { token: first, seen: told.found(`${ROUND}/ready`) });
    expect(told.messages).toEqual([]);
  });

  it('lets nobody in who has seen too few', () => {
    const told = new ToldRecipes();
    told.found(ROUND);
    const first = told.own(1, `${ROUND}/p1`);
    note(told, 1, 'entered', { token: first, seen: first });
    told.own(2, `${ROUND}/p2`);
    expect(told.messages).toEqual([expect.stringContaining('and 1 of 2 were there')]);
  });

  it('does not count the node that says that it is open', () => {
    const told = new ToldRecipes();
    told.found(ROUND);
    const first = told.own(1, `${ROUND}/p1`);
    note(told, 1, 'entered', { token: first, seen: told.found(`${ROUND}/ready`) });
    expect(told.messages).toEqual([expect.stringContaining('and 1 of 2 were there')]);
  });

  it('lets nobody in who has no node', () => {
    const { told, second, ready } = opened();
    note(told, 1, 'entered', { token: second, seen: ready });
    expect(told.messages).toEqual([expect.stringContaining('has made no /round/p1 then')]);
  });

  it('lets out who has seen that all others have gone or died', () => {
    const { told, first, second, ready } = opened();
    note(told, 1, 'entered', { token: first, seen: ready });
    note(told, 2, 'leaving', { token: second });
    told.remove(2, `${ROUND}/p2`);
    note(told, 2, 'left', { token: second, seen: told.end(1) });
    expect(told.messages).toEqual([]);
  });

  it('lets nobody out while another stands there', () => {
    const { told, second } = opened();
    note(told, 2, 'leaving', { token: second });
    note(told, 2, 'left', { token: second, seen: told.remove(2, `${ROUND}/p2`) });
    expect(told.messages).toEqual([expect.stringContaining('and there was /round/p1')]);
  });

  it('lets nobody out who leaves its node behind', () => {
    const { told, second } = opened();
    note(told, 2, 'left', { token: second, seen: told.end(1) });
    expect(told.messages).toEqual([expect.stringContaining('and its node still stands')]);
  });
});

describe('a FIFO queue in the log', () => {
  it('gives each item once, in the order in which they came', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    const seen = queue.offer(1, 'b', QN1);
    queue.take(2, 'a', QN0, seen);
    queue.take(2, 'b', QN1, seen);
    expect(queue.told.messages).toEqual([]);
  });

  it('keeps what nobody has taken', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    expect(queue.told.messages).toEqual([]);
  });

  it('has nothing in it that nobody has offered', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.put(1, 'b', QN1);
    expect(queue.told.messages).toEqual([expect.stringContaining('b was offered less often')]);
  });

  it('has nothing in it twice that was offered once', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.put(1, 'a', QN1);
    expect(queue.told.messages).toEqual([expect.stringContaining('a was offered less often')]);
  });

  it('has the same in it twice if it was offered twice', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.offer(1, 'a', QN1);
    expect(queue.told.messages).toEqual([]);
  });

  it('has had in it what was offered', () => {
    const queue = new ToldQueue('fifo-queue');
    const token = queue.offer(1, 'a', QN0);
    queue.note(1, 'offering', { item: 'b' });
    queue.note(1, 'offered', { item: 'b', token });
    expect(queue.told.messages).toEqual([expect.stringContaining('has put in no such item')]);
  });

  it('gives an item to one', () => {
    const queue = new ToldQueue('fifo-queue');
    const seen = queue.offer(1, 'a', QN0);
    const token = queue.claim(2, QN0);
    const taken = { item: 'a', path: `/queue/items/${QN0}`, token, seen };
    queue.note(2, 'taken', taken);
    expect(queue.told.messages).toEqual([]);
    queue.note(2, 'taken', taken);
    expect(queue.told.messages).toEqual([expect.stringContaining('before that client 2 takes a')]);
  });

  it('gives an item to nobody but who has removed it', () => {
    const queue = new ToldQueue('fifo-queue');
    const seen = queue.offer(1, 'a', QN0);
    const token = queue.claim(2, QN0);
    queue.note(3, 'taken', { item: 'a', path: `/queue/items/${QN0}`, token, seen });
    expect(queue.told.messages).toEqual([expect.stringContaining('has removed no such /queue')]);
  });

  it('loses an item with the session that has claimed it, and not otherwise', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.claim(2, QN0);
    expect(queue.told.messages).toEqual([]);
    queue.told.end(2);
    expect(queue.told.messages).toEqual([]);
  });

  it('loses no item whose claim is put away', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.claim(2, QN0);
    queue.told.remove(2, `/queue/claims/${QN0}`);
    expect(queue.told.messages).toEqual([expect.stringContaining('a is lost')]);
  });

  it('loses no item that is removed without a claim', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.told.remove(2, `/queue/items/${QN0}`);
    expect(queue.told.messages).toEqual([expect.stringContaining('and nobody has claimed it')]);
  });

  it('gives nothing before what has come before it', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    const seen = queue.offer(1, 'b', QN1);
    queue.take(2, 'b', QN1, seen);
    expect(queue.told.messages).toEqual([
      expect.stringContaining(`before it came /queue/items/${QN0}`),
    ]);
  });

  it('gives nothing before what has come before it, to one who did not hear of it either', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.offer(1, 'a', QN0);
    queue.offer(1, 'b', QN1);
    queue.claim(2, QN1);
    expect(queue.told.messages).toEqual([
      expect.stringContaining(`before it came /queue/items/${QN0}`),
    ]);
  });
});

describe('a priority queue in the log', () => {
  const [URGENT, LATER, LATE] = [
    'queue-00-0000000001',
    'queue-50-0000000000',
    'queue-50-0000000002',
  ];

  it('gives the most urgent first, and the oldest of those', () => {
    const queue = new ToldQueue('priority-queue');
    queue.offer(1, 'later', LATER);
    queue.offer(1, 'urgent', URGENT);
    const seen = queue.offer(1, 'late', LATE);
    queue.take(2, 'urgent', URGENT, seen);
    queue.take(2, 'later', LATER, seen);
    queue.take(2, 'late', LATE, seen);
    expect(queue.told.messages).toEqual([]);
  });

  it('may give what is less urgent to one who has looked before the other came', () => {
    const queue = new ToldQueue('priority-queue');
    const seen = queue.offer(1, 'later', LATER);
    queue.offer(1, 'urgent', URGENT);
    queue.take(2, 'later', LATER, seen);
    expect(queue.told.messages).toEqual([]);
  });

  it('does not give what is less urgent than another in the same listing', () => {
    const queue = new ToldQueue('priority-queue');
    queue.offer(1, 'later', LATER);
    const seen = queue.offer(1, 'urgent', URGENT);
    queue.take(2, 'later', LATER, seen);
    expect(queue.told.messages).toEqual([expect.stringContaining(`/queue/items/${URGENT}, which`)]);
  });

  it('does not give a younger one of the same priority first', () => {
    const queue = new ToldQueue('priority-queue');
    queue.offer(1, 'later', LATER);
    const seen = queue.offer(1, 'late', LATE);
    queue.take(2, 'late', LATE, seen);
    expect(queue.told.messages).toEqual([expect.stringContaining(`/queue/items/${LATER}, which`)]);
  });
});
