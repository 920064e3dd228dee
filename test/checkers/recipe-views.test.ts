import { describe, expect, it } from 'vitest';
import type { Zxid } from '../../src/zab/zxid.ts';
import { creation, deletion, ToldConfiguration, ToldRecipes, ToldRight } from './told-recipes.ts';

const GROUP = '/group';

describe('a group in the log', () => {
  function view(told: ToldRecipes, session: number, seen: Zxid, ...items: string[]): void {
    told.note(session, 'viewed', { recipe: 'group-membership', resource: GROUP, items, seen });
  }

  it('shows who is there, before and after each change', () => {
    const told = new ToldRecipes();
    view(told, 9, told.found(GROUP));
    view(told, 9, told.own(1, `${GROUP}/a`), 'a');
    view(told, 9, told.own(2, `${GROUP}/b`), 'a', 'b');
    view(told, 9, told.end(1), 'b');
    expect(told.messages).toEqual([]);
  });

  it.each([
    ['nobody who has gone', ['a', 'b']],
    ['nobody who is still to come', ['b', 'c']],
    ['not less than all', []],
  ])('shows %s', (_, items) => {
    const told = new ToldRecipes();
    told.found(GROUP);
    told.own(1, `${GROUP}/a`);
    told.own(2, `${GROUP}/b`);
    const seen = told.end(1);
    told.own(3, `${GROUP}/c`);
    view(told, 9, seen, ...items);
    expect(told.messages).toEqual([expect.stringContaining('and there were [b]')]);
  });

  it('shows a member that was replaced at once', () => {
    const told = new ToldRecipes();
    told.found(GROUP);
    told.own(1, `${GROUP}/a`);
    const seen = told.multi(2, deletion(`${GROUP}/a`), creation(`${GROUP}/a`, '', true));
    view(told, 9, seen, 'a');
    expect(told.messages).toEqual([]);
  });

  it('never goes back for one session, and may for another', () => {
    const told = new ToldRecipes();
    told.found(GROUP);
    const first = told.own(1, `${GROUP}/a`);
    const second = told.own(2, `${GROUP}/b`);
    view(told, 8, second, 'a', 'b');
    view(told, 9, first, 'a');
    expect(told.messages).toEqual([]);
    view(told, 8, first, 'a');
    expect(told.messages).toEqual([expect.stringContaining('and before that client 8 sees [a b]')]);
  });

  it('is joined with a node of one’s own', () => {
    const told = new ToldRecipes();
    told.found(GROUP);
    const token = told.own(1, `${GROUP}/a`);
    const join = { resource: GROUP, path: `${GROUP}/a`, token, item: 'a' };
    new ToldRight(told, 1, 'group-membership', join);
    expect(told.messages).toEqual([]);
    new ToldRight(told, 2, 'group-membership', join);
    expect(told.messages).toEqual([expect.stringContaining('has made no /group/a then')]);
  });
});

const SERVICE = '/service';

describe('a service in the log', () => {
  function view(told: ToldRecipes, seen: Zxid, ...items: string[]): void {
    told.note(9, 'viewed', { recipe: 'service-discovery', resource: SERVICE, items, seen });
  }

  it('shows the instances with their endpoints', () => {
    const told = new ToldRecipes();
    told.found(SERVICE);
    told.own(1, `${SERVICE}/a`, 'host:1');
    view(told, told.own(2, `${SERVICE}/b`, 'host:2'), 'a=host:1', 'b=host:2');
    expect(told.messages).toEqual([]);
  });

  it('shows no endpoint that was not registered', () => {
    const told = new ToldRecipes();
    told.found(SERVICE);
    view(told, told.own(1, `${SERVICE}/a`, 'host:1'), 'a=host:2');
    expect(told.messages).toEqual([expect.stringContaining('and a=host:2 was not registered')]);
  });

  it('shows no instance that is still to come', () => {
    const told = new ToldRecipes();
    const seen = told.found(SERVICE);
    told.own(1, `${SERVICE}/a`, 'host:1');
    view(told, seen, 'a=host:1');
    expect(told.messages).toEqual([expect.stringContaining('and there was no a')]);
  });

  it('may leave out what has gone before it was read, and show what came in its place', () => {
    const told = new ToldRecipes();
    told.found(SERVICE);
    told.own(1, `${SERVICE}/a`, 'host:1');
    const seen = told.own(2, `${SERVICE}/b`, 'host:2');
    told.end(1);
    told.end(2);
    const next = told.own(3, `${SERVICE}/b`, 'host:3');
    view(told, seen, 'b=host:3');
    view(told, next, 'b=host:3');
    expect(told.messages).toEqual([]);
  });

  it('does not leave out who stays', () => {
    const told = new ToldRecipes();
    told.found(SERVICE);
    view(told, told.own(1, `${SERVICE}/a`, 'host:1'));
    expect(told.messages).toEqual([expect.stringContaining('and a is left out')]);
  });

  it('does not leave out who was there when it was looked at again', () => {
    const told = new ToldRecipes();
    told.found(SERVICE);
    const seen = told.own(1, `${SERVICE}/a`, 'host:1');
    const next = told.own(2, `${SERVICE}/b`, 'host:2');
    told.end(1);
    view(told, seen);
    view(told, next, 'a=host:1', 'b=host:2');
    expect(told.messages).toEqual([expect.stringContaining('and a is left out')]);
  });

  it('has instances that say what they have registered', () => {
    const told = new ToldRecipes();
    told.found(SERVICE);
    const path = `${SERVICE}/a`;
    const token = told.own(1, path, 'host:1');
    const details = { resource: SERVICE, path, token, item: 'a=host:2' };
    new ToldRight(told, 1, 'service-discovery', details);
    expect(told.messages).toEqual([expect.stringContaining('and /service/a says host:1')]);
  });
});

