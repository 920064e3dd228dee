import { type Scenario, scenario, type WrittenScenario } from '../../scenario/scenario.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import type { Demo } from '../demo.ts';
import type { Stage, Story } from '../stage.ts';

/** Client 2 comes when client 1 has the lock; its fourth transaction gives it to client 1. */
function contended(name: string, more: Partial<WrittenScenario>): Scenario {
  return scenario({
    name,
    why: 'A lock alone does not keep a holder that stood still from what the lock protects.',
    expect: 'pass',
    servers: 3,
    clients: 2,
    duration: '40s',
    healAt: '35s',
    workload: { recipe: 'lock', thinkMin: '800ms', thinkMax: '1200ms', sessionTimeout: '9s' },
    faults: [
      { kind: 'clientCut', clients: [2], servers: [1, 2, 3], when: { at: '0s' }, for: '5s' },
      {
        kind: 'pauseClient',
        client: 1,
        when: { on: 'committed', role: 'leader', nth: 4, delay: '100ms' },
        for: '16s',
      },
    ],
    ...more,
  });
}

export const lock: Demo = {
  name: 'lock',
  title: 'Two clients believe to hold a lock',
  about:
    'Two clients take turns at a lock: ephemeral, numbered nodes below /recipe/lock, of which the ' +
    'lowest has the lock. Whoever has it writes to a storage outside of ZooKeeper. Client 1 will ' +
    'stand still while it has the lock.',
  acts: () => [
    { title: 'With a fencing token', scenario: contended('lock', {}), tell: tellOfFencing },
    {
      title: 'Without',
      scenario: contended('lock-without-fencing', {
        workload: {
          recipe: 'unfenced-lock',
          thinkMin: '800ms',
          thinkMax: '1200ms',
          sessionTimeout: '9s',
        },
        bug: 'lock-without-fencing',
        expect: { violates: 'recipes' },
      }),
      tell: tellOfDamage,
    },
  ],
};

function* tellOfFencing(stage: Stage): Story {
  yield* stage.until('client 1 to have the lock', () => stage.client(1).token !== null);
  stage.tell(
    'Client 1 has the lock',
    `Its node is the lowest, made by the transaction ${formatZxid(tokenOf(stage, 1))}. That number`,
    'is its token: whoever has the lock later has a higher one.',
  );
  yield* stage.until('the pause', () => stage.client(1).condition === 'paused');
  stage.tell(
    'Client 1 stands still',
    'It sends no more pings. The node is ephemeral: it stands as long as the session of client 1,',
    'and that ends when the leader has not heard from it for 9 s.',
  );
  yield* stage.until('client 2 to have the lock', () => stage.client(2).token !== null);
  stage.tell(
    'Client 2 has the lock',
    'The session has ended, and its node has gone with it. Client 2 stood next in line, was told,',
    `and has the lock now, with the token ${formatZxid(tokenOf(stage, 2))}. Client 1 is still in the`,
    'middle of its work and believes to have it, too. ZooKeeper can do nothing about that.',
  );
  yield* stage.until('client 2 to write', () => hasDone(stage, 2, 'wrote'));
  stage.tell(
    'Client 2 writes to the storage',
    'It shows its token. The storage accepts it, and remembers the highest that it has seen.',
  );
  yield* stage.until('client 1 to be refused', () => hasDone(stage, 1, 'refused'));
  stage.tell(
    'Client 1 goes on, and is refused',
    'For its own part it has not waited at all, so it writes at once. But its token is lower than',
    'one that the storage has seen: it comes from somebody who was overtaken. Client 1 is soon told',
    'that its session has expired.',
  );
  yield* stage.end();
  stage.tell(
    'What came of it',
    'The lock alone did not keep client 1 out, and no lock with a time-out can. The token did.',
  );
}

function* tellOfDamage(stage: Stage): Story {
  yield* stage.until('client 2 to write', () => hasDone(stage, 2, 'wrote'));
  stage.tell(
    'The same, with a storage that trusts its clients',
    'Client 1 stands still, its session has ended, and client 2 has the lock and writes.',
  );
  const { length } = stage.journal;
  yield* stage.until('client 1 to write', () => {
    const later = stage.journal.slice(length);
    return later.some(({ client, what }) => client === 1 && what === 'wrote');
  });
  stage.tell(
    'Client 1 goes on, and writes',
    'The storage asks for no token and takes the write. What client 2 has done since is overwritten',
    'by somebody who lost the lock long ago, and nobody is told.',
  );
  yield* stage.end();
  stage.tell(
    'The checker objects',
    'Both followed the recipe to the letter. It promises no more than one holder in the tree at a',
    'time; what holders do with something outside needs the token.',
  );
}

function tokenOf(stage: Stage, client: number): Zxid {
  return stage.client(client).token ?? ZXID_ZERO;
}

function hasDone(stage: Stage, who: number, deed: 'wrote' | 'refused'): boolean {
  return stage.journal.some(({ client, what }) => client === who && what === deed);
}
