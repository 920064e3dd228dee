import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/report/json.ts';
import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';
import { type CommandResult, shell, zabox } from '../support/command.ts';

/** Short runs, where it does not matter what happens in them. */
const SHORT = ['--duration', '2s'];

function runJson(...words: string[]): RunDocument {
  return JSON.parse(zabox('run', '--json', ...words).stdout);
}

describe('zabox run --json', () => {
  let passed: CommandResult;

  beforeAll(() => {
    passed = zabox('run', '--seed', '42', '--json');
  });

  it('prints one JSON document on one line, and nothing else', () => {
    expect(passed.status).toBe(0);
    expect(passed.stderr).toBe('');
    expect(passed.stdout).toMatch(/^\{.*\}\n$/);
  });

  it('has exactly the documented keys', () => {
    const document = JSON.parse(passed.stdout);
    expect(Object.keys(document)).toEqual([
      'seed',
      'verdict',
      'violations',
      'digest',
      'simulatedMicros',
      'wallMicros',
      'events',
      'stats',
      'reproduce',
    ]);
    expect(Object.keys(document.stats)).toEqual([
      'leaders',
      'faults',
      'idleFaults',
      'packets',
      'operations',
      'syncs',
      'servers',
      'synchronised',
      'elections',
      'proposals',
      'happened',
      'reached',
      'checked',
    ]);
  });

  it('tells what the library tells', () => {
    const { verdict, violations, digest, simulatedMicros, events, stats } = run(generate(42));
    const { wallMicros, ...document } = JSON.parse(passed.stdout);
    expect(document).toEqual({
      seed: '42',
      verdict,
      violations,
      digest,
      simulatedMicros,
      events,
      stats,
      reproduce: 'npx zabox run --seed 0x2a',
    });
    expect(Number.isInteger(wallMicros)).toBe(true);
  });
});