describe('naming in the log', () => {
  function issue(told: ToldRecipes, session: number, number: number, claimed = number): Zxid {
    const path = `/ids/id-${String(number).padStart(10, '0')}`;
    const token = told.own(session, path);
    const item = String(claimed);
    told.note(session, 'issued', { recipe: 'naming', resource: '/ids', path, token, item });
    told.remove(session, path);
    return token;
  }

  it('gives ids that rise, some of which nobody hears of', () => {
    const told = new ToldRecipes();
    told.found('/ids');
    issue(told, 1, 0);
    told.own(2, '/ids/id-0000000001');
    issue(told, 1, 2);
    expect(told.messages).toEqual([]);
  });

  it('gives no id twice', () => {
    const told = new ToldRecipes();
    told.found('/ids');
    issue(told, 1, 0);
    issue(told, 2, 0);
    expect(told.messages).toEqual([expect.stringContaining('and client 1 draws 0')]);
  });

  it('gives no id that was not drawn', () => {
    const told = new ToldRecipes();
    told.found('/ids');
    issue(told, 1, 0, 1);
    expect(told.messages).toEqual([expect.stringContaining('has drawn no such number')]);
  });

  it('gives a name to who has made its node, and refuses it to others', () => {
    const told = new ToldRecipes();
    told.found('/names');
    const subject = { recipe: 'naming', resource: '/names', path: '/names/x', item: 'x' } as const;
    const token = told.own(1, '/names/x');
    new ToldRight(told, 1, 'naming', { ...subject, token });
    told.note(2, 'refused', subject);
    told.end(1);
    const next = told.own(2, '/names/x');
    new ToldRight(told, 2, 'naming', { ...subject, token: next });
    expect(told.messages).toEqual([]);
  });

  it('gives a name to one session', () => {
    const told = new ToldRecipes();
    told.found('/names');
    const subject = {
      resource: '/names',
      path: '/names/x',
      item: 'x',
      token: told.own(1, '/names/x'),
    };
    new ToldRight(told, 1, 'naming', subject);
    new ToldRight(told, 2, 'naming', subject);
    expect(told.messages).toEqual([expect.stringContaining('has made no /names/x then')]);
  });

  it('refuses no name that nobody else has ever had', () => {
    const told = new ToldRecipes();
    told.found('/names');
    told.own(1, '/names/x');
    told.note(1, 'refused', { recipe: 'naming', resource: '/names', path: '/names/x', item: 'x' });
    expect(told.messages).toEqual([expect.stringContaining('nobody else has ever had it')]);
  });
});

describe('a configuration in the log', () => {
  it('shows what was published, and may skip some of it', () => {
    const configuration = new ToldConfiguration();
    configuration.publish(1, 'g1', 'a', '1');
    configuration.publish(2, 'g2', 'b', '2');
    configuration.view(3, configuration.publish(1, 'g3', 'c', '3'), 'g3', 'c', '3');
    expect(configuration.told.messages).toEqual([]);
  });

  it('is empty before the first publication', () => {
    const told = new ToldRecipes();
    const seen = told.found('/conf');
    told.found('/conf/host');
    const view = { recipe: 'configuration', resource: '/conf', item: '', seen } as const;
    told.note(1, 'viewed', { ...view, items: [''] });
    expect(told.messages).toEqual([]);
    told.note(1, 'viewed', { ...view, items: ['a'] });
    expect(told.messages).toEqual([expect.stringContaining('and nothing was published then')]);
  });

  it('shows no mixture of two publications', () => {
    const configuration = new ToldConfiguration();
    configuration.publish(1, 'g1', 'a', '1');
    configuration.view(3, configuration.publish(1, 'g2', 'b', '2'), 'g2', 'a', '2');
    expect(configuration.told.messages).toEqual([expect.stringContaining('[b 2] was published')]);
  });

  it('never goes back for one session', () => {
    const configuration = new ToldConfiguration();
    const first = configuration.publish(1, 'g1', 'a', '1');
    configuration.view(3, configuration.publish(1, 'g2', 'b', '2'), 'g2', 'b', '2');
    configuration.view(3, first, 'g1', 'a', '1');
    expect(configuration.told.messages).toEqual([
      expect.stringContaining('client 3 sees g2 [b 2]'),
    ]);
  });

  it('is published once for each time that somebody asks', () => {
    const configuration = new ToldConfiguration();
    configuration.publish(1, 'g1', 'a', '1');
    configuration.set(1, 'g1', 'a', '1');
    expect(configuration.told.messages).toEqual([expect.stringContaining('for the second time')]);
  });

  it('is published as it was asked for', () => {
    const configuration = new ToldConfiguration();
    configuration.note(1, 'publishing', { item: 'g1', items: ['a', '1'] });
    configuration.set(1, 'g1', 'a', '2');
    expect(configuration.told.messages).toEqual([expect.stringContaining('and [a 2] as g1 was')]);
  });

  it('is published by nobody who has not done it', () => {
    const configuration = new ToldConfiguration();
    const token = configuration.publish(1, 'g1', 'a', '1');
    configuration.note(2, 'publishing', { item: 'g2', items: ['a', '1'] });
    configuration.note(2, 'published', { item: 'g2', items: ['a', '1'], token });
    expect(configuration.told.messages).toEqual([
      expect.stringContaining('has published nothing of that then'),
    ]);
  });
});
