import { describe, expect, it } from 'vitest';
import type { Zxid } from '../../src/zab/zxid.ts';
import {
  FIRST,
  LOCK,
  lockOf,
  RW,
  SECOND,
  ToldLine,
  ToldRecipes,
  ToldRight,
} from './told-recipes.ts';

describe('a lock in the log', () => {
  it('may go from one to the next when the node of the first has gone', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const first = told.own(1, FIRST);
    const right = lockOf(told, 1, FIRST, first, first);
    const second = told.own(2, SECOND);
    right.is('releasing');
    const end = told.remove(1, FIRST);
    right.is('released');
    lockOf(told, 2, SECOND, second, end);
    expect(told.messages).toEqual([]);
  });

  it('may go to the next when the session of the first has ended, who still believes in it', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const first = told.own(1, FIRST);
    lockOf(told, 1, FIRST, first, first);
    const second = told.own(2, SECOND);
    lockOf(told, 2, SECOND, second, told.end(1));
    expect(told.messages).toEqual([]);
  });

  it('does not belong to who has no node', () => {
    const told = new ToldRecipes();
    const zxid = told.found(LOCK);
    lockOf(told, 1, FIRST, zxid, zxid);
    expect(told.messages).toEqual([expect.stringContaining(`has made no ${FIRST} then`)]);
  });

  it('does not belong to who adopts the node of another session', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const first = told.own(1, FIRST);
    lockOf(told, 2, FIRST, first, first);
    expect(told.messages).toEqual([expect.stringContaining(`has made no ${FIRST} then`)]);
  });

  it('does not belong to who has lost its node by then', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const first = told.own(1, FIRST);
    lockOf(told, 1, FIRST, first, told.end(1));
    expect(told.messages).toEqual([expect.stringContaining('and its own node was')]);
  });

  it('does not belong to the second in line', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    told.own(1, FIRST);
    const second = told.own(2, SECOND);
    lockOf(told, 2, SECOND, second, second);
    expect(told.messages).toEqual([expect.stringContaining(`and before ${SECOND} came ${FIRST}`)]);
  });

  it('does not belong to one who comes later with a lower number, while another holds it', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const second = told.own(2, SECOND);
    lockOf(told, 2, SECOND, second, second);
    const first = told.own(1, FIRST);
    lockOf(told, 1, FIRST, first, first);
    expect(told.messages).toEqual([expect.stringContaining('the node of another stood until the')]);
  });

  it('goes in the order of the tokens', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const first = told.own(1, FIRST);
    const second = told.own(2, SECOND);
    const third = told.own(3, `${LOCK}/c-lock-0000000002`);
    const [end, last] = [told.remove(1, FIRST), told.remove(2, SECOND)];
    lockOf(told, 3, `${LOCK}/c-lock-0000000002`, third, last);
    lockOf(told, 2, SECOND, second, end);
    lockOf(told, 1, FIRST, first, third);
    expect(told.messages).toEqual([]);
  });

  it('does not go to an earlier token that a number has brought to the front', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    const high = told.own(1, `${LOCK}/a-lock-0000000007`);
    const low = told.own(2, `${LOCK}/b-lock-0000000003`);
    lockOf(told, 2, `${LOCK}/b-lock-0000000003`, low, low);
    const end = told.remove(2, `${LOCK}/b-lock-0000000003`);
    lockOf(told, 1, `${LOCK}/a-lock-0000000007`, high, end);
    expect(told.messages).toEqual([expect.stringContaining('and before that client 2 acquires')]);
  });

  it('is asked for with one node each time', () => {
    const told = new ToldRecipes();
    told.found(LOCK);
    for (const path of [FIRST, SECOND]) {
      told.note(1, 'asked', { recipe: 'lock', resource: LOCK, item: 'lock' });
      const token = told.own(1, path);
      const right = lockOf(told, 1, path, token, token).is('releasing');
      told.remove(1, path);
      right.is('released');
    }
    expect(told.messages).toEqual([]);
    told.own(1, `${LOCK}/c-lock-0000000002`);
    expect(told.messages).toEqual([expect.stringContaining('has made 3 nodes for 2 times')]);
  });
});

const ELECTION = '/election';

describe('an election in the log', () => {
  function elected(address: string): ToldRecipes {
    const told = new ToldRecipes();
    told.found(ELECTION);
    const [path, item] = [`${ELECTION}/a-n-0000000000`, 'first'];
    const token = told.own(1, path, item);
    const seen = told.own(2, `${ELECTION}/b-n-0000000001`, 'second');
    const recipe = 'leader-election';
    told.note(3, 'viewed', { recipe, resource: ELECTION, path, token, seen, item: address });
    return told;
  }

  it('shows the first in line, with its address', () => {
    expect(elected('first').messages).toEqual([]);
  });

  it('shows no other address', () => {
    expect(elected('second').messages).toEqual([expect.stringContaining('0000000000 says first')]);
  });

  it('shows nobody who stands behind another', () => {
    const told = new ToldRecipes();
    told.found(ELECTION);
    told.own(1, `${ELECTION}/a-n-0000000000`, 'first');
    const [path, item] = [`${ELECTION}/b-n-0000000001`, 'second'];
    const token = told.own(2, path, item);
    const recipe = 'leader-election';
    told.note(3, 'viewed', { recipe, resource: ELECTION, path, token, seen: token, item });
    expect(told.messages).toEqual([expect.stringContaining('and before it came')]);
  });
});

