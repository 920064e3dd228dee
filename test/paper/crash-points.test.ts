import { describe, expect, it } from 'vitest';
import { eventName } from '../../src/faults/event-names.ts';
import { PACKET, type QuorumPacket } from '../../src/zab/messages.ts';
import { create } from '../support/questions.ts';
import { ServiceWorld } from '../support/service-world.ts';

const NAMES = new Map<number, string>(Object.entries(PACKET).map(([name, type]) => [type, name]));

/** What a server does from now on: events, and `> PACKET` for each that it has sent. */
function watch(ensemble: ServiceWorld, sid: number): string[] {
  const lines: string[] = [];
  ensemble.world.timeline.addObserver({
    observe: (host, kind) => {
      if (host === sid) lines.push(eventName(kind));
    },
  });
  ensemble.world.timeline.addPacketObserver({
    sent: (from, _to, port, message) => {
      if (from !== sid || port === 'election') return;
      if (port === 'client') lines.push('> answer');
      else lines.push(`> ${NAMES.get((message as QuorumPacket).type)}`);
    },
    received: () => {},
  });
  return lines;
}

/** The part of a story between two lines, both included; what is repeated at once is told once. */
function excerpt(lines: readonly string[], from: string, to: string): string[] {
  const first = lines.indexOf(from);
  const part = lines.slice(first, lines.indexOf(to, first) + 1);
  return part.filter((line, index) => line !== part[index - 1] && line !== '> PING');
}

function fill(ensemble: ServiceWorld, name: string): void {
  const client = ensemble.connect(ensemble.leader);
  for (let n = 0; n < 3; n++) client.ask(create(`/${name}-${n}`));
  ensemble.runFor(50_000);
}

describe('a crash can come between any two steps', () => {
  it('of a leader that takes office', () => {
    const ensemble = new ServiceWorld();
    const [next = 0] = ensemble.followers.slice(-1);
    ensemble.kill(ensemble.leader);
    const lines = watch(ensemble, next);
    ensemble.runUntil(() => lines.includes('upToDateSent'));
    expect(excerpt(lines, 'epochFixed', 'upToDateSent')).toEqual([
      'epochFixed',
      'acceptedEpochTmpWritten',
      'acceptedEpochWritten',
      '> LEADERINFO',
      'leaderInfoSent',
      'ackEpochQuorum',
      'diffChosen',
      '> DIFF',
      '> NEWLEADER',
      'newLeaderSent',
      'currentEpochTmpWritten',
      'currentEpochWritten',
      'established',
      '> UPTODATE',
      'upToDateSent',
    ]);
  });

  it('of a follower that is brought up to date', () => {
    const ensemble = new ServiceWorld();
    const [sid = 0] = ensemble.followers;
    fill(ensemble, 'old');
    ensemble.kill(sid);
    fill(ensemble, 'missed');
    ensemble.kill(ensemble.leader);
    ensemble.runFor(100_000);
    const lines = watch(ensemble, sid);
    ensemble.restart(...ensemble.serverIds.filter((id) => !ensemble.world.host(id).isRunning));
    expect(excerpt(lines, '> FOLLOWERINFO', 'upToDate')).toEqual([
      '> FOLLOWERINFO',
      'acceptedEpochTmpWritten',
      'acceptedEpochWritten',
      '> ACKEPOCH',
      'ackEpochSent',
      'diffReceived',
      'appended',
      'historyAppended',
      'logSynced',
      'historySynced',
      'replayed',
      'currentEpochTmpWritten',
      'currentEpochWritten',
      '> ACK',
      'newLeaderAcked',
      '> ACK',
      'upToDate',
    ]);
  });

  it('of a transaction at its leader', () => {
    const ensemble = new ServiceWorld();
    const { leader } = ensemble;
    const lines = watch(ensemble, leader);
    const client = ensemble.connect(leader);
    expect(client.welcome?.session).toBeGreaterThan(0);
    ensemble.runFor(50_000);
    expect(excerpt(lines, 'proposed', '> answer')).toEqual([
      'proposed',
      '> PROPOSAL',
      'appended',
      'logSynced',
      'acked',
      'committed',
      'firstCommitOfEpoch',
      '> COMMIT',
      'delivered',
      'sessionAttached',
      '> answer',
    ]);
    lines.length = 0;
    client.ask(create('/second'));
    expect(lines).toContain('committed');
    expect(lines).not.toContain('firstCommitOfEpoch');
  });

  it('of a transaction at its followers', () => {
    const ensemble = new ServiceWorld();
    const [sid = 0] = ensemble.followers;
    const lines = watch(ensemble, sid);
    fill(ensemble, 'new');
    expect(excerpt(lines, 'appended', 'delivered')).toEqual([
      'appended',
      'logSynced',
      '> ACK',
      'acked',
      'delivered',
    ]);
  });

  it('of every leadership: each epoch has a first commit of its own', () => {
    const ensemble = new ServiceWorld();
    fill(ensemble, 'one');
    const before = ensemble.leader;
    ensemble.kill(before);
    ensemble.runFor(50_000);
    ensemble.awaitService();
    const lines = watch(ensemble, ensemble.leader);
    fill(ensemble, 'two');
    expect(lines.filter((line) => line === 'firstCommitOfEpoch')).toHaveLength(1);
  });
});
