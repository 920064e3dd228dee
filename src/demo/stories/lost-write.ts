import { CODE, isWrite } from '../../keeper/codes.ts';
import { scenario } from '../../scenario/scenario.ts';
import { asZxid, formatZxid, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import type { Act, Demo } from '../demo.ts';
import type { Stage, Story } from '../stage.ts';
import { listed } from '../words.ts';

const OLD = 5;
const WORKLOAD = { weights: { write: 1 }, thinkMin: '200ms', thinkMax: '400ms' };

export const lostWrite: Demo = {
  name: 'lost-write',
  title: 'Which writes survive a crash',
  about:
    'A client is told that its write is done, and at that moment servers lose their power. The ' +
    'write must be there afterwards, whoever leads then. A write that no client was told of may ' +
    'be there or not; but all servers have to agree.',
  acts: () => [survives(), vanishes(), isLost()],
};

/** The leader falls just after a client has got its answer. */
function survives(): Act {
  return {
    title: 'Acknowledged: it survives',
    scenario: scenario({
      name: 'acknowledged-write',
      why: 'What a client was told of is on the disks of a quorum.',
      expect: { leaders: [5, 4] },
      servers: 5,
      clients: 1,
      duration: '20s',
      healAt: '16s',
      workload: WORKLOAD,
      faults: [
        {
          kind: 'powerOff',
          server: 'leader',
          when: { on: 'committed', role: 'leader', nth: 12, delay: '5ms' },
          for: '6s',
        },
      ],
    }),
    tell: tellOfSurvival,
  };
}

function* tellOfSurvival(stage: Stage): Story {
  yield* stage.someLeader();
  yield* stage.until('a write', () => lastTold(stage) > ZXID_ZERO);
  stage.tell(
    `Server ${OLD} leads`,
    'Client 1 writes. Each write becomes a transaction with a number, the zxid; all servers log it,',
    'and when a quorum has it on disk, the leader lets everybody apply it, and client 1 is told.',
  );
  yield* stage.until('the crash', () => stage.server(OLD).condition === 'down');
  const known = lastTold(stage);
  stage.tell(
    'The leader loses its power',
    `At this very moment client 1 has been told that ${formatZxid(known)} is done. Nobody else needs to`,
    'know yet that a quorum has it.',
  );
  const { server, lastLogged } = yield* stage.someLeader(OLD);
  stage.tell(
    `Server ${server} leads`,
    'A quorum has elected it. Any two quorums of five share a server, so one of those who voted has',
    `the write; and of logs of one epoch the longest wins. That of server ${server} ends with`,
    `${formatZxid(lastLogged)}, and all that is in it counts as committed from now on.`,
  );
  yield* stage.until('the old leader to serve', () => stage.server(OLD).isServing);
  yield* stage.end();
  stage.tell(
    'The write has survived',
    `All servers have it, server ${OLD} too, which has come back.`,
  );
}

/** The leader is alone with a proposal, and falls. */
function vanishes(): Act {
  return {
    title: 'Not acknowledged: it may vanish',
    scenario: scenario({
      name: 'unacknowledged-write',
      why: 'What only a fallen leader has logged is cut off when it returns.',
      expect: { leaders: [5, 4], syncs: { 5: ['TRUNC'] } },
      servers: 5,
      clients: 1,
      duration: '30s',
      healAt: '25s',
      workload: WORKLOAD,
      faults: [
        // Client 1 knows the first leader alone, so nothing is written while that is away.
        { kind: 'clientCut', clients: [1], servers: [1, 2, 3, 4], when: { at: '0s' }, for: '25s' },
        {
          kind: 'isolate',
          server: OLD,
          when: { on: 'sessionAttached', server: OLD, delay: '2s' },
          for: '2s',
          name: 'cut',
        },
        { kind: 'powerOff', server: OLD, when: { after: 'cut', delay: '1s' }, for: '4s' },
      ],
    }),
    tell: tellOfTruncation,
  };
}

function* tellOfTruncation(stage: Stage): Story {
  yield* stage.until('the leader to be cut off', () => stage.server(OLD).cutFrom.length === 4);
  const { value } = yield* stage.event(OLD, 'proposed');
  yield* stage.until('the crash', () => stage.server(OLD).condition === 'down');
  stage.tell(
    'A leader falls with a write of its own',
    `Server ${OLD} was cut off from the others, and logged a write of client 1 as`,
    `${formatZxid(asZxid(value))}. Nobody else has heard of it, so it was not committed, and client 1`,
    `has no answer. Then server ${OLD} lost its power. The write is on its disk.`,
  );
  const { server } = yield* stage.someLeader(OLD);
  yield* stage.everybodyServes();
  stage.tell(
    `Server ${server} leads`,
    'The four others know nothing of that write. They are a quorum, and go on without it.',
  );
  const { value: cut } = yield* stage.event(OLD, 'truncReceived');
  stage.tell(
    'The old leader comes back',
    `It tells the leader where its log ends. The leader has no such transaction and says TRUNC: cut`,
    `your log back to ${formatZxid(asZxid(cut))}, where both have been the same. A server that kept`,
    'it would show something that no other server has.',
  );
  yield* stage.until('the old leader to serve', () => stage.server(OLD).isServing);
  yield* stage.end();
  stage.tell(
    'The write has vanished',
    'Client 1 was told CONNECTIONLOSS: the write was done, or not. It was not; had a single other',
    `server logged it in time, it might have been. Either is right.`,
  );
}

/** Nobody has it on disk, and the client was told that all is well. */
function isLost(): Act {
  return {
    title: 'Acknowledged too early: it is lost',
    scenario: scenario({
      name: 'acknowledged-too-early',
      why: 'What is acknowledged before it is on the disk is lost with the power.',
      expect: { violates: 'acknowledged-is-durable' },
      bug: 'ack-before-sync',
      // It would end the run before the power fails.
      without: ['recoverability'],
      servers: 5,
      clients: 1,
      duration: '20s',
      healAt: '16s',
      workload: WORKLOAD,
      faults: [
        // Nothing gets onto any disk any more; the clients do not notice.
        ...[1, 2, 3, 4, 5].map((server) => {
          const when = { on: 'committed', role: 'leader', nth: 8 } as const;
          return { kind: 'stalledDisk', server, when, for: '10s' } as const;
        }),
        {
          kind: 'powerLoss',
          when: { on: 'committed', role: 'leader', nth: 20, delay: '5ms' },
          for: '2s',
        },
      ],
    }),
    tell: tellOfLoss,
  };
}

function* tellOfLoss(stage: Stage): Story {
  yield* stage.until('the power to fail', () => {
    return stage.servers.every(({ condition }) => condition === 'down');
  });
  const known = lastTold(stage);
  const holders = stage.servers.filter(({ lastLogged }) => lastLogged >= known);
  const where = holders.map(({ server }) => server);
  stage.tell(
    'All lose their power',
    'These servers have a mistake, the bug ack-before-sync: they acknowledge a write when it comes,',
    'and sync their logs later. For some seconds all disks were stuck, and nobody noticed. Client 1',
    `was told that its last write is done, as ${formatZxid(known)}.`,
    where.length === 0
      ? 'It is on no disk at all.'
      : `It is on the disk of ${listed(where)} alone, by luck: no quorum has it.`,
  );
  yield* stage.end();
  stage.tell(
    'The checker objects',
    'A server is back, and its log ends before what it had said to be in it. Whoever leads next may',
    'know nothing of what client 1 was told.',
  );
}

/** The last write that the client was told to be done. */
function lastTold(stage: Stage): Zxid {
  const told = stage.operations.findLast(({ question, err, isDone }) => {
    return isWrite(question.type) && isDone && err === CODE.OK;
  });
  return told?.zxid ?? ZXID_ZERO;
}
