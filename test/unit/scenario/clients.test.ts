import { describe, expect, it } from 'vitest';
import { ProtocolChecker } from '../../../src/checkers/protocol-checker.ts';
import { CommittedTree } from '../../../src/checkers/recipes/committed-tree.ts';
import type { Operation } from '../../../src/client/history.ts';
import { CODE, OP, opName } from '../../../src/keeper/codes.ts';
import { CORRECT_SERVER_RULES } from '../../../src/keeper/rules.ts';
import type { Transaction } from '../../../src/keeper/transaction.ts';
import { Clients } from '../../../src/scenario/clients.ts';
import { Ensemble } from '../../../src/scenario/ensemble.ts';
import type { Plan } from '../../../src/scenario/plan.ts';
import type { RecipeName } from '../../../src/workload/settings.ts';
import type { Host } from '../../../src/world/host.ts';
import { quietPlan, SECOND, weightsOf } from '../../support/plans.ts';

/** The clients of a plan with an ensemble that serves; a test starts and crashes them. */
class Stage {
  readonly ensemble: Ensemble;
  readonly clients: Clients;
  private readonly checker: ProtocolChecker;

  constructor(plan: Plan) {
    this.ensemble = new Ensemble(plan, CORRECT_SERVER_RULES);
    const { world, serverIds } = this.ensemble;
    this.clients = new Clients(plan, world, serverIds);
    this.checker = new ProtocolChecker(this.ensemble, 0);
    world.timeline.addObserver(this.checker);
    for (const id of serverIds) world.host(id).start();
    this.pass(3 * SECOND);
  }

  host(client: number): Host {
    return this.ensemble.world.host(this.clients.hostIds[client - 1] ?? 0);
  }

  pass(micros: number): void {
    const end = this.ensemble.now + micros;
    this.ensemble.world.schedule(end, { perform: () => {} });
    while (this.ensemble.now < end) this.ensemble.world.step();
  }

  operations(client: number): Operation[] {
    return this.clients.history.operations.filter((operation) => operation.client === client);
  }

  get tree(): CommittedTree {
    return new CommittedTree(this.checker.committedTxns() as Transaction[]);
  }
}

function planOf(recipe: RecipeName | null = null): Plan {
  const plan = quietPlan({ clients: 2 });
  const weights = weightsOf({ read: 1, write: 3, createEphemeral: 1 });
  const recipeClients = recipe === null ? 0 : 2;
  return { ...plan, workload: { ...plan.workload, weights, recipe, recipeClients } };
}

function valuesOf(operations: readonly Operation[]): string[] {
  const decoder = new TextDecoder();
  return operations.flatMap(({ question: { body } }) => {
    const data = body !== null && 'data' in body ? body.data : null;
    return data instanceof Uint8Array ? [decoder.decode(data)] : [];
  });
}

describe('a client that crashes and comes back', () => {
  function crashed(): { stage: Stage; first: Operation[]; second: Operation[] } {
    const stage = new Stage(planOf());
    stage.host(1).start();
    stage.pass(5 * SECOND);
    stage.host(1).kill();
    const first = stage.operations(1);
    stage.pass(SECOND);
    stage.host(1).start();
    stage.pass(5 * SECOND);
    return { stage, first, second: stage.operations(1).slice(first.length) };
  }

  it('never writes a value that it has written before', () => {
    const { stage, first, second } = crashed();
    expect(valuesOf(first).length).toBeGreaterThan(20);
    expect(valuesOf(second).length).toBeGreaterThan(20);
    const values = valuesOf(stage.operations(1));
    expect(new Set(values).size).toBe(values.length);
  });

  it('does not do again what it did in its first life', () => {
    const { first, second } = crashed();
    const kinds = (operations: readonly Operation[]): string[] => {
      return operations.slice(0, 60).map(({ question }) => opName(question.type));
    };
    expect(kinds(second)).not.toEqual(kinds(first));
  });

  it('has a new session, and connections that are counted on', () => {
    const { first, second } = crashed();
    const sessions = (operations: readonly Operation[]): Set<number> => {
      return new Set(operations.map(({ session }) => session).filter((id) => id !== 0));
    };
    expect(sessions(first).size).toBe(1);
    expect(sessions(second).size).toBe(1);
    expect(sessions(second)).not.toEqual(sessions(first));
    const numbers = [...first, ...second].map(({ connection }) => connection);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBe(2);
  });

  it('leaves what its old session owned to the end of that session', () => {
    const { stage, first, second } = crashed();
    const { tree } = stage;
    const made = first.filter(({ question, err, isDone }) => {
      return question.type === OP.create && question.body.flags === 1 && isDone && err === CODE.OK;
    });
    expect(made.length).toBeGreaterThan(0);
    const lives = made.flatMap(({ zxid, reply }) => {
      const path = reply?.type === OP.create ? reply.body?.path : undefined;
      return path === undefined ? [] : [tree.bornAt(path, zxid)];
    });
    expect(lives.map((life) => life?.ending)).not.toContain('none');
    expect(lives.map((life) => life?.ending)).toContain('session');
    expect(tree.hasEnded(second.at(-1)?.session ?? 0)).toBe(false);
  });
});

