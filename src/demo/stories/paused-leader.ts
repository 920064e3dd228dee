import { scenario } from '../../scenario/scenario.ts';
import { formatZxid, makeZxid } from '../../zab/zxid.ts';
import type { Demo } from '../demo.ts';
import type { Stage, Story } from '../stage.ts';
import { counted } from '../words.ts';

const OLD = 5;

export const pausedLeader: Demo = {
  name: 'paused-leader',
  title: 'A leader stands still, and does not know it',
  about:
    'The process of the leader stops for some seconds, as in a long garbage collection. Nothing ' +
    'is cut and nothing crashes. When it goes on, no time has passed for it, and it believes to ' +
    'lead. Client 1 is connected to it.',
  acts: () => [
    {
      title: 'A long garbage collection',
      scenario: scenario({
        name: 'paused-leader',
        why: 'A leader that stood still for longer than its quorum bears finds out before it does harm.',
        expect: 'pass',
        servers: 5,
        clients: 2,
        duration: '36s',
        healAt: '30s',
        workload: { weights: { write: 1 }, thinkMin: '200ms', thinkMax: '400ms' },
        faults: [
          // So that client 1 finds the leader, and client 2 does not.
          {
            kind: 'clientCut',
            clients: [1],
            servers: [1, 2, 3, 4],
            when: { at: '0s' },
            for: '14s',
          },
          { kind: 'clientCut', clients: [2], servers: [OLD], when: { at: '0s' }, for: '30s' },
          { kind: 'pause', server: OLD, when: { at: '14s' }, for: '8s' },
        ],
      }),
      tell,
    },
  ],
};

function* tell(stage: Stage): Story {
  const { currentEpoch } = yield* stage.someLeader();
  yield* stage.until('client 1 to write', () => {
    return stage.client(1).lastSeen > makeZxid(currentEpoch, 4);
  });
  stage.tell(
    'A good day',
    `Server ${OLD} leads epoch ${currentEpoch}, and both clients write. A leader sends its followers`,
    'a ping every half tick; who hears nothing for 2 s (syncLimit: 4 ticks of 500 ms) gives up.',
  );
  yield* stage.until('the pause', () => stage.server(OLD).condition === 'paused');
  stage.tell(
    'The leader stands still',
    'The other servers do not know why it is silent: it may be slow, or cut off, or dead. All looks',
    'the same from outside.',
  );
  const next = yield* stage.someLeader(OLD);
  stage.tell(
    'Two leaders',
    'After 2 s of silence the followers voted again, a quorum accepted a new epoch, and server',
    `${next.server} leads it. Server ${OLD} believes to lead, too. It cannot do harm: what it would`,
    `commit needs a quorum of epoch ${currentEpoch}, and four of five have left that for good.`,
  );
  yield* tellOfClient(stage, next.currentEpoch);
  yield* stage.event(OLD, 'resumed');
  stage.tell(
    'The leader wakes up',
    'For its own part no time has passed. It takes what has arrived meanwhile, in order: the ends of',
    'its connections, and a clock that has gone on.',
  );
  const { lastLogged: before } = stage.server(OLD);
  yield* stage.until('the old leader to step down', () => stage.server(OLD).role === 'LOOKING');
  const { lastLogged } = stage.server(OLD);
  stage.tell(
    'It finds out',
    lastLogged > before
      ? 'It has numbered, logged and proposed what had been waiting for it, up to ' +
          `${formatZxid(lastLogged)}. But no follower is there to acknowledge that.`
      : 'No follower is there.',
    'Without a quorum it must not lead, so it steps down, and votes.',
  );
  yield* stage.until(`${OLD} to serve`, () => stage.server(OLD).isServing);
  stage.tell(
    `Server ${OLD} follows`,
    `The others told it who leads. It has accepted epoch ${next.currentEpoch}, has the log of the`,
    'new leader, and what it alone had logged is gone.',
  );
  const { stats } = yield* stage.end();
  const { CONNECTIONLOSS: doubtful = 0 } = stats.operations;
  stage.tell(
    'What came of it',
    `${counted(doubtful, 'operation')} ended with CONNECTIONLOSS; all others have answers, and those`,
    'fit one order. Nobody can be sure to lead at this very moment: that is why a quorum has to',
    'agree to each write.',
  );
}

/** What it looks like for somebody who was connected to the old leader. */
function* tellOfClient(stage: Stage, epoch: number): Story {
  yield* stage.until('client 1 to give up the server', () => stage.client(1).server !== OLD);
  stage.tell(
    'Client 1 gives up its server',
    'It has heard nothing for two thirds of its session time-out of 6 s, not even an answer to its',
    'pings. The write that it has waited for ends with CONNECTIONLOSS: done or not, who knows. It',
    'tries the other servers.',
  );
  yield* stage.until('client 1 to write', () => stage.client(1).lastSeen >= makeZxid(epoch, 2));
  stage.tell(
    'Client 1 goes on',
    `Server ${stage.client(1).server} has taken up its session. That is the same session as before,`,
    'for sessions are part of what all servers agree on; so nothing that belongs to it was removed.',
  );
}