describe('a read/write lock in the log', () => {
  it('is shared by readers', () => {
    const line = new ToldLine('read', 'read', 'write');
    line.grant(1, 'read');
    line.grant(2, 'read');
    expect(line.told.messages).toEqual([]);
  });

  it('goes to a writer when all readers have gone, and to readers when the writer has', () => {
    const line = new ToldLine('read', 'read', 'write', 'read');
    line.grant(1, 'read');
    line.grant(2, 'read');
    line.told.end(2);
    line.grant(3, 'write', line.told.end(1));
    line.grant(4, 'read', line.told.end(3));
    expect(line.told.messages).toEqual([]);
  });

  it('is not shared with a writer', () => {
    const line = new ToldLine('read', 'write');
    line.grant(1, 'read');
    line.grant(2, 'write');
    expect(line.told.messages).toEqual([
      expect.stringContaining('x-write-0000000001 came /rw/x-r'),
    ]);
  });

  it('is not given to a reader who comes after a writer that waits', () => {
    const line = new ToldLine('read', 'write', 'read');
    line.grant(1, 'read');
    line.grant(3, 'read');
    expect(line.told.messages).toEqual([expect.stringContaining('x-read-0000000002 came /rw/x-w')]);
  });

  it('is not written under while a reader of a higher number has it', () => {
    const told = new ToldRecipes();
    told.found(RW);
    const grant = (session: number, path: string, item: string): void => {
      const token = told.own(session, path);
      const details = { resource: RW, path, token, seen: token, item };
      new ToldRight(told, session, 'read-write-lock', details);
    };
    grant(1, `${RW}/a-read-0000000005`, 'read');
    grant(2, `${RW}/b-write-0000000004`, 'write');
    expect(told.messages).toEqual([expect.stringContaining('the node of another stood until the')]);
  });
});

describe('a resource in the log', () => {
  function written(...entries: readonly (readonly ['wrote' | 'refused', number])[]): ToldRecipes {
    const told = new ToldRecipes();
    told.found(LOCK);
    const tokens: Zxid[] = [];
    for (const session of [1, 2]) {
      const [path, before] = [session === 1 ? FIRST : SECOND, session - 1];
      const token = told.own(session, path);
      lockOf(told, session, path, token, before === 0 ? token : told.end(before));
      tokens.push(token);
    }
    for (const [what, session] of entries) {
      const token = tokens[session - 1];
      if (token === undefined) throw new Error('there are two');
      told.note(session, what, { recipe: 'resource', resource: 'disk', token });
    }
    return told;
  }

  it('takes tokens that rise, and refuses one that is lower', () => {
    expect(written(['wrote', 1], ['wrote', 1], ['wrote', 2], ['refused', 1]).messages).toEqual([]);
  });

  it('takes no token below one that it has taken', () => {
    const { messages } = written(['wrote', 2], ['wrote', 1]);
    expect(messages).toEqual([expect.stringContaining('and before that client 2 writes')]);
  });

  it('refuses nobody who was not overtaken', () => {
    const { messages } = written(['wrote', 1], ['refused', 2]);
    expect(messages).toEqual([expect.stringContaining('and nothing higher had come')]);
  });
});

describe('a right in the log', () => {
  function held(): { told: ToldRecipes; right: ToldRight; use: () => void } {
    const told = new ToldRecipes();
    told.found(LOCK);
    const token = told.own(1, FIRST);
    const right = lockOf(told, 1, FIRST, token, token);
    const use = () => told.note(1, 'wrote', { recipe: 'resource', resource: 'disk', token });
    return { told, right, use };
  }

  it('is used again when the connection is back', () => {
    const { told, right, use } = held();
    use();
    right.is('suspended', 'resumed');
    use();
    expect(told.messages).toEqual([]);
  });

  it('is not used without a connection', () => {
    const { told, right, use } = held();
    right.is('suspended');
    use();
    expect(told.messages).toEqual([expect.stringContaining('and the right is suspended')]);
  });

  it('is not used by who puts it down', () => {
    const { told, right, use } = held();
    right.is('releasing');
    use();
    expect(told.messages).toEqual([expect.stringContaining('and the right is releasing')]);
  });

  it('is not used by who has lost it', () => {
    const { told, right, use } = held();
    right.is('suspended', 'lost');
    use();
    expect(told.messages).toEqual([expect.stringContaining('before that client 1 loses lock')]);
  });

  it('is not used by another', () => {
    const { told } = held();
    const token = told.own(2, SECOND);
    told.note(2, 'wrote', { recipe: 'resource', resource: 'disk', token });
    expect(told.messages).toEqual([expect.stringContaining('and the right is not its own')]);
  });

  it('is granted once', () => {
    const { told, right } = held();
    right.is('acquired');
    expect(told.messages).toContainEqual(expect.stringContaining('and the right is held by then'));
  });

  it('does not come back when it was put down', () => {
    const { told, right } = held();
    right.is('releasing', 'resumed');
    expect(told.messages).toEqual([expect.stringContaining('and the right is releasing by then')]);
  });

  it('is released when its node has gone, and not before', () => {
    const { told, right } = held();
    right.is('releasing', 'released');
    expect(told.messages).toEqual([expect.stringContaining('and its node still stands')]);
    told.remove(1, FIRST);
    expect(told.messages).toEqual([]);
  });

  it('is not asked for by a session that is over', () => {
    const { told, right } = held();
    right.is('lost');
    told.note(1, 'asked', { recipe: 'lock', resource: '/other', item: 'lock' });
    expect(told.messages).toEqual([expect.stringContaining('asks for lock at /other, and before')]);
  });
});
