import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RecordedOperation } from '../../src/checkers/linearizability/operation.ts';
import { HistoryReader } from '../../src/histories/history-reader.ts';
import type { RecordedHistory } from '../../src/histories/intake.ts';
import { readHistoryFile } from '../support/history-file.ts';

const FOLDER = fileURLToPath(new URL('../checkers/histories/', import.meta.url));

/** @param size how many bytes come at once */
function readBytes(bytes: Uint8Array, size: number, model?: string): RecordedHistory {
  const reader = new HistoryReader('history', model === undefined ? {} : { model });
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

function read(text: string, model?: string, size = 1000): RecordedHistory {
  return readBytes(new TextEncoder().encode(text), size, model);
}

const NAMES = readdirSync(FOLDER)
  .filter((name) => name.includes('-ok'))
  .sort();

/** An answer may repeat what was asked for, and one object has any name. */
function essenceOf(operation: RecordedOperation): RecordedOperation {
  const { input, output, key } = operation;
  return { ...operation, key: key ?? '', output: input === null ? output : null };
}

describe('a value', () => {
  it('that is a set of EDN is the same in whatever order it is written', () => {
    const { operations } = read(
      '{:process 0 :type :invoke :f :write :value #{2 {:b 1} {:a 1} 1}}' +
        '{:process 0 :type :ok :f :write :value #{{:a 1} 1 2 {:b 1}}}' +
        '{:process 0 :type :invoke :f :write :value [2 1]}',
      'register',
    );
    expect(operations[0]?.input).toEqual(expect.arrayContaining([1, 2, { ':a': 1 }, { ':b': 1 }]));
    expect(operations[1]?.input).toEqual([2, 1]);
  });

  it('may be so deep and no deeper', () => {
    const nested = (depth: number): string => {
      const value = '['.repeat(depth) + ']'.repeat(depth);
      return `{"process":0,"type":"invoke","f":"write","value":${value}}`;
    };
    expect(read(nested(99), 'register').operations).toHaveLength(1);
    for (const depth of [100, 100_000]) {
      expect(() => read(nested(depth), 'register')).toThrow(
        'history:1: more than 100 brackets are open',
      );
    }
  });
});

describe('a history of JSON lines', () => {
  it.each(NAMES)('like %s is read as it stands in the file', (name) => {
    const bytes = readFileSync(FOLDER + name);
    const history = readBytes(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, 4096);
    const expected = readHistoryFile(FOLDER + name);
    expect(history.operations.map(essenceOf)).toEqual(expected.operations.map(essenceOf));
    expect(history).toMatchObject({ model: expected.header.model, places: 'lines' });
  });

  it('is the same in whatever pieces it comes', () => {
    const text = [
      '{"model":"register","by":"ä"}',
      '{"process":0,"type":"invoke","f":"write","value":"ü € 𝄞"}\r',
      '',
      '{"process":0,"type":"ok","f":"write"}',
    ].join('\n');
    const whole = read(text);
    for (const size of [1, 2, 3, 7, 30]) expect(read(text, undefined, size)).toEqual(whole);
    expect(whole.operations).toMatchObject([{ input: 'ü € 𝄞', invokedAt: 2, returnedAt: 4 }]);
  });

  it('keeps numbers apart that a double cannot', () => {
    const write = (value: string, process: number): string => {
      return `{"process":${process},"type":"invoke","f":"write","value":${value}}`;
    };
    const { operations } = read(
      [
        '{"model":"register"}',
        write('9007199254740993', 0),
        write('9007199254740992', 1),
        write('"9007199254740993"', 2),
        write('1.5', 3),
      ].join('\n'),
    );
    expect(new Set(operations.map(({ input }) => input)).size).toBe(4);
    expect(operations[3]?.input).toBe(1.5);
  });

  it('leaves open what nobody answered', () => {
    const invoke = '{"process":0,"type":"invoke","f":"write","value":1}';
    const info = '{"process":0,"type":"info","f":"write","value":1,"error":"timed-out"}';
    for (const lines of [[invoke], [invoke, info]]) {
      const { operations } = read(['{"model":"register"}', ...lines].join('\n'));
      expect(operations).toMatchObject([
        { outcome: 'info', invokedAt: 2, returnedAt: Number.POSITIVE_INFINITY },
      ]);
    }
  });

  it('refuses more operations than it is allowed', () => {
    const reader = new HistoryReader('history', { model: 'register', operationsMax: 2 });
    const line = (process: number): string => `{"process":${process},"type":"invoke","f":"read"}\n`;
    const bytes = new TextEncoder().encode([0, 1, 2].map(line).join(''));
    expect(() => reader.push(bytes)).toThrow(/^history:3: has more than 2 operations/);
  });
});

describe('a history of EDN', () => {
  const VECTOR = `
; recorded
[{:process 0, :type :invoke, :f :cas, :value [1 2]}
 {:process :nemesis, :type :info, :f :kill, :value #{"n1" "n2"}}
 #jepsen.history.Op{:process 1 :type :invoke :f :read :value nil :time #inst "2020-01-01"}
 #_{:process 9, :type :invoke, :f :what}
 {:process 1, :type :ok, :f :read, :value "a]\\"}"} {:process 0, :type :fail, :f :cas, :value [1 2]}]
`;

  it('has its operations in one vector', () => {
    const { operations, places } = read(VECTOR, 'cas-register');
    expect(places).toBe('events');
    expect(operations).toMatchObject([
      {
        process: 0,
        f: 'cas',
        key: null,
        input: [1, 2],
        outcome: 'fail',
        invokedAt: 3,
        returnedAt: 8,
      },
      {
        process: 1,
        f: 'read',
        input: null,
        output: 'a]"}',
        outcome: 'ok',
        invokedAt: 5,
        returnedAt: 7,
      },
    ]);
  });

  it('is the same in whatever pieces it comes', () => {
    const whole = read(VECTOR, 'cas-register');
    for (const size of [1, 2, 3, 50]) expect(read(VECTOR, 'cas-register', size)).toEqual(whole);
  });

  it('has its operations on lines of their own', () => {
    const { operations, places } = read(
      '{:process 0, :type :invoke, :f :write, :value 3}\n{:process 0, :type :ok, :f :write, :value 3}',
      'register',
    );
    expect(places).toBe('lines');
    expect(operations).toMatchObject([{ f: 'write', input: 3, invokedAt: 1, returnedAt: 2 }]);
  });

  it('has tuples where it is of several objects', () => {
    const { operations } = read(
      [
        '{:process 0, :type :invoke, :f :cas, :value [7 [1 2]]}',
        '{:process 1, :type :invoke, :f :read, :value [8 nil]}',
        '{:process 1, :type :ok, :f :read, :value [8 5]}',
      ].join('\n'),
      'cas-register',
    );
    expect(operations).toMatchObject([
      { key: 7, input: [1, 2], outcome: 'info' },
      { key: 8, input: null, output: 5, outcome: 'ok' },
    ]);
  });

  it('says of a cas that failed for another reason nothing at all', () => {
    const { operations } = read(
      [
        '{:process 0, :type :invoke, :f :cas, :value [1 2]}',
        '{:process 0, :type :fail, :f :cas, :value [1 2], :error :no-leader}',
        '{:process 0, :type :invoke, :f :read, :value nil}',
      ].join('\n'),
      'cas-register',
    );
    expect(operations.map(({ f }) => f)).toEqual(['read']);
  });
});
