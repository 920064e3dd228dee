import { describe, expect, it } from 'vitest';
import { type Consistency, newCheck } from '../../src/checkers/consistency/judge.ts';
import { HISTORY_MODELS } from '../../src/checkers/linearizability/models/models.ts';
import type { RecordedOperation } from '../../src/checkers/linearizability/operation.ts';
import type { RecordedHistory } from '../../src/histories/intake.ts';
import type { CheckedHistory } from '../../src/report/check.ts';
import { renderTimeline } from '../../src/report/timeline.ts';
import { layOut } from '../../src/report/timeline-layout.ts';
import { readHistoryFile } from '../checkers/history-files.ts';

function judge(
  history: RecordedHistory,
  consistency: Consistency = 'linearizable',
): CheckedHistory {
  const model = HISTORY_MODELS.get(history.model);
  if (model === undefined) throw new Error(`no model ${history.model}`);
  const check = newCheck(consistency, history.operations, model, { order: true });
  check.advance(Number.POSITIVE_INFINITY);
  const file = 'history.jsonl';
  return { file, consistency, history, result: check.result(), checkMicros: 1, timeoutMicros: 1 };
}

function judgeFile(name: string, consistency?: Consistency): CheckedHistory {
  return judge(readHistoryFile(name).history, consistency);
}

/** Writes one after the other, each of them read; in the end the first once more. */
function longHistory(pairs: number): RecordedHistory {
  const operations: RecordedOperation[] = [];
  const add = (process: number, f: string, input: unknown, output: unknown): void => {
    const invokedAt = operations.length * 2 + 2;
    const returnedAt = invokedAt + 1;
    operations.push({ process, f, key: null, input, output, outcome: 'ok', invokedAt, returnedAt });
  };
  for (let value = 1; value <= pairs; value++) {
    add(1, 'write', value, null);
    add(2, 'read', null, value);
  }
  add(3, 'read', null, 1);
  return { model: 'register', operations, places: 'lines' };
}

/** How often something stands in a page. */
function count(page: string, pattern: RegExp): number {
  return [...page.matchAll(pattern)].length;
}

describe('the picture of a history', () => {
  it('has a row for each process and a bar for each operation, in the order of time', () => {
    const checked = judgeFile('register-p3-100-ok');
    const { rows, leftOut } = layOut(checked);
    expect(rows.map(({ process }) => process)).toEqual([0, 1, 2]);
    expect(rows.flatMap(({ bars }) => bars)).toHaveLength(100);
    expect(leftOut).toBe(0);
    for (const { bars } of rows) {
      bars.forEach(({ left, width }, index) => {
        expect(width).toBeGreaterThan(0);
        expect(left + width).toBeLessThan(bars[index + 1]?.left ?? Number.POSITIVE_INFINITY);
      });
    }
  });

  it('leads the order that was found through the bars, from left to right', () => {
    const { moments, rows } = layOut(judgeFile('register-p3-100-ok'));
    expect(moments).toHaveLength(100);
    moments.forEach(({ operation, x, row }, index) => {
      const bar = rows[row]?.bars.find((each) => each.operation === operation);
      expect(x).toBeGreaterThanOrEqual(bar?.left ?? Number.NaN);
      expect(x).toBeLessThanOrEqual((bar?.left ?? 0) + (bar?.width ?? 0));
      expect(x).toBeGreaterThanOrEqual(moments[index - 1]?.x ?? 0);
    });
  });

  it('marks what is wrong', () => {
    const checked = judgeFile('znode-local-p4-k4-200-crossKey', 'session');
    const bars = layOut(checked).rows.flatMap((row) => row.bars);
    const marked = bars.filter(({ isConflict }) => isConflict).map(({ operation }) => operation);
    expect(new Set(marked)).toEqual(new Set(checked.result.evidence?.operations));
  });

  it('marks above all what has no place in the order', () => {
    const checked = judgeFile('register-p3-100-stale');
    const bars = layOut(checked).rows.flatMap((row) => row.bars);
    const stuck = bars.filter(({ isStuck }) => isStuck).map(({ operation }) => operation);
    expect(stuck).toMatchObject([{ f: 'read', output: 39 }]);
    expect(checked.result.evidence?.longestOrder).not.toContain(stuck[0]);
  });

  it('shows of a long history what stands around the conflict', () => {
    const checked = judge(longHistory(2000));
    const { rows, breaks, leftOut } = layOut(checked);
    const shown = rows.flatMap(({ bars }) => bars.map(({ operation }) => operation));
    expect(shown.length + leftOut).toBe(4001);
    expect(shown.length).toBeLessThanOrEqual(300);
    expect(checked.result.verdict).toBe('violation');
    for (const operation of checked.result.evidence?.operations ?? []) {
      expect(shown).toContain(operation);
    }
    expect(breaks.length).toBeGreaterThan(0);
  });

  it('shows of a long history that is right the beginning', () => {
    const { operations, ...history } = longHistory(2000);
    const { leftOut, rows } = layOut(judge({ ...history, operations: operations.slice(0, -1) }));
    expect(leftOut).toBe(3700);
    expect(rows.map(({ process }) => process)).toEqual([1, 2]);
  });
});

describe('the page of a history', () => {
  it('needs nothing else, and says what was judged and what came of it', () => {
    const page = renderTimeline(judgeFile('register-p3-100-stale'));
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import/);
    expect(page).toContain('<strong>violation</strong>');
    expect(count(page, /<li>/g)).toBeGreaterThan(1);
    expect(count(page, /class="bar [^"]*" style=/g)).toBe(100);
    expect(count(page, /class="bar [^"]*conflict[^"]*" style=/g)).toBe(3);
    expect(count(page, /<tbody>.*<\/tbody>/g)).toBe(1);
  });

  it('closes every element that it opens', () => {
    for (const name of ['register-p3-100-ok', 'lostwrites-10-bad', 'queue-p3-100-fifo']) {
      const page = renderTimeline(judgeFile(name));
      for (const tag of [
        'div',
        'svg',
        'p',
        'ol',
        'li',
        'table',
        'tr',
        'td',
        'g',
        'title',
        'span',
      ]) {
        const opened = count(page, new RegExp(`<${tag}[ >]`, 'g'));
        expect({ tag, closed: count(page, new RegExp(`</${tag}>`, 'g')) }).toEqual({
          tag,
          closed: opened,
        });
      }
    }
  });

  it('shows text as text', () => {
    const evil = '<script>alert("x")</script>';
    const [write, ...others] = longHistory(1).operations;
    const operations = [{ ...write, input: evil } as RecordedOperation, ...others];
    const page = renderTimeline(judge({ model: 'register', operations, places: 'lines' }));
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert');
  });
});
