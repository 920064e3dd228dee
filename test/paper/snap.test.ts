import { describe, expect, it } from 'vitest';
import { CODE } from '../../src/keeper/codes.ts';
import { WORLD_EVENTS } from '../../src/world/events.ts';
import { NO_PACKET_FAULTS } from '../../src/world/link.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { PACKET, type QuorumPacket } from '../../src/zab/messages.ts';
import type { Zxid } from '../../src/zab/zxid.ts';
import { portrait } from '../support/portrait.ts';
import { create } from '../support/questions.ts';
import { type ServiceOptions, ServiceWorld } from '../support/service-world.ts';
import { upTo } from '../support/stations.ts';

const NAMES = new Map<number, string>(Object.entries(PACKET).map(([name, type]) => [type, name]));

/** An ensemble, and a follower that is down and has missed more than its leader has in memory. */
interface Case {
  readonly ensemble: ServiceWorld;
  readonly sid: number;
  readonly leader: number;
  /** What was last in the follower's history. */
  readonly ownZxid: Zxid;
}

function missedMuch(options: ServiceOptions = {}): Case {
  const ensemble = new ServiceWorld({ timing: { commitLogCount: 3 }, ...options });
  fill(ensemble, 'known', 4);
  const [sid = 0] = ensemble.followers;
  const ownZxid = ensemble.server(sid).lastProcessedZxid;
  ensemble.kill(sid);
  fill(ensemble, 'missed', 8);
  return { ensemble, sid, leader: ensemble.leader, ownZxid };
}

function fill(ensemble: ServiceWorld, name: string, count: number): void {
  const client = ensemble.connect(ensemble.leader);
  for (let n = 0; n < count; n++) {
    expect(client.ask(create(`/${name}-${n}`))?.err).toBe(CODE.OK);
  }
  client.close();
  ensemble.runFor(20_000);
}

/** The learner has thrown its state away, and the snapshot is on its way for a long time. */
function halfReceived({ ensemble, sid, leader }: Case): void {
  const link = ensemble.world.link(leader, sid);
  let isLimited = false;
  let hasBegun = false;
  ensemble.world.timeline.addPacketObserver({
    sent: (_from, to, _port, message) => {
      const isSnap = (message as Partial<QuorumPacket>).type === PACKET.SNAP;
      if (to !== sid || !isSnap || isLimited) return;
      isLimited = true;
      link.limit(1);
    },
    received: () => {},
  });
  ensemble.world.timeline.addObserver({
    observe: (host, kind) => {
      if (host === sid && kind === ZAB_EVENTS.snapReceived) hasBegun = true;
    },
  });
  ensemble.world.host(sid).start();
  ensemble.runUntil(() => hasBegun);
  ensemble.runFor(10_000);
}

function expectEqualServers(ensemble: ServiceWorld): void {
  ensemble.runFor(50_000);
  const [first, ...others] = ensemble.serverIds.map((sid) => portrait(ensemble.server(sid).tree));
  for (const other of others) expect(other).toEqual(first);
}

