import { checkRecipes, stuckRecipes } from '../../src/checkers/recipe-checker.ts';
import type { Belief, Recipe, RecipeDetails, RecordedEvent } from '../../src/client/recipes/log.ts';
import { OPEN_ACL } from '../../src/keeper/acl.ts';
import { OP } from '../../src/keeper/codes.ts';
import type { SubChange } from '../../src/keeper/transaction.ts';
import { asZxid, type Zxid } from '../../src/zab/zxid.ts';
import { Script } from './scripted.ts';

const ENCODER = new TextEncoder();

/** Writes by hand what those who follow a recipe believed, and what was committed. */
export class ToldRecipes {
  readonly events: RecordedEvent[] = [];
  private readonly script = new Script();

  /** Nodes without an owner. @returns the zxid of the last */
  found(...paths: readonly string[]): Zxid {
    for (const path of paths) this.commit(9, creation(path, '', false));
    return this.zxid;
  }

  /** The session's own node. @returns its czxid */
  own(session: number, path: string, data = ''): Zxid {
    return this.commit(session, creation(path, data, true));
  }

  remove(session: number, path: string): Zxid {
    return this.commit(session, { type: OP.delete, body: { path } });
  }

  multi(session: number, ...changes: readonly SubChange[]): Zxid {
    this.script.commit(session, 0, { type: OP.multi, body: { changes } });
    return this.zxid;
  }

  end(session: number): Zxid {
    this.script.commit(session, 0, { type: OP.closeSession, body: { paths: [] } });
    return this.zxid;
  }

  /** Client and session have the same number. */
  note(session: number, what: Belief, details: Omit<RecipeDetails, 'what'>): void {
    const moment = this.script.history.moment();
    this.events.push({ client: session, session, what, ...details, ...moment });
  }

  get messages(): string[] {
    return checkRecipes(this.events, this.script.committed).map(({ message }) => message);
  }

  get stuck(): string | null {
    return stuckRecipes(this.events, this.script.committed)?.message ?? null;
  }

  private get zxid(): Zxid {
    return asZxid(this.script.zxid);
  }

  private commit(session: number, change: SubChange): Zxid {
    this.script.commit(session, 0, change);
    return this.zxid;
  }
}

export function creation(path: string, data: string, isEphemeral: boolean): SubChange {
  const body = { path, data: ENCODER.encode(data), acl: OPEN_ACL, parentCversion: 1, isEphemeral };
  return { type: OP.create, body };
}

export function deletion(path: string): SubChange {
  return { type: OP.delete, body: { path } };
}

export function setting(path: string, data: string): SubChange {
  return { type: OP.setData, body: { path, data: ENCODER.encode(data), version: 1 } };
}

/** A right as its holder goes through it. */
export class ToldRight {
  private readonly told: ToldRecipes;
  private readonly session: number;
  private readonly details: Omit<RecipeDetails, 'what'>;

  /** Granted on the state that is the last by now, unless `seen` says otherwise. */
  constructor(
    told: ToldRecipes,
    session: number,
    recipe: Recipe,
    details: Omit<RecipeDetails, 'what' | 'recipe'>,
  ) {
    this.told = told;
    this.session = session;
    this.details = { recipe, ...details };
    this.is('acquired');
  }

  is(...whats: readonly Belief[]): this {
    for (const what of whats) this.told.note(this.session, what, this.details);
    return this;
  }
}

export const LOCK = '/lock';
export const FIRST: string = `${LOCK}/a-lock-0000000000`;
export const SECOND: string = `${LOCK}/b-lock-0000000001`;

export function lockOf(
  told: ToldRecipes,
  session: number,
  path: string,
  token: Zxid,
  seen: Zxid,
): ToldRight {
  return new ToldRight(told, session, 'lock', { resource: LOCK, path, token, seen, item: 'lock' });
}

export const RW = '/rw';

/** Nodes in line, the sessions 1, 2 and so on; and the rights of some, granted at `seen`. */
export class ToldLine {
  readonly told: ToldRecipes = new ToldRecipes();
  private readonly tokens: Zxid[] = [];

  constructor(...labels: readonly string[]) {
    this.told.found(RW);
    labels.forEach((label, index) => {
      this.tokens.push(this.told.own(index + 1, this.path(label, index)));
    });
  }

  grant(session: number, item: string, seen: Zxid | undefined = this.tokens.at(-1)): void {
    const path = this.path(item, session - 1);
    const token = this.tokens[session - 1];
    if (token === undefined || seen === undefined) throw new Error('nobody stands there');
    const details = { resource: RW, path, token, seen, item };
    new ToldRight(this.told, session, 'read-write-lock', details);
  }

  private path(label: string, index: number): string {
    return `${RW}/x-${label}-000000000${index}`;
  }
}

/** A queue, its items and what was noted of them. */
export class ToldQueue {
  readonly told: ToldRecipes = new ToldRecipes();
  private readonly recipe: Recipe;

  constructor(recipe: Recipe) {
    this.recipe = recipe;
    this.told.found('/queue', '/queue/items', '/queue/offers', '/queue/claims');
  }

  /** @returns the transaction that has put it in */
  offer(session: number, item: string, name: string): Zxid {
    this.note(session, 'offering', { item });
    const token = this.put(session, item, name);
    this.note(session, 'offered', { item, token });
    return token;
  }

  put(session: number, item: string, name: string): Zxid {
    return this.told.multi(
      session,
      creation(`/queue/items/${name}`, item, false),
      creation(`/queue/offers/${name}`, '', true),
    );
  }

  take(session: number, item: string, name: string, seen: Zxid): void {
    const token = this.claim(session, name);
    this.note(session, 'taken', { item, path: `/queue/items/${name}`, token, seen });
    this.told.remove(session, `/queue/claims/${name}`);
  }

  claim(session: number, name: string): Zxid {
    return this.told.multi(
      session,
      deletion(`/queue/items/${name}`),
      creation(`/queue/claims/${name}`, '', true),
    );
  }

  note(
    session: number,
    what: 'offering' | 'offered' | 'taking' | 'taken',
    details: Partial<RecipeDetails>,
  ): void {
    this.told.note(session, what, { recipe: this.recipe, resource: '/queue', ...details });
  }
}

export const QN0 = 'qn-0000000000';
export const QN1 = 'qn-0000000001';

/** A configuration of two parts. */
export class ToldConfiguration {
  readonly told: ToldRecipes = new ToldRecipes();

  constructor() {
    this.told.found('/conf', '/conf/host', '/conf/port');
  }

  publish(session: number, guid: string, host: string, port: string): Zxid {
    this.note(session, 'publishing', { item: guid, items: [host, port] });
    const token = this.set(session, guid, host, port);
    this.note(session, 'published', { item: guid, items: [host, port], token });
    return token;
  }

  set(session: number, guid: string, host: string, port: string): Zxid {
    const parts = [setting('/conf/host', host), setting('/conf/port', port)];
    return this.told.multi(session, setting('/conf', guid), ...parts);
  }

  view(session: number, seen: Zxid, item: string, ...items: string[]): void {
    this.note(session, 'viewed', { item, items, seen });
  }

  note(
    session: number,
    what: 'publishing' | 'published' | 'viewed',
    details: Partial<RecipeDetails>,
  ): void {
    this.told.note(session, what, { recipe: 'configuration', resource: '/conf', ...details });
  }
}
