import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckDocument } from '../../src/report/check.ts';
import { shell, zabox } from '../support/command.ts';

const HISTORIES = 'test/checkers/histories';
const RIGHT = `${HISTORIES}/register-p3-100-ok.jsonl`;
const STALE = `${HISTORIES}/register-p3-100-stale.jsonl`;
const CROSS = `${HISTORIES}/znode-local-p4-k4-200-crossKey.jsonl`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabox-check-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Lost writes of many values, and then one that nobody wrote: nothing soon found. */
function hardHistory(): string {
  const line = (process: number, type: string, f: string, value: unknown): string => {
    return JSON.stringify({ process, type, f, value });
  };
  const calls = Array.from({ length: 40 }, (_, n) => line(n, 'invoke', 'enqueue', n % 5));
  const dequeues = Array.from({ length: 30 }, (_, n) => {
    const value = (n * 7) % 5;
    return [line(100, 'invoke', 'dequeue', null), line(100, 'ok', 'dequeue', value)];
  });
  const lie = [line(101, 'invoke', 'dequeue', null), line(101, 'ok', 'dequeue', null)];
  const answers = Array.from({ length: 40 }, (_, n) => line(n, 'ok', 'enqueue', n % 5));
  return [
    JSON.stringify({ model: 'queue' }),
    ...calls,
    ...answers,
    ...lie,
    ...dequeues.flat(),
  ].join('\n');
}

describe('zabox check --json', () => {
  it('prints a document with exactly the documented keys', () => {
    const { status, stdout, stderr } = zabox('check', '--json', RIGHT);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const document: CheckDocument = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual([
      'file',
      'consistency',
      'model',
      'verdict',
      'operations',
      'checkMicros',
      'peakBytes',
      'routes',
      'places',
      'evidence',
      'progress',
    ]);
    expect(document).toMatchObject({
      file: RIGHT,
      consistency: 'linearizable',
      model: 'register',
      verdict: 'pass',
      operations: 100,
      evidence: null,
    });
  });

  it('gives the operations that are wrong by themselves, and the reason', () => {
    const { status, stdout } = zabox('check', '--json', STALE);
    expect(status).toBe(1);
    const { verdict, evidence }: CheckDocument = JSON.parse(stdout);
    expect(verdict).toBe('violation');
    expect(evidence?.operations.map(({ invokedAt }) => invokedAt)).toEqual([162, 164, 172]);
    expect(evidence?.explanation.join(' ')).toContain('has no place');
  });

  it('prints a list of several, those included that cannot be read', () => {
    const { status, stdout, stderr } = zabox('check', '--json', RIGHT, 'nowhere.jsonl', STALE);
    expect(status).toBe(2);
    expect(stderr).toBe('zabox: nowhere.jsonl: cannot be read: there is no such file\n');
    expect(JSON.parse(stdout)).toMatchObject([
      { file: RIGHT, verdict: 'pass' },
      { file: 'nowhere.jsonl', error: stderr.slice('zabox: '.length, -1) },
      { file: STALE, verdict: 'violation' },
    ]);
  });
});

describe('the exit code of zabox check', () => {
  it('is 0 when all are right, and 1 when one is not', () => {
    expect(zabox('check', RIGHT, RIGHT).status).toBe(0);
    expect(zabox('check', RIGHT, STALE).status).toBe(1);
  });

  it('is 2 when one cannot be read, whatever the others are', () => {
    expect(zabox('check', STALE, 'nowhere.jsonl').status).toBe(2);
  });

  it('is 3 when the time or the memory ends before there is a verdict', () => {
    const hard = fileOf('hard.jsonl', hardHistory());
    const late = zabox('check', '--json', '--sequential', '--timeout', '1ms', hard);
    expect(late.status).toBe(3);
    expect(JSON.parse(late.stdout)).toMatchObject({
      verdict: 'unknown',
      progress: { cap: 'caller' },
    });
    const full = zabox('check', '--json', '--sequential', '--memory', '64kB', hard);
    expect(full.status).toBe(3);
    const { progress, peakBytes }: CheckDocument = JSON.parse(full.stdout);
    expect(progress?.cap).toBe('memory');
    expect(peakBytes).toBeLessThanOrEqual(64 * 1024);
    expect(zabox('check', '--sequential', '--memory', '64kB', hard).stdout).toContain('(--memory)');
  });
});