describe('a learner that is sent a snapshot', () => {
  it('is told so first, and then gets it, in the order in which ZooKeeper does it', () => {
    const { ensemble, sid, leader } = missedMuch();
    const packets: string[] = [];
    ensemble.world.timeline.addPacketObserver({
      sent: (from, to, port, message) => {
        if (port !== 'quorum' || (from !== sid && to !== sid)) return;
        const { type, zxid, data } = message as QuorumPacket;
        if (type === PACKET.SNAP) expect([zxid > 0, data]).toEqual([true, null]);
        if (type !== PACKET.PING) packets.push(`${from} ${NAMES.get(type)}`);
      },
      received: () => {},
    });
    ensemble.restart(sid);
    expect(packets).toEqual([
      `${sid} FOLLOWERINFO`,
      `${leader} LEADERINFO`,
      `${sid} ACKEPOCH`,
      `${leader} SNAP`,
      `${leader} SNAPSHOT`,
      `${leader} NEWLEADER`,
      `${sid} ACK`,
      `${leader} UPTODATE`,
      `${sid} ACK`,
    ]);
    expectEqualServers(ensemble);
  });

  it('has no state while it waits for it, and does not serve', () => {
    const given = missedMuch();
    halfReceived(given);
    const server = given.ensemble.server(given.sid);
    expect(server.lastProcessedZxid).toBe(0);
    expect(server.tree.find('/known-0')).toBeUndefined();
    expect(server.role).toBe('none');
    expect(given.ensemble.connect(given.sid).welcome).toBeNull();
  });

  it.each([
    { what: 'its leader dies', strike: ({ ensemble, leader }: Case) => ensemble.kill(leader) },
    {
      what: 'its connection breaks',
      strike: ({ ensemble, sid, leader }: Case) => ensemble.world.resetConnections(sid, leader),
    },
  ])('goes back to what is on its disk before it votes, if $what before that has come', (row) => {
    // Chance lets what was under way arrive, or not.
    const without = upTo(8).filter((seed) => {
      const given = missedMuch({ seed: `half ${seed}` });
      const { ensemble, sid, leader, ownZxid } = given;
      halfReceived(given);
      const kinds: number[] = [];
      ensemble.world.timeline.addObserver({
        observe: (host, kind) => {
          if (host === sid) kinds.push(kind);
        },
      });
      row.strike(given);
      ensemble.runUntil(() => kinds.includes(ZAB_EVENTS.looking));
      if (kinds.includes(ZAB_EVENTS.snapshotRead)) return false;
      expect(kinds.slice(0, kinds.indexOf(ZAB_EVENTS.looking))).toContain(ZAB_EVENTS.restored);
      expect(ensemble.server(sid).lastProcessedZxid).toBe(ownZxid);
      ensemble.world.link(leader, sid).unlimit(1);
      const down = ensemble.serverIds.filter((id) => !ensemble.world.host(id).isRunning);
      ensemble.restart(...down);
      expectEqualServers(ensemble);
      expect(ensemble.server(sid).tree.find('/missed-7')).toBeDefined();
      return true;
    });
    expect(without.length).toBeGreaterThan(1);
  });

  it('that crashes while it waits for it comes back with what it had', () => {
    const given = missedMuch();
    const { ensemble, sid, leader, ownZxid } = given;
    halfReceived(given);
    ensemble.world.host(sid).losePower();
    ensemble.world.link(leader, sid).unlimit(1);
    const before = ensemble.events.length;
    ensemble.restart(sid);
    const later = ensemble.events.slice(before).filter(({ host }) => host === sid);
    expect(later[0]?.kind).toBe(WORLD_EVENTS.processStarted);
    const recovered = later.find(({ kind }) => kind === ZAB_EVENTS.recovered);
    expect(recovered?.value).toBe(ownZxid);
    expectEqualServers(ensemble);
  });

  /** What a learner does that is sent a snapshot which the network loses. */
  function withoutSnapshot(seed: string): number[] {
    const { ensemble, sid, leader } = missedMuch({ seed, transport: 'datagram' });
    const link = ensemble.world.link(leader, sid);
    const loss = { ...NO_PACKET_FAULTS, lossPpm: 1_000_000 };
    let isLost = false;
    ensemble.world.timeline.addPacketObserver({
      sent: (_from, to, _port, message) => {
        const { type } = message as Partial<QuorumPacket>;
        if (to !== sid || isLost) return;
        if (type === PACKET.SNAP) link.addFaults(loss);
        if (type !== PACKET.SNAPSHOT) return;
        link.removeFaults(loss);
        isLost = true;
      },
      received: () => {},
    });
    const before = ensemble.events.length;
    ensemble.world.host(sid).start();
    ensemble.runFor(5_000_000);
    const own = ensemble.events.slice(before).filter(({ host }) => host === sid);
    return own.map(({ kind }) => kind);
  }

  it('gives its leader up if something else comes in its place', () => {
    const stories = upTo(12).map((seed) => {
      const kinds = withoutSnapshot(`lost ${seed}`);
      return kinds.slice(0, kinds.indexOf(ZAB_EVENTS.leaving) + 1);
    });
    // On datagrams NEWLEADER may also overtake SNAP; here it comes behind.
    const inOrder = stories.filter((kinds) => {
      const newLeader = kinds.indexOf(ZAB_EVENTS.historyAppended);
      return kinds.includes(ZAB_EVENTS.snapReceived) && newLeader < 0;
    });
    expect(inOrder.length).toBeGreaterThan(1);
    for (const kinds of inOrder) {
      expect(kinds.slice(kinds.indexOf(ZAB_EVENTS.snapReceived))).toEqual([
        ZAB_EVENTS.snapReceived,
        ZAB_EVENTS.restored,
        ZAB_EVENTS.leaving,
      ]);
    }
  });

  it('gets what is committed while it is on its way, behind it', () => {
    const given = missedMuch();
    const { ensemble, sid, leader } = given;
    halfReceived(given);
    fill(ensemble, 'meanwhile', 3);
    expect(ensemble.server(sid).role).toBe('none');
    ensemble.world.link(leader, sid).unlimit(1);
    ensemble.awaitService();
    expectEqualServers(ensemble);
    expect(ensemble.server(sid).tree.find('/meanwhile-2')).toBeDefined();
  });
});
