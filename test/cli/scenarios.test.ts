import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument, ScenarioDocument } from '../../src/report/json.ts';
import { differences } from '../../src/scenario/expectation.ts';
import { run } from '../../src/scenario/run.ts';
import { parseScenario } from '../../src/scenario/scenario-file.ts';
import { type CommandResult, shell, zabox } from '../support/command.ts';

const directory = mkdtempSync(join(tmpdir(), 'zabox-scenarios-'));

afterAll(() => rmSync(directory, { recursive: true }));

function newFile(name: string, lines: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** A short run: 3 leads in epoch 1. */
function story(name: string, expected: string, ...more: readonly string[]): string[] {
  return [
    `name: ${name}`,
    'why: To see what comes of it.',
    `expect: ${expected}`,
    'servers: 3',
    'clients: 1',
    'duration: 3s',
    ...more,
  ];
}

const AS_EXPECTED = newFile('as-expected.yaml', story('as-expected', '{ leader: 3, epochs: [1] }'));
const DIFFERENT = newFile('different.yaml', story('different', '{ leader: 2, epochs: [1] }'));
const STRUCK = newFile(
  'struck.yaml',
  story(
    'struck',
    'pass',
    'look: the process ends and comes back',
    'bug: sequence-reused',
    'faults:',
    '  - { kind: crash, server: leader, when: { at: 1s }, for: 500ms }',
    '  - { kind: crash, server: leader, when: { on: rolledOver }, for: 500ms }',
  ),
);

/** A split brain, of two halves that call themselves majorities. */
const VIOLATED = newFile('violated.yaml', [
  'name: violated',
  'why: Two halves of four that both have a leader.',
  'expect: { violates: leadership }',
  'servers: 4',
  'clients: 2',
  'duration: 12s',
  'bug: quorum-of-half',
  'faults:',
  '  - { kind: split, side: [1, 2], when: { at: 0s }, for: 7s }',
]);

function json<Document>(result: CommandResult): Document {
  expect(result.stderr).toBe('');
  expect(result.stdout).toMatch(/^[[{].*[\]}]\n$/);
  return JSON.parse(result.stdout);
}

/** The first word of each line. */
function labels({ stdout }: CommandResult): (string | undefined)[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
}

describe('zabox run FILE', () => {
  it('tells the story, what happened, that it was expected, and how to repeat it', () => {
    const result = zabox('run', STRUCK);
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
    expect(labels(result)).toEqual([
      'zabox',
      'why',
      'look',
      'bug',
      'not',
      'ensemble',
      'leaders',
      'elections',
      'syncs',
      'proposals',
      'faults',
      'packets',
      'operations',
      'events',
      'time',
      'PASS',
      'digest',
      'EXPECTED',
      'repeat',
    ]);
    expect(result.stdout).toMatch(/^zabox scenario struck$/m);
    expect(result.stdout).toMatch(/^why +To see what comes of it\.$/m);
    expect(result.stdout).toMatch(/^look +the process ends and comes back$/m);
    expect(result.stdout).toMatch(/^bug +sequence-reused$/m);
    expect(result.stdout).toMatch(/^not struck faults 2 \(crash\)$/m);
    expect(result.stdout).toMatch(/^faults +crash 1, crash-leader 1$/m);
    expect(result.stdout).toMatch(/^EXPECTED as in the file: pass$/m);
    expect(result.stdout).toContain(`repeat   npx zabox replay ${STRUCK}\n`);
  });

  it('names what it has compared', () => {
    const { stdout } = zabox('run', AS_EXPECTED);
    expect(stdout).toMatch(/^EXPECTED as in the file: leader, epochs$/m);
    expect(labels({ stdout, stderr: '', status: 0 })).not.toContain('not');
  });

  it('exits with 1, and says how, if it comes to something else', () => {
    const result = zabox('run', DIFFERENT);
    expect(result.status).toBe(1);
    expect(result.stderr).toBe('');
    expect(result.stdout).toMatch(/^DIFFERS +expected the leader 2, not 3$/m);
    expect(result.stdout).not.toContain('EXPECTED');
    expect(labels(result).filter((label) => label === 'DIFFERS')).toHaveLength(1);
  });

  it('exits with 0 if it violates what it is to violate', () => {
    const { status, stdout } = zabox('run', VIOLATED);
    expect(stdout).toMatch(/^VIOLATED leadership: /m);
    expect(stdout).toMatch(/^EXPECTED as in the file: violates$/m);
    expect(status).toBe(0);
  });

  it('says what a plan asks for beyond what ZAB promises', () => {
    const file = newFile(
      'beyond.yaml',
      story(
        'beyond',
        'pass',
        'faults: [{ kind: lyingDisk, server: 1, when: { at: 1s }, for: 1s }]',
      ),
    );
    expect(zabox('run', file).stdout).toMatch(/^beyond ZAB +a disk that forgets /m);
    expect(zabox('run', AS_EXPECTED).stdout).not.toContain('beyond ZAB');
  });

  it('has a repeat line that repeats it, whatever the name of the file', () => {
    const file = newFile("it's a $FILE; \\.yaml", story('odd', 'pass'));
    const first = zabox('run', file);
    const [, line = ''] = /^repeat +npx (.*)$/m.exec(first.stdout) ?? [];
    const second = shell(line);
    const withoutWallTime = (text: string): string => text.replace(/simulated in .*/, '');
    expect(withoutWallTime(second.stdout)).toBe(withoutWallTime(first.stdout));
    expect(second.status).toBe(0);
  });
});

describe('zabox run FILE --json', () => {
  it('prints one document, with exactly the documented keys', () => {
    const result = zabox('run', DIFFERENT, '--json');
    expect(result.status).toBe(1);
    const document = json<ScenarioDocument>(result);
    expect(Object.keys(document)).toEqual([
      'name',
      'file',
      'differences',
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
    expect(document).toMatchObject({
      name: 'different',
      file: DIFFERENT,
      differences: ['expected the leader 2, not 3'],
      seed: '1',
      verdict: 'pass',
      reproduce: `npx zabox replay ${DIFFERENT}`,
    });
  });

  it('tells what the library tells', () => {
    const { wallMicros: _wallMicros, ...document } = json<ScenarioDocument>(
      zabox('run', STRUCK, '--json'),
    );
    const { plan, expect: expected } = parseScenario(readFileSync(STRUCK, 'utf8'), STRUCK);
    const result = run(plan);
    const { verdict, violations, digest, simulatedMicros, events, stats } = result;
    expect(document).toMatchObject({ verdict, violations, digest, simulatedMicros, events, stats });
    expect(document.differences).toEqual(differences(result, expected));
    expect(document.stats.idleFaults).toEqual([1]);
  });

  it('prints a list of several, in the order in which they were named', () => {
    const result = zabox('run', '--json', STRUCK, AS_EXPECTED, DIFFERENT);
    expect(result.status).toBe(1);
    const documents = json<ScenarioDocument[]>(result);
    expect(documents.map(({ file }) => file)).toEqual([STRUCK, AS_EXPECTED, DIFFERENT]);
  });
});

describe('zabox run DIRECTORY', () => {
  const below = join(directory, 'several');

  beforeAll(() => {
    mkdirSync(join(below, 'deeper'), { recursive: true });
    newFile('several/b.yml', story('b', 'pass'));
    newFile('several/a.yaml', story('a', 'pass'));
    newFile('several/README.md', ['Not a scenario.']);
    newFile('several/scenario.schema.json', ['{}']);
    const asJson = { name: 'c', why: 'JSON.', expect: 'pass', clients: 1, duration: '2s' };
    newFile('several/deeper/c.json', [JSON.stringify(asJson)]);
  });

  it('runs all scenarios in it and below, a line each', () => {
    const { status, stdout, stderr } = zabox('run', below);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      `ok   ${join(below, 'a.yaml')}: pass`,
      `ok   ${join(below, 'b.yml')}: pass`,
      `ok   ${join(below, 'deeper', 'c.json')}: pass`,
    ]);
    expect(lines[3]).toMatch(/^PASS 3 scenarios in [\d.]+ s: each is what its file expects$/);
    expect(lines).toHaveLength(4);
  });

  it('takes files and directories together, and shows how each that differs does', () => {
    const { status, stdout } = zabox('run', DIFFERENT, below, VIOLATED);
    expect(status).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual([`FAIL ${DIFFERENT}`, '     expected the leader 2, not 3']);
    expect(lines.slice(-2, -1)).toEqual([`ok   ${VIOLATED}: violates leadership`]);
    expect(lines.at(-1)).toMatch(/^FAIL 5 scenarios in [\d.]+ s: 1 not what the file expects$/);
  });
});

describe('zabox run FILE --trace', () => {
  it('writes what happens in one scenario', () => {
    const trace = join(directory, 'trace.jsonl');
    const plain = json<ScenarioDocument>(zabox('run', STRUCK, '--json'));
    const traced = json<ScenarioDocument>(zabox('run', STRUCK, '--json', '--trace', trace));
    expect({ ...traced, wallMicros: 0 }).toEqual({ ...plain, wallMicros: 0 });
    const lines = readFileSync(trace, 'utf8').trimEnd().split('\n');
    const ended = lines.map((line) => JSON.parse(line)).filter((l) => l.event === 'processEnded');
    expect(ended).toMatchObject([{ at: 1_000_000, host: 3, value: 0 }]);
  });
});

describe('flags that are for seeds', () => {
  it.each([
    ['--seed', '7'],
    ['--servers', '3'],
    ['--observers', '1'],
    ['--clients', '2'],
    ['--duration', '5s'],
    ['--bug', 'skip-trunc'],
    ['--save', join(directory, 'never.yaml')],
  ])('do not go with a scenario: %s', (flag, value) => {
    const { status, stdout, stderr } = zabox('run', AS_EXPECTED, flag, value);
    expect(stderr).toBe(`zabox: ${flag}: is for seeds; a scenario says itself what is run\n`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('do not go with replay, which does not know them', () => {
    const { status, stderr } = zabox('replay', AS_EXPECTED, '--seed', '7');
    expect(stderr).toMatch(/^zabox: unknown option '--seed'/);
    expect(status).toBe(2);
  });

  it('nor does a trace go with several scenarios', () => {
    const trace = join(directory, 'never.jsonl');
    const { status, stdout, stderr } = zabox('run', AS_EXPECTED, STRUCK, '--trace', trace);
    expect(stderr).toBe('zabox: --trace: is for one scenario, and these are 2\n');
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('zabox run --save', () => {
  const kept = join(directory, 'kept.yaml');
  const broken = join(directory, 'broken.yaml');
  let saved: RunDocument;

  beforeAll(() => {
    saved = json(zabox('run', '--seed', '0x2a', '--duration', '4s', '--json', '--save', kept));
  });

  /** A copy of the kept scenario with a part of its text replaced. */
  function changed(from: RegExp, to: string): string {
    const text = readFileSync(kept, 'utf8');
    expect(text).toMatch(from);
    return newFile('changed.yaml', [text.replace(from, to)]);
  }

  it('keeps a run, which replay repeats to its digest', () => {
    const { status, stdout } = zabox('replay', kept);
    expect(stdout).toContain(`digest   ${saved.digest}\n`);
    expect(stdout).toMatch(/^EXPECTED as in the file: digest$/m);
    expect(status).toBe(0);
    const {
      reproduce: _ours,
      wallMicros: _taken,
      ...replayed
    } = json<RunDocument>(zabox('replay', kept, '--json'));
    const { reproduce: _theirs, wallMicros: _time, ...document } = saved;
    expect(replayed).toMatchObject(document);
  });

  it('keeps a story about it', () => {
    const { name, why } = parseScenario(readFileSync(kept, 'utf8'), kept);
    expect(name).toBe('seed-0x2a');
    expect(why).toBe('Seed 0x2a is a run in which all properties hold.');
  });

  it('never writes over a file, and does not run in vain', () => {
    const before = readFileSync(kept, 'utf8');
    const { status, stdout, stderr } = zabox('run', '--duration', '4s', '--save', kept);
    expect(stderr).toBe(`zabox: ${kept}: cannot be written: the file is there already\n`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect(readFileSync(kept, 'utf8')).toBe(before);
  });

  it.each([
    ['in no directory', join(directory, 'no', 'where.yaml'), /there is no such file/],
    ['that is a directory', directory, /the file is there already/],
  ])('cannot write a file %s', (_what, file, reason) => {
    const { status, stdout, stderr } = zabox('run', '--duration', '1s', '--save', file);
    expect(stderr).toMatch(/^zabox: [^\n]+: cannot be written: [^\n]+\n$/);
    expect(stderr).toMatch(reason);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('keeps a violation, which replay takes for what is expected', () => {
    const words = ['--seed', '0', '--bug', 'epoch-not-advanced', '--duration', '30s'];
    const first = zabox('run', ...words, '--json', '--save', broken);
    expect(first.status).toBe(1);
    const { violations, digest } = json<RunDocument>(first);
    const { expect: expected } = parseScenario(readFileSync(broken, 'utf8'), broken);
    expect(expected).toEqual({ violates: violations[0]?.property, digest });
    const { status, stdout } = zabox('replay', broken);
    expect(stdout).toMatch(/^EXPECTED as in the file: violates, digest$/m);
    expect(status).toBe(0);
  });

  it('keeps what no other digest passes for', () => {
    const file = changed(/digest: "?[\da-f]{16}"?/, 'digest: "0000000000000000"');
    const { status, stdout } = zabox('replay', file);
    expect(stdout).toContain(
      `DIFFERS  expected the digest 0000000000000000, not ${saved.digest}\n`,
    );
    expect(status).toBe(1);
  });

  it('keeps what another plan differs from', () => {
    const file = changed(/^seed: .*$/m, 'seed: another');
    const { status, stdout } = zabox('replay', file);
    expect(stdout).toMatch(new RegExp(`^DIFFERS +expected the digest ${saved.digest}, not `, 'm'));
    expect(status).toBe(1);
  });

  it('keeps what is not what somebody else expects of it', () => {
    const file = changed(/^expect: .*$/m, 'expect: { violates: agreement, leaders: [] }');
    const { status, stdout } = zabox('replay', file);
    expect(stdout).toMatch(
      /^DIFFERS +expected agreement to be violated, but all properties hold$/m,
    );
    expect(stdout).toMatch(/^DIFFERS +expected the leaders none, not \d/m);
    expect(status).toBe(1);
  });

  it('keeps a run of any seed, be it a long one', () => {
    const file = join(directory, 'long.yaml');
    const seed = 'a word: "of" many # words '.repeat(20);
    const words = ['--seed', seed, '--duration', '1s', '--save', file];
    expect(zabox('run', ...words).status).toBe(0);
    expect(zabox('replay', file).status).toBe(0);
    expect(parseScenario(readFileSync(file, 'utf8'), file).plan.seed).toBe(seed);
  });
});