describe('zabox check', () => {
  it('tells a person what is wrong, and shows the lines', () => {
    const { stdout } = zabox('check', STALE);
    expect(stdout).toMatch(/^zabox check .*\nmodel {6}register\noperations 100 by 3 processes/);
    expect(stdout).toMatch(/^VIOLATED linearizable: no order in real time/m);
    expect(stdout).toMatch(/^these 3 are wrong by themselves, by their lines:$/m);
    expect(stdout).toMatch(/^ {2}\[172–176\] {2}process 2: read {5}→ ok, 39$/m);
  });

  it('judges by what is asked for', () => {
    const verdictBy = (...flags: string[]): string => {
      return JSON.parse(zabox('check', '--json', ...flags, CROSS).stdout).verdict;
    };
    expect(verdictBy()).toBe('violation');
    expect(verdictBy('--session')).toBe('violation');
    expect(verdictBy('--sequential')).toBe('pass');
  });

  it('reads what is compressed, and what comes through a pipe', () => {
    const packed = fileOf('packed', gzipSync(readFileSync(STALE)));
    expect(zabox('check', packed).status).toBe(1);
    expect(shell(`cat ${STALE} | zabox check /dev/stdin`).status).toBe(1);
  });

  it('takes the model from the flag rather than from the header', () => {
    const { stdout } = zabox('check', '--json', '--model', 'cas-register', RIGHT);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'cas-register', verdict: 'pass' });
  });

  it('reads what Jepsen has written', () => {
    const { status, stdout } = zabox('check', '--model', 'cas-register', 'examples/jepsen.edn');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^operations 4 by 3 processes on 2 objects$/m);
  });

  it('draws the history when asked for a page', () => {
    const page = join(folder, 'page.html');
    expect(zabox('check', '--html', page, STALE).status).toBe(1);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
  });

  it.each([
    ['two ways to judge', ['--session', '--sequential', RIGHT], /--session.*--sequential/],
    ['a session without zxids', ['--session', RIGHT], /--session is for .* znode/],
    ['a time without a unit', ['--timeout', '5', RIGHT], /--timeout: '5' is not a time/],
    ['a size without a unit', ['--memory', '5', RIGHT], /--memory: '5' is no size; .* 64MB/],
    ['a model that is none', ['--model', 'registr', RIGHT], /'registr'; did you mean register\?/],
    ['a page of several', ['--html', 'page.html', RIGHT, RIGHT], /--html: is for one history/],
    ['a page nowhere', ['--html', '/no/where', RIGHT], /--html: '\/no\/where' cannot be written/],
    ['no file', [], /missing required argument 'files'/],
    ['a directory', ['.'], /\.: cannot be read: it is a directory/],
  ])('refuses %s in one line', (_what, words, message) => {
    const { status, stderr } = zabox('check', ...words);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^zabox: [^\n]+\n$/);
    expect(status).toBe(2);
    expect(existsSync('page.html')).toBe(false);
  });
});

describe('zabox run --history', () => {
  it('writes what zabox check finds right of a correct run', () => {
    const path = join(folder, 'run.jsonl');
    const seed = ['--seed', '7', '--duration', '10s'];
    expect(zabox('run', ...seed, '--history', path).status).toBe(0);
    for (const flag of ['--json', '--session', '--sequential']) {
      expect(zabox('check', flag, path).status).toBe(0);
    }
    const [header = ''] = readFileSync(path, 'utf8').split('\n');
    const { model, madeBy } = JSON.parse(header);
    expect({ model, madeBy }).toEqual({
      model: 'znode',
      madeBy: 'npx zabox run --seed 0x7 --duration 10s',
    });
  });

  it('writes what zabox check finds wrong of servers with a bug', () => {
    const path = join(folder, 'bug.jsonl');
    const { status } = zabox('run', 'scenarios/bugs/multi-in-part.yaml', '--history', path);
    expect(status).toBe(0);
    for (const flag of ['--json', '--session', '--sequential']) {
      expect(zabox('check', flag, path).status).toBe(1);
    }
  });

  it('is for one scenario', () => {
    const { status, stderr } = zabox('run', 'scenarios/election', '--history', join(folder, 'x'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^zabox: --history: is for one scenario/);
  });
});
