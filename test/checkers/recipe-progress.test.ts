import { describe, expect, it } from 'vitest';
import {
  FIRST,
  LOCK,
  lockOf,
  QN0,
  RW,
  SECOND,
  ToldConfiguration,
  ToldLine,
  ToldQueue,
  ToldRecipes,
} from './told-recipes.ts';

const ROUND = '/round';
const GROUP = '/group';

describe('who waits for a lock', () => {
  function ask(told: ToldRecipes, session: number): void {
    told.note(session, 'asked', { recipe: 'lock', resource: LOCK, item: 'lock' });
  }

  /** Client 1 has the lock, client 2 has asked for it. */
  function waiting() {
    const told = new ToldRecipes();
    told.found(LOCK);
    ask(told, 1);
    const token = told.own(1, FIRST);
    const right = lockOf(told, 1, FIRST, token, token);
    ask(told, 2);
    told.own(2, SECOND);
    return { told, right };
  }

  it('does not wait in vain as long as somebody has it', () => {
    expect(waiting().told.stuck).toBeNull();
  });

  it('waits in vain when it is the first in line', () => {
    const { told, right } = waiting();
    right.is('releasing');
    told.remove(1, FIRST);
    right.is('released');
    expect(told.stuck).toMatch(/client 2 asks for lock .* whose turn it is$/);
  });

  it('waits in vain behind a node that its session does not know of', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    ask(told, 1);
    told.own(1, FIRST);
    told.own(1, SECOND);
    expect(told.stuck).toMatch(/session 0x1, .* and its session has more nodes than it knows of$/);
    told.end(1);
    expect(told.stuck).toBeNull();
  });

  it('waits in vain when nobody stands in line', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    ask(told, 1);
    expect(told.stuck).toMatch(/and waits, and nobody has it$/);
  });

  it('waits in vain behind one that has crashed, as long as its session lives', () => {
    const { told, right } = waiting();
    right.is('lost');
    expect(told.stuck).toMatch(
      /client 2 asks for lock .* of session 0x1, .* which its client has lost$/,
    );
    const end = told.end(1);
    lockOf(told, 2, SECOND, end, end);
    expect(told.stuck).toBeNull();
  });

  it('does not wait any more when its session is over', () => {
    const { told } = waiting();
    told.end(1);
    told.end(2);
    expect(told.stuck).toBeNull();
  });
});

describe('who waits for a read/write lock', () => {
  function ask(line: ToldLine, session: number, item: string): void {
    line.told.note(session, 'asked', { recipe: 'read-write-lock', resource: RW, item });
  }

  it('waits in vain beside readers if it wants to read', () => {
    const line = new ToldLine('read', 'read', 'write');
    ask(line, 2, 'read');
    line.grant(1, 'read');
    expect(line.told.stuck).toContain('x-read-0000000001');
  });

  it('does not wait in vain behind a writer', () => {
    const line = new ToldLine('write', 'read');
    ask(line, 2, 'read');
    line.grant(1, 'write');
    expect(line.told.stuck).toBeNull();
  });

  it('does not wait in vain behind a reader if it wants to write', () => {
    const line = new ToldLine('read', 'write', 'read');
    ask(line, 2, 'write');
    ask(line, 3, 'read');
    line.grant(1, 'read');
    expect(line.told.stuck).toBeNull();
  });
});

describe('who waits elsewhere', () => {
  it('waits in vain for what lies in a queue', () => {
    const queue = new ToldQueue('fifo-queue');
    queue.note(2, 'taking', {});
    expect(queue.told.stuck).toBeNull();
    queue.offer(1, 'a', QN0);
    expect(queue.told.stuck).toContain(`and there is /queue/items/${QN0}`);
    queue.told.end(2);
    expect(queue.told.stuck).toBeNull();
  });

  function barrier(told: ToldRecipes, session: number, what: 'entering' | 'leaving'): void {
    const item = `p${session}`;
    told.note(session, what, { recipe: 'double-barrier', resource: ROUND, item, size: 2 });
  }

  it('waits in vain before a barrier where enough have come', () => {
    const told = new ToldRecipes();
    told.found(ROUND);
    barrier(told, 1, 'entering');
    told.own(1, `${ROUND}/p1`);
    expect(told.stuck).toBeNull();
    told.own(2, `${ROUND}/p2`);
    expect(told.stuck).toContain('and 2 of 2 are there');
  });

  it('waits in vain before a barrier that is open', () => {
    const told = new ToldRecipes();
    told.found(ROUND, `${ROUND}/ready`);
    barrier(told, 1, 'entering');
    told.own(1, `${ROUND}/p1`);
    expect(told.stuck).toContain('and 1 of 2 are there');
  });

  it('waits in vain behind a barrier where all come to their end', () => {
    const told = new ToldRecipes();
    told.found(ROUND);
    const seen = [1, 2].map((session) => told.own(session, `${ROUND}/p${session}`)).at(-1);
    for (const session of [1, 2]) {
      barrier(told, session, 'entering');
      const item = `p${session}`;
      const entered = { resource: ROUND, item, size: 2, ...(seen === undefined ? {} : { seen }) };
      told.note(session, 'entered', { recipe: 'double-barrier', ...entered });
    }
    barrier(told, 1, 'leaving');
    expect(told.stuck).toBeNull();
    barrier(told, 2, 'leaving');
    expect(told.stuck).toContain('and nobody is there who has not come to its end');
  });

  it('waits in vain for the last change of a group', () => {
    const told = new ToldRecipes();
    const view = { recipe: 'group-membership', resource: GROUP } as const;
    told.note(9, 'viewed', { ...view, items: [], seen: told.found(GROUP) });
    expect(told.stuck).toBeNull();
    const seen = told.own(1, `${GROUP}/a`);
    expect(told.stuck).toContain('client 9 sees [] at /group');
    told.note(9, 'viewed', { ...view, items: ['a'], seen });
    expect(told.stuck).toBeNull();
    told.end(1);
    expect(told.stuck).toContain('client 9 sees [a] at /group');
  });

  it('waits in vain for the last publication of a configuration', () => {
    const configuration = new ToldConfiguration();
    configuration.view(3, configuration.publish(1, 'g1', 'a', '1'), 'g1', 'a', '1');
    expect(configuration.told.stuck).toBeNull();
    configuration.publish(1, 'g2', 'b', '2');
    expect(configuration.told.stuck).toContain('client 3 sees g1 [a 1] at /conf');
    configuration.told.end(3);
    expect(configuration.told.stuck).toBeNull();
  });
});
