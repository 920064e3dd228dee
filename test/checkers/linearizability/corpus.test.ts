import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../../src/checkers/linearizability/history-check.ts';
import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import { HISTORY_MODELS } from '../../../src/checkers/linearizability/models/models.ts';
import { operationsOfDefect, readHistoryFile } from '../../support/history-file.ts';
import { isLegalOrder } from './brute-force.ts';

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
const NAMES = readdirSync(FOLDER).sort();

/** More than any of them takes. */
const STEPS_MAX = 2_000_000;

function load(name: string): ReturnType<typeof readHistoryFile> & { model: HistoryModel<unknown> } {
  const file = readHistoryFile(FOLDER + name);
  const model = HISTORY_MODELS.get(file.header.model);
  if (model === undefined) throw new Error(`no model ${file.header.model}`);
  return { ...file, model };
}

describe('the check', () => {
  it.each(NAMES)('decides %s as declared', (name) => {
    const { header, operations, model } = load(name);
    const { verdict } = checkHistory(operations, model, { stepsMax: STEPS_MAX, evidence: false });
    expect(verdict).not.toBe('unknown');
    if (header.linearizable === null) return;
    expect(verdict).toBe(header.linearizable ? 'pass' : 'violation');
  });

  it.each(NAMES.filter((name) => name.includes('-ok')))('orders %s legally, if at all', (name) => {
    const { operations, model } = load(name);
    const { verdict, order } = checkHistory(operations, model, { order: true, evidence: false });
    expect(order === null).toBe(verdict !== 'pass');
    if (order === null) return;
    expect(isLegalOrder(order, model)).toBe(true);
    const answered = operations.filter(({ outcome }) => outcome === 'ok');
    expect(order).toEqual(expect.arrayContaining(answered));
  });
});

describe('the evidence', () => {
  const planted = NAMES.filter((name) => {
    const { header } = readHistoryFile(FOLDER + name);
    // A flip is no proof: it only names the read that was changed.
    return header.linearizable === false && (header.defect?.kind ?? 'flip') !== 'flip';
  });

  it.each(planted)('of %s is at most twice what was planted', (name) => {
    const { header, operations, model } = load(name);
    const { evidence } = checkHistory(operations, model);
    const most = 2 * operationsOfDefect({ header, operations }).length;
    expect(evidence?.operations.length).toBeLessThanOrEqual(most);
    expect(checkHistory(evidence?.operations ?? [], model).verdict).toBe('violation');
  });
});