describe('an operation that its client has died over', () => {
  it('stays open for ever, and nothing is owed to who is down', () => {
    const stage = new Stage(planOf());
    for (const client of [1, 2]) stage.host(client).start();
    stage.pass(3 * SECOND);
    while (stage.operations(1).at(-1)?.isDone !== false) stage.ensemble.world.step();
    const open = stage.operations(1).at(-1);
    stage.host(1).kill();
    expect(stage.clients.standings().map(({ client }) => client)).toEqual([2]);
    stage.host(1).start();
    stage.pass(5 * SECOND);
    stage.clients.stop();
    stage.pass(SECOND);
    expect(open?.isDone).toBe(false);
    expect(stage.clients.standings()).toEqual([
      { client: 1, isConnected: true, openCount: 0 },
      { client: 2, isConnected: true, openCount: 0 },
    ]);
  });
});

describe('a client that does not read for a while', () => {
  interface Deafness {
    readonly stage: Stage;
    /** What it asked for while it did not read, and when it did again. */
    readonly meanwhile: readonly Operation[];
    readonly later: readonly Operation[];
    /** How many answers it got meanwhile. */
    readonly answerCount: number;
  }

  function deaf(micros: number): Deafness {
    const stage = new Stage(planOf());
    stage.host(1).start();
    stage.pass(3 * SECOND);
    const { length } = stage.operations(1);
    stage.host(1).stopReading();
    stage.pass(micros);
    const meanwhile = stage.operations(1).slice(length);
    const answerCount = meanwhile.filter(isAnswered).length;
    stage.host(1).readAgain();
    stage.pass(4 * SECOND);
    const later = stage.operations(1).slice(length + meanwhile.length);
    return { stage, meanwhile, later, answerCount };
  }

  function isAnswered({ reply }: Operation): boolean {
    return reply !== null;
  }

  it('gives up connections, asks again, and goes on in its session when it reads', () => {
    const { stage, meanwhile, later } = deaf(1_500_000);
    const [first] = stage.operations(1);
    expect(meanwhile.length).toBeGreaterThan(0);
    expect(meanwhile.some(({ err }) => err === CODE.CONNECTIONLOSS)).toBe(true);
    expect(later.filter(isAnswered).length).toBeGreaterThan(10);
    expect(later.at(-1)?.session).toBe(first?.session);
    expect(later.at(-1)?.connection).toBeGreaterThan(1);
  });

  it('begins another session when it has read nothing for longer than that lasts', () => {
    const { stage, answerCount, later } = deaf(6 * SECOND);
    const [first] = stage.operations(1);
    expect(answerCount).toBe(0);
    expect(later.filter(isAnswered).length).toBeGreaterThan(10);
    expect(later.at(-1)?.session).not.toBe(first?.session);
  });
});

describe('clients that are told to stop', () => {
  it('ask for nothing when they are started later, but connect', () => {
    const stage = new Stage(planOf());
    stage.host(2).start();
    stage.clients.stop();
    stage.host(1).start();
    stage.pass(3 * SECOND);
    expect(stage.operations(1).every(({ question }) => question.type === OP.create)).toBe(true);
    expect(valuesOf(stage.operations(1))).toEqual([]);
    expect(stage.clients.standings().map(({ isConnected }) => isConnected)).toEqual([true, true]);
  });
});

describe('a client that crashes while it follows a recipe', () => {
  it('loses the lock that it has, and the others go on when its session is over', () => {
    const stage = new Stage(planOf('lock'));
    for (const client of [1, 2]) stage.host(client).start();
    const { events } = stage.clients.journal;
    while (events.findLast(({ client }) => client === 1)?.what !== 'acquired') stage.pass(1000);
    const { session = 0, path = '' } = events.findLast(({ client }) => client === 1) ?? {};
    stage.host(1).losePower();
    const { length } = events;
    expect(events.at(-1)).toMatchObject({ client: 1, session, path, what: 'lost' });
    stage.pass(2_500_000);
    const heirs = events.slice(length).filter(({ what }) => what === 'acquired');
    expect(heirs[0]?.client).toBe(2);
    stage.host(1).start();
    stage.pass(3 * SECOND);
    const later = events.slice(length).filter(({ client }) => client === 1);
    expect(later.some(({ what }) => what === 'acquired')).toBe(true);
    expect(later.some((event) => event.session === session)).toBe(false);
    expect(stage.tree.livesOf(path).map(({ ending }) => ending)).toEqual(['session']);
  });

  it('takes part in the round of a barrier that it died in, and in no earlier one', () => {
    const stage = new Stage(planOf('double-barrier'));
    for (const client of [1, 2]) stage.host(client).start();
    const { events } = stage.clients.journal;
    const roundsOf = (what: string): string[] => {
      return events.flatMap((event) => {
        return event.client === 1 && event.what === what ? [event.resource] : [];
      });
    };
    while (roundsOf('entered').length < 3) stage.pass(1000);
    stage.host(1).kill();
    const { length } = roundsOf('entering');
    stage.host(1).start();
    stage.pass(10 * SECOND);
    expect(roundsOf('entering').slice(length)[0]).toBe('/recipe/round-4');
    expect(roundsOf('left')).toContain('/recipe/round-4');
    expect(roundsOf('left')).not.toContain('/recipe/round-3');
  });
});
