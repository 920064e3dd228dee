import { describe, expect, it } from 'vitest';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { FAILED_CHECKSUM } from '../../src/zab/recovery.ts';
import { portrait } from '../support/portrait.ts';
import { create } from '../support/questions.ts';
import { ServiceWorld } from '../support/service-world.ts';

/** Creates so many nodes, one after the other. */
function fill(ensemble: ServiceWorld, count: number): void {
  const client = ensemble.connect(ensemble.leader);
  const { now } = ensemble;
  for (let n = 0; n < count; n++) client.ask(create(`/at-${now}-${n}`));
}

function expectEqualServers(ensemble: ServiceWorld): void {
  ensemble.runFor(50_000);
  const [first, ...others] = ensemble.serverIds.map((sid) => portrait(ensemble.server(sid).tree));
  for (const other of others) expect(other).toEqual(first);
}

/** Why servers have ended since they do not trust their disks. */
function refusals(ensemble: ServiceWorld): { readonly sid: number; readonly why: unknown }[] {
  return ensemble.events
    .filter(({ kind }) => kind === ZAB_EVENTS.refusedToStart)
    .map(({ host, subject }) => ({ sid: host, why: subject }));
}

describe('a record that has rotted', () => {
  /** The leader has logged what nobody else has, and loses its quorum. */
  function lonelyLeader(strike: (ensemble: ServiceWorld, leader: number) => void): ServiceWorld {
    const ensemble = new ServiceWorld();
    fill(ensemble, 3);
    const { leader, followers } = ensemble;
    const client = ensemble.connect(leader);
    for (const sid of followers) ensemble.cut(leader, sid);
    client.send(create('/lonely'));
    ensemble.runFor(50_000);
    strike(ensemble, leader);
    ensemble.runUntil(() => ensemble.times(ZAB_EVENTS.quorumLost).length > 0);
    ensemble.runFor(50_000);
    return ensemble;
  }

  it('ends a server that would have to replay it when its role is over', () => {
    let struck = 0;
    const ensemble = lonelyLeader((ensemble, leader) => {
      const { disk } = ensemble.world.host(leader);
      struck = leader;
      disk.rotRecord(disk.records.length - 1);
    });
    expect(refusals(ensemble)).toEqual([{ sid: struck, why: FAILED_CHECKSUM }]);
    expect(ensemble.world.host(struck).isRunning).toBe(false);
    ensemble.world.host(struck).start();
    expect(ensemble.world.host(struck).isRunning).toBe(false);
  });

  it('does not end a server that has applied it, before that reads it again', () => {
    let struck = 0;
    const ensemble = lonelyLeader((ensemble, leader) => {
      struck = leader;
      ensemble.world.host(leader).disk.rotRecord(0);
    });
    expect(refusals(ensemble)).toEqual([]);
    const host = ensemble.world.host(struck);
    expect(host.isRunning).toBe(true);
    host.kill();
    host.start();
    expect(refusals(ensemble)).toEqual([{ sid: struck, why: FAILED_CHECKSUM }]);
  });

  it('is not sent to a learner: it gets a snapshot instead of the log', () => {
    const timing = { commitLogCount: 5, preAllocBytes: 0, snapshotSizePpm: 1_000_000_000 };
    const choices = [false, true].map((rots) => {
      const ensemble = new ServiceWorld({ timing });
      fill(ensemble, 3);
      const [follower = 0] = ensemble.followers;
      ensemble.kill(follower);
      fill(ensemble, 10);
      const { disk } = ensemble.world.host(ensemble.leader);
      if (rots) disk.rotRecord(disk.records.length - 8);
      ensemble.restart(follower);
      expectEqualServers(ensemble);
      const kinds: readonly number[] = [ZAB_EVENTS.diffFromDiskChosen, ZAB_EVENTS.snapChosen];
      return ensemble.events.findLast(({ kind }) => kinds.includes(kind))?.kind;
    });
    expect(choices).toEqual([ZAB_EVENTS.diffFromDiskChosen, ZAB_EVENTS.snapChosen]);
  });
});

describe('a snapshot that has rotted', () => {
  it('is passed over: an older one and more of the log give the same state', () => {
    const ensemble = new ServiceWorld({ timing: { snapCount: 6 } });
    fill(ensemble, 30);
    const [follower = 0] = ensemble.followers;
    const { disk } = ensemble.world.host(follower);
    expect(disk.snapshots.length).toBeGreaterThan(2);
    ensemble.kill(follower);
    disk.rotSnapshot(disk.snapshots.length - 1);
    ensemble.restart(follower);
    expect(refusals(ensemble)).toEqual([]);
    expectEqualServers(ensemble);
  });

  it('and is the only one keeps the server from starting', () => {
    const ensemble = new ServiceWorld();
    fill(ensemble, 3);
    const [follower = 0] = ensemble.followers;
    const { disk } = ensemble.world.host(follower);
    ensemble.kill(follower);
    for (const index of disk.snapshots.keys()) disk.rotSnapshot(index);
    ensemble.world.host(follower).start();
    expect(refusals(ensemble)).toEqual([{ sid: follower, why: 'no snapshot is intact' }]);
    expect(ensemble.world.host(follower).isRunning).toBe(false);
  });
});
