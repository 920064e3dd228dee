import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../src/keeper/acl.ts';
import { digestId } from '../../src/keeper/auth.ts';
import { CODE, codeName, OP, opName } from '../../src/keeper/codes.ts';
import { DataTree } from '../../src/keeper/data-tree.ts';
import type { Question } from '../../src/keeper/requests.ts';
import type { SubChange, Transaction } from '../../src/keeper/transaction.ts';
import { ZXID_ZERO } from '../../src/zab/zxid.ts';
import { judge, Player } from '../support/players.ts';
import { portrait } from '../support/portrait.ts';
import { questionArbitrary, SUPER_PASSWORD } from '../support/question-arbitrary.ts';
import { ServiceWorld } from '../support/service-world.ts';

const PLAYERS = 3;

type Step =
  | { readonly asks: readonly { readonly player: number; readonly question: Question }[] }
  | { readonly player: number; readonly server: number }
  | { readonly waitMicros: number };

function stepArbitrary(servers: number, maxBurst: number): fc.Arbitrary<Step> {
  const player = fc.nat(PLAYERS - 1);
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        asks: fc.array(fc.record({ player, question: questionArbitrary }), {
          minLength: 1,
          maxLength: maxBurst,
        }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ player, server: fc.integer({ min: 1, max: servers }) }) },
    { weight: 1, arbitrary: fc.record({ waitMicros: fc.integer({ min: 1, max: 900_000 }) }) },
  );
}

const QUOTA = '/zookeeper/quota/a';
const LIMITS = new TextEncoder().encode('count=-1,bytes=-1=;byteHardLimit=12;countHardLimit=5');

/** What most sequences find. */
const SCENERY: Step = {
  asks: ['/a', '/b', '/a/x', QUOTA, `${QUOTA}/zookeeper_limits`, `${QUOTA}/zookeeper_stats`].map(
    (path) => {
      const data = path.endsWith('limits') ? LIMITS : null;
      return {
        player: 0,
        question: { type: OP.create, body: { path, data, acl: OPEN_ACL, flags: 0 } },
      };
    },
  ),
};

/** Plays the steps, one after the other, and lets the model judge all answers. */
function play(ensemble: ServiceWorld, steps: readonly Step[]): ReadonlySet<string> {
  const players = Array.from({ length: PLAYERS }, (_, index) => {
    return new Player(ensemble, (index % ensemble.serverIds.length) + 1);
  });
  const settle = (): void => {
    ensemble.runUntil(() => players.every(({ isSettled }) => isSettled));
    ensemble.runFor(20_000);
    for (const player of players) player.settle();
  };
  for (const step of [SCENERY, ...steps]) {
    if ('asks' in step) {
      for (const { player, question } of step.asks) players[player]?.ask(question);
    } else if ('server' in step) players[step.player]?.move(step.server);
    else {
      ensemble.runFor(step.waitMicros);
      for (const player of players) player.ask({ type: OP.ping, body: null });
    }
    settle();
  }
  return judge(
    ensemble,
    players.flatMap(({ asks }) => asks),
  );
}

function changesOf(txn: Transaction): readonly (Transaction | SubChange)[] {
  return txn.type === OP.multi ? txn.body.changes : [txn];
}

const SERVICE = {
  superDigest: digestId(SUPER_PASSWORD),
  containerCheckIntervalMs: 300,
  containerMaxNeverUsedMs: 500,
};

/**
 * Totals are kept by counting, as in ZooKeeper: they are off after a replay behind which their quota
 * has gone, or a client has written them.
 */
function spoilsTotals(change: Transaction | SubChange): boolean {
  switch (change.type) {
    case OP.delete:
    case OP.deleteContainer:
      return change.body.path.startsWith(QUOTA);
    case OP.setData:
      return change.body.path.endsWith('/zookeeper_stats');
    default:
      return false;
  }
}

