import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../../src/client/recipes/configuration.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import { OP } from '../../../../src/keeper/codes.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

function configuration(who: Participant): Configuration {
  return new Configuration(who, '/config', ['host', 'port', 'user']);
}

describe('a configuration', () => {
  it('is seen whole, each time, and in the end as it is', () => {
    const world = new RecipeWorld(3);
    let seen: readonly string[] = [];
    world.perform(1, (who) => configuration(who).open());
    for (const client of [1, 2]) {
      world.begin(client, (who) =>
        configuration(who).watch((values) => {
          seen = values;
        }),
      );
    }
    const publishers = [2, 3].map((client) =>
      world.begin(client, function* (who) {
        for (let n = 0; n < 10; n++) {
          const value = `${client}-${n}`;
          yield* configuration(who).publish([value, value, value]);
        }
      }),
    );
    world.until(() => publishers.every(({ outcome }) => outcome?.how === 'finished'));
    world.pass(1_000_000);
    const published = world.events
      .filter(({ what }) => what === 'published')
      .sort((a, b) => (a.token ?? 0) - (b.token ?? 0));
    expect(published).toHaveLength(20);
    expect(seen).toEqual(published.at(-1)?.items);
    const views = world.events.filter(({ what }) => what === 'viewed');
    for (const { items = [] } of views) expect(new Set(items).size).toBe(1);
    const byToken = new Map(published.map(({ token, items }) => [token, items]));
    for (const { seen: zxid, items } of views.slice(2)) {
      expect(items).toEqual(byToken.get(zxid));
    }
  });

  it('is published although the answer is lost, and the publisher finds out', () => {
    const world = new RecipeWorld(1);
    world.perform(1, (who) => configuration(who).open());
    const publishing = world.begin(1, (who) => configuration(who).publish(['a', 'b', 'c']));
    world.until(() => world.history.operations.at(-1)?.question.type === OP.multi);
    world.silence(1);
    world.until(() => !world.participant(1).isConnected);
    world.heal(1);
    world.until(() => publishing.outcome?.how === 'finished');
    const { stat } = world.perform(1, ({ zk }) => zk.getData('/config'));
    expect(publishing.outcome).toEqual({ how: 'finished', result: stat.mzxid });
    expect(stat.version).toBe(1);
  });
});
