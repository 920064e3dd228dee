import { type Scenario, scenario, type WrittenScenario } from '../../scenario/scenario.ts';
import { formatZxid, makeZxid } from '../../zab/zxid.ts';
import type { Demo } from '../demo.ts';
import type { Stage, Story } from '../stage.ts';
import { listed, nameOf } from '../words.ts';

/** Who leads first: with equal histories the highest number wins. */
const OLD = 5;
const OTHERS = [1, 2, 3, 4];

/** Client 1 can reach the first leader alone, client 2 all the others. */
function divided(name: string, more: Partial<WrittenScenario>): Scenario {
  return scenario({
    name,
    why: 'A leader that is cut off can do no harm.',
    expect: 'pass',
    servers: 5,
    clients: 2,
    duration: '36s',
    healAt: '30s',
    workload: { weights: { write: 1 }, thinkMin: '200ms', thinkMax: '400ms' },
    faults: [
      { kind: 'clientCut', clients: [1], servers: OTHERS, when: { at: '0s' }, for: '30s' },
      { kind: 'clientCut', clients: [2], servers: [OLD], when: { at: '0s' }, for: '30s' },
      {
        kind: 'isolate',
        server: OLD,
        when: { on: 'sessionAttached', server: OLD, delay: '2s' },
        for: '8s',
      },
    ],
    ...more,
  });
}

export const splitBrain: Demo = {
  name: 'split-brain',
  title: 'A leader is cut off from the others',
  about:
    'Five servers, two clients. The network will part the leader from the other four, but not ' +
    'from client 1. For a while two servers believe to lead. What keeps the data from splitting ' +
    'in two?',
  acts: () => [
    { title: 'As ZooKeeper does it', scenario: divided('split-brain', {}), tell: tellOfEpochs },
    {
      title: 'The same without new epochs',
      scenario: divided('split-brain-in-one-epoch', {
        bug: 'epoch-not-advanced',
        // It would end the run before the second leader serves anybody.
        without: ['live-leadership'],
        expect: { violates: 'leadership' },
      }),
      tell: tellOfOneEpoch,
    },
  ],
};

function* tellOfEpochs(stage: Stage): Story {
  const { currentEpoch: oldEpoch } = yield* stage.someLeader();
  yield* stage.everybodyServes();
  stage.tell(
    `Server ${OLD} leads`,
    'All started at once with empty logs. Every server votes; where histories are the same, the',
    `highest number wins. Before server ${OLD} may lead, a quorum, 3 of 5, has to promise that it`,
    `follows no older epoch than ${oldEpoch} any more, and has to write that to disk: the accepted`,
    'epoch.',
  );
  yield* isolation(stage);
  stage.tell(
    'The network parts',
    `Server ${OLD} hears none of the others now, and none hears it. Nobody has noticed yet.`,
  );
  const { value } = yield* stage.event(OLD, 'proposed');
  yield* stage.until(`the log of ${OLD}`, () => stage.server(OLD).lastLogged >= value);
  const { lastLogged: lonely } = stage.server(OLD);
  stage.tell(
    'A write that nobody hears of',
    `Client 1 asks server ${OLD} to write. The leader makes it ${nameOf(lonely)}, with the zxid`,
    `${formatZxid(lonely)}, logs it and proposes it to the others. It may commit it once a quorum`,
    'has logged it. Only 1 of 5 ever will, so client 1 gets no answer.',
  );
  yield* tellOfSuccession(stage);
  yield* stage.until('the links to heal', () => stage.server(OLD).cutFrom.length === 0);
  stage.tell(
    'The network is whole again',
    `Server ${OLD} is still LOOKING, with ${formatZxid(lonely)} at the end of its log. The log of`,
    'the others has gone another way.',
  );
  yield* tellOfReturn(stage);
  yield* stage.end();
  stage.tell(
    'What came of it',
    'All five have the same log. Every write that a client was told of is there; the one that',
    'nobody was told of is not. At no time did two leaders have a quorum: any two quorums of five',
    'share a server, and a server that has accepted a new epoch is done with the old one.',
  );
}

function isolation(stage: Stage): Story {
  return stage.until('the leader to be cut off', () => {
    return stage.server(OLD).cutFrom.length === OTHERS.length;
  });
}

/** The others find somebody else, and the old leader finds out by itself. */
function* tellOfSuccession(stage: Stage): Story {
  const { server, currentEpoch } = yield* stage.someLeader(OLD);
  const followers = stage.servers.filter(({ role, leader }) => {
    return role === 'FOLLOWING' && leader === server;
  });
  const isStillLeading = stage.server(OLD).role === 'LEADING';
  stage.tell(
    'The others elect a new leader',
    'They heard nothing from their leader for 2 s (syncLimit: 4 ticks of 500 ms), so they voted',
    `again. ${listed(followers.map((each) => each.server))} follow server ${server}, which makes a`,
    `quorum, and it took an epoch that none of them had seen: ${currentEpoch}.`,
    isStillLeading
      ? `At this moment two servers are LEADING; server ${OLD} knows nothing of all this.`
      : `Server ${OLD} has given up by itself, since no quorum has answered it for as long.`,
  );
  yield* stage.until('the old leader to give up', () => {
    return stage.server(OLD).role === 'LOOKING' && stage.client(1).server === null;
  });
  stage.tell(
    'The old leader gives up',
    `No quorum has answered server ${OLD} for 2 s: it must not call itself leader any longer. Its`,
    'vote reaches nobody, and 1 of 5 elects nobody. Client 1 is told CONNECTIONLOSS: its write may',
    'have been done or not, nobody can say.',
  );
  yield* stage.until('writes in the new epoch', () => {
    return (stage.server(server).lastApplied ?? 0) >= makeZxid(currentEpoch, 5);
  });
  stage.tell(
    'The majority goes on',
    'Client 2 writes through the new leader. Zxids begin with the epoch, so those of epoch',
    `${currentEpoch} are higher than all of the one before. Server ${OLD} and client 1 wait.`,
  );
}

/** The old leader comes back, and has to give up what only it has. */
function* tellOfReturn(stage: Stage): Story {
  const { name, peer } = yield* stage.event(OLD, 'truncReceived', 'snapReceived');
  yield* stage.until(`${OLD} to serve`, () => stage.server(OLD).isServing);
  const how =
    name === 'truncReceived'
      ? 'The leader knows nothing of that transaction, and says TRUNC: cut it off.'
      : 'The leader knows nothing of that transaction and has a newer epoch in its log, so it sends ' +
        'SNAP: its whole state, to be put in the place of all that the other has.';
  stage.tell(
    `Server ${OLD} follows`,
    `Server ${OLD} has found out that ${peer} leads, has accepted its epoch, and told it the end of`,
    `its own log. ${how} The lonely write is gone. Client 1 was never told that it was done.`,
  );
}

function* tellOfOneEpoch(stage: Stage): Story {
  yield* isolation(stage);
  stage.tell(
    'The network parts, as before',
    'But these servers have a mistake, the bug epoch-not-advanced: a new leader goes on with the',
    'epoch that there is, and the others accept it once more.',
  );
  yield* stage.end();
  stage.tell(
    'Two leaders in one epoch',
    'Again the four elect a leader, but in epoch 1, which the old one leads too. Both would give',
    'the same zxids to different transactions, and nobody could tell later which log is right. The',
    'checker has stopped the run as the second leader took office.',
  );
}
