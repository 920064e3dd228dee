import { describe, expect, it } from 'vitest';
import { Naming } from '../../../../src/client/recipes/naming.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import { OP } from '../../../../src/keeper/codes.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

function naming(who: Participant): Naming {
  return new Naming(who, '/naming');
}

describe('ids', () => {
  it('are all different, and rise with their tokens', () => {
    const world = new RecipeWorld(3);
    const begun = [1, 2, 3].map((client) =>
      world.begin(client, function* (who) {
        for (let n = 0; n < 5; n++) yield* naming(who).uniqueId();
      }),
    );
    world.until(() => begun.every(({ outcome }) => outcome?.how === 'finished'));
    const issued = world.events
      .filter(({ what }) => what === 'issued')
      .sort((a, b) => (a.token ?? 0) - (b.token ?? 0))
      .map(({ item }) => Number(item));
    expect(issued).toHaveLength(15);
    expect(issued).toEqual([...new Set(issued)].sort((a, b) => a - b));
  });

  it('leave nothing behind', () => {
    const world = new RecipeWorld(1);
    world.perform(1, (who) => naming(who).uniqueId());
    const { children } = world.perform(1, ({ zk }) => zk.getChildren('/naming/ids'));
    expect(children).toEqual([]);
  });
});

describe('a name', () => {
  it('belongs to the first who asks, until it is given back', () => {
    const world = new RecipeWorld(2);
    const holding = world.perform(1, (who) => naming(who).register('db'));
    expect(world.perform(2, (who) => naming(who).register('db'))).toBeNull();
    if (holding === null) throw new Error('the first has not got it');
    world.perform(1, (who) => naming(who).unregister(holding));
    expect(world.perform(2, (who) => naming(who).register('db'))).not.toBeNull();
    expect(world.story).toEqual([
      '1 asked db',
      '1 acquired db',
      '2 asked db',
      '2 refused db',
      '1 releasing db',
      '1 released db',
      '2 asked db',
      '2 acquired db',
    ]);
  });

  it('belongs to who has got it without hearing so', () => {
    const world = new RecipeWorld(2);
    world.perform(2, (who) => naming(who).register('other'));
    const asked = world.begin(1, (who) => naming(who).register('db'));
    world.until(() => world.history.operations.at(-1)?.question.type === OP.create2);
    world.silence(1);
    world.until(() => !world.participant(1).isConnected);
    world.heal(1);
    world.until(() => asked.outcome?.how === 'finished');
    expect(world.story.slice(-2)).toEqual(['1 asked db', '1 acquired db']);
    expect(world.perform(2, (who) => naming(who).register('db'))).toBeNull();
  });
});
