import { describe, expect, it } from 'vitest';
import { compareAnswer } from '../../src/checkers/answers.ts';
import { idsOf } from '../../src/checkers/models/access-model.ts';
import { ZnodeModel } from '../../src/checkers/models/znode-model.ts';
import type { Operation } from '../../src/client/history.ts';
import { CODE, isWrite, OP, opName } from '../../src/keeper/codes.ts';
import type { Transaction } from '../../src/keeper/transaction.ts';
import { type Recorded, recordings } from './recordings.ts';

const RECORDINGS = recordings();

describe('the model of the tree answers every recorded request as the real server did', () => {
  it.each(RECORDINGS.map((recorded) => ({ name: recorded.name, recorded })))(
    '$name',
    ({ recorded }) => {
      expect(differences(recorded)).toEqual([]);
    },
  );

  it('and the recordings have requests of every type and thousands of them', () => {
    const asked = RECORDINGS.flatMap(({ operations }) => operations);
    const types = new Set(asked.map(({ question }) => opName(question.type)));
    expect(asked.length).toBeGreaterThan(3000);
    expect(types.size).toBeGreaterThan(25);
  });
});

/** Where the model does not agree; answers about watches are the watch checker's. */
function differences(recorded: Recorded): string[] {
  const { config, operations, committed } = recorded;
  const model = new ZnodeModel(config);
  const answered = operations.filter(({ reply }) => reply !== null);
  const asked = new Set(answered.filter(isAnsweredWrite).map(({ zxid }) => zxid));
  const found: string[] = [];
  let next = 0;
  for (const txn of [null, ...committed]) {
    if (txn !== null && !asked.has(txn.zxid)) found.push(...actAlone(model, txn));
    for (let operation = answered[next]; operation !== undefined; operation = answered[next]) {
      if (operation.zxid > (txn?.zxid ?? 0)) break;
      next++;
      found.push(...judge(model, operation, txn, config.superDigest));
    }
  }
  return found;
}

function isAnsweredWrite({ question }: Operation): boolean {
  return isWrite(question.type);
}

function judge(
  model: ZnodeModel,
  { reply, question, session, auth, zxid }: Operation,
  txn: Transaction | null,
  superDigest: string,
): string[] {
  const isJudged = zxid > 0 && reply?.err !== CODE.NOWATCHER;
  if (reply === null || !isJudged) return [];
  const asker = { session, ids: idsOf('127.0.0.1', auth, superDigest) };
  const isChange = txn !== null && isWrite(question.type);
  const expected = isChange ? model.write(asker, question, txn) : model.read(asker, question);
  const difference = compareAnswer(reply, expected);
  if (difference === null) return [];
  return [`${opName(question.type)} ${JSON.stringify(question.body)}: ${difference}`];
}

/** What the server does that nobody asked for. */
function actAlone(model: ZnodeModel, txn: Transaction): string[] {
  const asker = { session: txn.session, ids: [] };
  if (txn.type === OP.closeSession) model.write(asker, { type: txn.type, body: null }, txn);
  if (txn.type !== OP.deleteContainer) return [];
  const { path } = txn.body;
  const { err } = model.write(asker, { type: txn.type, body: { path } }, txn);
  const isRight = err === CODE.OK && model.mayReap(path, txn.time);
  return isRight ? [] : [`${path} was deleted`];
}