describe('zabox run', () => {
  it('shows a table, the verdict, the digest and how to repeat the run', () => {
    const { status, stdout, stderr } = zabox('run', '--seed', '42', ...SHORT);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const labels = stdout.split('\n').map((line) => line.split(' ')[0]);
    expect(labels).toEqual([
      'zabox',
      'ensemble',
      'leaders',
      'elections',
      'syncs',
      'proposals',
      'faults',
      'packets',
      'operations',
      'untested',
      'events',
      'time',
      'PASS',
      'digest',
      'repeat',
      '',
    ]);
    for (const what of ['sent', 'dropped', 'duplicated', 'reordered', 'retransmitted']) {
      expect(stdout).toMatch(new RegExp(`^packets .*\\b${what} \\d`, 'm'));
    }
    expect(stdout).toContain('repeat   npx zabox run --seed 0x2a --duration 2s\n');
  });

  it('judges nothing that it is told to leave out, and says how to do so again', () => {
    const { stats, reproduce, digest } = runJson(
      '--seed',
      '42',
      '--without',
      'agreement',
      ...SHORT,
    );
    expect(Object.keys(stats.checked)).not.toContain('agreement');
    expect(stats.checked.recoverability).toBeGreaterThan(0);
    expect(reproduce).toContain(' --without agreement');
    expect(runJson('--seed', '42', ...SHORT).digest).toBe(digest);
  });

  it('takes a seed in decimal and in hexadecimal for the same', () => {
    const decimal = runJson('--seed', '255', ...SHORT);
    const hexadecimal = runJson('--seed', '0xFF', ...SHORT);
    expect(hexadecimal.digest).toBe(decimal.digest);
    expect(hexadecimal.seed).toBe('255');
  });

  it('takes any word and any large number for a seed', () => {
    const seeds = ['a-word', '-5', '123456789012345678901234567890'];
    const documents = seeds.map((seed) => runJson('--seed', seed, ...SHORT));
    expect(documents.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(new Set(documents.map(({ digest }) => digest)).size).toBe(seeds.length);
  });

  it('runs an even number of servers, and one alone', () => {
    for (const servers of ['4', '2', '1']) {
      const { verdict, stats } = runJson('--servers', servers, '--duration', '10s');
      expect(verdict).toBe('pass');
      expect(stats.leaders.length).toBeGreaterThan(0);
    }
  });

  it('gives an ensemble the shape that is asked for', () => {
    const words = ['--servers', '3', '--observers', '2', '--clients', '1', ...SHORT];
    const { stdout } = zabox('run', ...words);
    expect(stdout).toContain('3 servers, 2 observers, 1 client\n');
    const { reproduce } = runJson(...words);
    expect(reproduce).toBe(
      'npx zabox run --seed 0x2a --servers 3 --observers 2 --clients 1 --duration 2s',
    );
  });

  it('does not colour what no terminal shows', () => {
    expect(zabox('run', ...SHORT).stdout).not.toContain('\u001b');
  });

  it('lets NO_COLOR win over everything', () => {
    const colored = shell(`FORCE_COLOR=1 zabox run ${SHORT.join(' ')}`);
    expect(colored.stdout).toContain('\u001b');
    const plain = shell(`FORCE_COLOR=1 NO_COLOR=1 zabox run ${SHORT.join(' ')}`);
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('does not mind a reader that closes its pipe', () => {
    for (const words of ['run --duration 2s', 'run --duration 2s --json', '--help']) {
      const { status, stderr } = shell(`zabox ${words} | true; exit \${PIPESTATUS[0]}`);
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  });
});

describe('the reproduction line', () => {
  it('of a campaign repeats a failure: the same property, and each time the same digest', () => {
    const campaign = zabox('fuzz', '--seeds', '6', '--bug', 'epoch-not-advanced', '--json');
    expect(campaign.status).toBe(1);
    const [failure] = JSON.parse(campaign.stdout).failures;
    const repeat = failure.reproduce.replace(/^npx /, '');
    const first = shell(`${repeat} --json`);
    expect(first.status).toBe(1);
    const { verdict, violations, digest, reproduce } = JSON.parse(first.stdout);
    expect(verdict).toBe('violation');
    expect(violations[0].property).toBe(failure.property);
    expect(Object.keys(violations[0])).toEqual(['property', 'message', 'at', 'seq']);
    expect(reproduce).toBe(failure.reproduce);
    const second = shell(repeat);
    expect(second.status).toBe(1);
    expect(second.stdout).toMatch(new RegExp(`^VIOLATED ${failure.property}: `, 'm'));
    expect(second.stdout).toContain(`digest   ${digest}\n`);
  });

  it('says all that shaped the run, quoted for a shell', () => {
    const words = ['--seed', "it's $HOME; \\", '--servers', '4', '--duration', '2.5s'];
    const { digest, reproduce } = runJson(...words);
    const { stdout } = shell(`${reproduce.replace(/^npx /, '')} --json`);
    expect(JSON.parse(stdout)).toMatchObject({ digest, reproduce });
  });
});

describe('zabox run --trace', () => {
  const directory = mkdtempSync(join(tmpdir(), 'zabox-trace-'));
  const file = join(directory, 'run.jsonl');

  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes what happens, in order, as JSON lines, and leaves the run as it was', () => {
    const plain = runJson('--seed', '7', '--duration', '5s');
    const traced = runJson('--seed', '7', '--duration', '5s', '--trace', file);
    expect({ ...traced, wallMicros: 0 }).toEqual({ ...plain, wallMicros: 0 });
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('}\n')).toBe(true);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const order = lines.map(({ seq }) => seq);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(lines.at(-1).at).toBeLessThanOrEqual(plain.simulatedMicros);
    const established = lines.filter(({ event }) => event === 'established');
    expect(established.map(({ at, host }) => ({ at, server: host }))).toEqual(
      plain.stats.leaders.map(({ at, server }) => ({ at, server })),
    );
    expect(lines.some(({ sent }) => sent?.packet === 'NEWLEADER')).toBe(true);
  });
});