/** What every kind of request, and every way to fail, has come to at least once. */
const OUTCOMES = [
  ...[OP.create, OP.create2, OP.createContainer, OP.createTTL, OP.delete, OP.deleteContainer],
  ...[OP.setData, OP.setACL, OP.check, OP.multi, OP.multiRead, OP.exists, OP.getData, OP.getACL],
  ...[OP.getChildren, OP.getChildren2, OP.getAllChildrenNumber, OP.getEphemerals, OP.sync],
  ...[OP.addWatch, OP.checkWatches, OP.removeWatches, OP.setWatches, OP.setWatches2],
  ...[OP.whoAmI, OP.ping, OP.auth, OP.closeSession],
].map((op) => `${opName(op)} OK`);
const ERRORS = [
  ...[CODE.BADARGUMENTS, CODE.NONODE, CODE.NOAUTH, CODE.BADVERSION, CODE.NODEEXISTS],
  ...[CODE.NOCHILDRENFOREPHEMERALS, CODE.NOTEMPTY, CODE.INVALIDACL, CODE.MARSHALLINGERROR],
  ...[CODE.AUTHFAILED, CODE.NOWATCHER, CODE.RECONFIGDISABLED, CODE.UNIMPLEMENTED],
].map(codeName);

describe('every sequence of requests', () => {
  it('is answered by one server as the model answers it, with quotas enforced', () => {
    const steps = fc.array(stepArbitrary(1, 1), { minLength: 30, maxLength: 60 });
    const seen = new Set<string>();
    const property = fc.property(steps, (sequence) => {
      const service = { ...SERVICE, enforceQuota: true };
      for (const outcome of play(new ServiceWorld({ servers: 1, service }), sequence)) {
        seen.add(outcome);
      }
    });
    fc.assert(property, { numRuns: 150, seed: 1 });
    expect([...seen].some((outcome) => outcome.endsWith(codeName(CODE.QUOTAEXCEEDED)))).toBe(true);
  });

  it('is answered by three servers at once as the model answers it, and leaves them equal', () => {
    const steps = fc.array(stepArbitrary(3, 12), { minLength: 10, maxLength: 30 });
    const seen = new Set<string>();
    const property = fc.property(steps, (sequence) => {
      const ensemble = new ServiceWorld({ service: SERVICE });
      for (const outcome of play(ensemble, sequence)) seen.add(outcome);
      ensemble.runFor(50_000);
      const [first, ...others] = ensemble.serverIds.map((sid) =>
        portrait(ensemble.server(sid).tree),
      );
      for (const other of others) expect(other).toEqual(first);
    });
    fc.assert(property, { numRuns: 200, seed: 2 });
    expect(OUTCOMES.filter((outcome) => !seen.has(outcome))).toEqual([]);
    const errors = new Set([...seen].map((outcome) => outcome.split(' ')[1]));
    expect(ERRORS.filter((error) => !errors.has(error))).toEqual([]);
  });

  it('can be replayed over a snapshot that has been overtaken by it', () => {
    const steps = fc.array(stepArbitrary(1, 12), { minLength: 10, maxLength: 25 });
    const property = fc.property(steps, fc.nat(), fc.nat(), (sequence, from, length) => {
      const ensemble = new ServiceWorld({ servers: 1, service: SERVICE });
      play(ensemble, sequence);
      const txns = ensemble.delivered(1);
      const label = from % txns.length;
      const end = label + (length % (txns.length - label)) + 1;
      const tree = new DataTree();
      for (const txn of txns.slice(0, end)) tree.apply(txn);
      const isCounted = !txns.flatMap(changesOf).some(spoilsTotals);
      const expected = portrait(tree, isCounted);
      const restored = new DataTree();
      restored.restore(tree.capture(txns[label]?.zxid ?? ZXID_ZERO));
      for (const txn of txns.slice(label, end)) restored.apply(txn);
      expect(portrait(restored, isCounted)).toEqual(expected);
      expect(portrait(tree, isCounted)).toEqual(expected);
    });
    fc.assert(property, { numRuns: 200, seed: 3 });
  });
});
