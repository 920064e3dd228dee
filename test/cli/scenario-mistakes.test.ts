import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { zabox } from '../support/command.ts';

const directory = mkdtempSync(join(tmpdir(), 'zabox-mistakes-'));

afterAll(() => rmSync(directory, { recursive: true }));

let fileCount = 0;

function newFile(content: string | Uint8Array): string {
  const file = join(directory, `mistake-${++fileCount}.yaml`);
  writeFileSync(file, content);
  return file;
}

/** The lines that every scenario has, three of them. */
const HEAD = ['name: a-name', 'why: To be refused.', 'expect: pass'];

/** Says on one line what is wrong with this file, and nothing else anywhere. */
function expectRefused(path: string, message: string | RegExp): void {
  const { status, stdout, stderr } = zabox('run', path);
  expect(stderr).toMatch(/^zabox: [^\n]+\n$/);
  const said = stderr.slice('zabox: '.length, -1);
  expect(said.slice(0, path.length + 1)).toBe(`${path}:`);
  if (typeof message === 'string') expect(said.slice(path.length + 1)).toBe(message);
  else expect(said.slice(path.length + 1)).toMatch(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
}

/** Of a mistake: what it is, the line behind the head, and what is said of it. */
type Mistake = readonly [what: string, line: string, message: string | RegExp];

const WHOM = 'the number of a server, or leader, follower, itself or peer';

describe('a field of a scenario file', () => {
  it.each<Mistake>([
    [
      'that there is not',
      'colour: red',
      /^4: colour: there is no such field; there are name, why, /,
    ],
    ['misspelt', 'sevrers: 3', '4: sevrers: there is no such field; did you mean servers?'],
    [
      'of another group',
      'timing: { duration: 3s }',
      /^4: timing\.duration: there is no such field; there are tickTime, initLimit, /,
    ],
    [
      'called as in memory',
      'durationMicros: 3',
      '4: durationMicros: there is no such field; write duration, with a unit',
    ],
    ['out of range', 'servers: 0', '4: servers: must be at least 1, not 0'],
    ['that is not whole', 'servers: 2.5', '4: servers: expected a whole number, not 2.5'],
    ['that is no number', 'servers: three', "4: servers: expected a number, not 'three'"],
    ['that is empty', 'servers:', '4: servers: expected a number, not null'],
    [
      'that is a number without a unit',
      'duration: 30',
      '4: duration: expected a time like 250ms or 1.5s, not 30',
    ],
    [
      'with an unknown unit',
      'duration: 30sec',
      "4: duration: expected a time like 250ms or 1.5s, not '30sec'",
    ],
    [
      'with the wrong unit',
      'network: { latency: { tailRate: 5ms } }',
      "4: network.latency.tailRate: expected a rate like 5% or 0.1%, not '5ms'",
    ],
    [
      'with too fine a unit',
      'timing: { tickTime: 500us }',
      "4: timing.tickTime: expected a time in whole milliseconds like 250ms or 1.5s, not '500us'",
    ],
    ['that is negative', 'duration: -3s', '4: duration: must be at least 1us, not -3s'],
    [
      'above its maximum',
      'disk: { syncMin: 5ms, syncMax: 1ms }',
      '4: disk.syncMin: 5ms is above its maximum, 1ms',
    ],
    ['that comes too late', 'healAt: 40s', '4: healAt: 40s is after the end of the duration, 30s'],
    [
      'with too few entries',
      'starts: [0s, 1s]',
      '4: starts: one for each of the 5 servers is needed, not 2',
    ],
    ['that is no list', 'faults: none', "4: faults: expected a list, not 'none'"],
    [
      'that is no group',
      'workload: heavy',
      "4: workload: expected fields (name: value), not 'heavy'",
    ],
    [
      'of an unknown choice',
      'bug: skip-trnc',
      "4: bug: 'skip-trnc' is unknown; did you mean skip-trunc?",
    ],
    [
      'without any likely choice',
      'network: { transport: pigeon }',
      "4: network.transport: 'pigeon' is unknown; there are stream, datagram",
    ],
    [
      'without a meaning',
      'workload: { weights: { read: 0 } }',
      '4: workload.weights: one must be above 0',
    ],
    [
      'that nobody would guess',
      '__proto__: { servers: 3 }',
      /^4: __proto__: there is no such field/,
    ],
    ['of another version', 'version: 2', '4: version: expected 1, not 2'],
  ])('%s: %s', (_what, line, message) => {
    expectRefused(newFile([...HEAD, line, ''].join('\n')), message);
  });
});

describe('what a scenario file expects', () => {
  it.each<Mistake>([
    [
      'is pass, or fields',
      'fail',
      "3: expect: expected pass, or fields like violates and leader, not 'fail'",
    ],
    ['is something', '', '3: expect: expected pass, or fields like violates and leader, not null'],
    [
      'is a property that there is',
      '{ violates: agrement }',
      "3: expect.violates: 'agrement' is unknown; did you mean agreement?",
    ],
    [
      'is a field that there is',
      '{ violate: agreement }',
      '3: expect.violate: there is no such field; did you mean violates?',
    ],
    [
      'is a server that there is',
      '{ leader: 6 }',
      '3: expect.leader: there is no server 6, there are 5',
    ],
    ['is a list of servers', '{ leaders: 5 }', '3: expect.leaders: expected a list, not 5'],
    ['is by server', '{ syncs: { x: [] } }', '3: expect.syncs.x: expected the number of a server'],
    [
      'is a way to synchronise',
      '{ syncs: { 1: [DIF] } }',
      "3: expect.syncs.1.0: 'DIF' is unknown; did you mean DIFF?",
    ],
    [
      'is a digest in quotes',
      '{ digest: 1234567890123456 }',
      '3: expect.digest: expected text, not 1234567890123456; put it in quotes',
    ],
    ['is a digest', '{ digest: abc }', '3: expect.digest: expected 16 hexadecimal digits'],
    [
      'is an event that there is',
      '{ happens: [establishd] }',
      "3: expect.happens.0: 'establishd' is unknown; did you mean established?",
    ],
  ])('%s: %s', (_what, expected, message) => {
    expectRefused(newFile(['name: a', 'why: b', `expect: ${expected}`, ''].join('\n')), message);
  });

  it.each([
    [0, '1: name: is missing; expected text'],
    [1, '1: why: is missing; expected text'],
    [2, '1: expect: is missing; expected pass, or fields like violates and leader'],
  ])('has to be said, and so have its name and why: without line %i', (index, message) => {
    expectRefused(newFile(HEAD.filter((_, n) => n !== index).join('\n')), message);
  });
});

describe('a fault of a scenario file', () => {
  it.each<Mistake>([
    [
      'of an unknown kind',
      '{ kind: isolat, server: 1, when: { at: 5s }, for: 1s }',
      "kind: 'isolat' is unknown; did you mean isolate?",
    ],
    ['of no kind', '{ server: 1, when: { at: 5s } }', /^kind: is missing; expected one of crash, /],
    ['that is a word', 'crash', /^expected fields \(name: value\), not 'crash'$/],
    [
      'of an unknown server',
      '{ kind: crash, server: 9, when: { at: 5s }, for: 1s }',
      'server: there is no server 9, there are 5',
    ],
    [
      'of a server of no kind',
      '{ kind: crash, server: boss, when: { at: 5s }, for: 1s }',
      `server: expected ${WHOM}, not 'boss'`,
    ],
    [
      'of nobody',
      '{ kind: crash, when: { at: 5s }, for: 1s }',
      `server: is missing; expected ${WHOM}`,
    ],
    [
      'of an unknown client',
      '{ kind: pauseClient, client: 4, when: { at: 5s }, for: 1s }',
      'client: there is no client 4, there are 3',
    ],
    [
      'of one who is named twice',
      '{ kind: split, side: [1, 1], when: { at: 5s }, for: 1s }',
      'side.1: 1 is there twice',
    ],
    [
      'of a link to itself',
      '{ kind: cutLink, from: 1, to: 1, when: { at: 5s }, for: 1s }',
      'to: a link is between two servers',
    ],
    [
      'of a ring of three',
      '{ kind: ring, order: [1, 2, 3], when: { at: 5s }, for: 1s }',
      'order: must have at least 4 entries',
    ],
    [
      'without a length',
      '{ kind: crash, server: 1, when: { at: 5s } }',
      'for: is missing; expected a time like 250ms or 1.5s',
    ],
    [
      'with a field of another kind',
      '{ kind: crash, server: 1, rate: 5%, when: { at: 5s }, for: 1s }',
      'rate: there is no such field; there are kind, server, for, when, name, repeat',
    ],
    [
      'with too high a rate',
      '{ kind: loss, reach: all, rate: 95%, when: { at: 5s }, for: 1s }',
      'rate: must be at most 90%, not 95%',
    ],
    [
      'that never comes',
      '{ kind: crash, server: 1, for: 1s }',
      'when: is missing; expected one of at, after or on',
    ],
    [
      'at a time without its name',
      '{ kind: crash, server: 1, when: 5s, for: 1s }',
      "when: expected one of at, after or on, not '5s'",
    ],
    [
      'at a time and at an event',
      '{ kind: crash, server: 1, when: { at: 5s, on: elected }, for: 1s }',
      'when: expected one of at, after or on, not several of them',
    ],
    [
      'before the beginning',
      '{ kind: crash, server: 1, when: { at: -5s }, for: 1s }',
      'when.at: must be at least 0s, not -5s',
    ],
    [
      'after the heal',
      '{ kind: crash, server: 1, when: { at: 25s }, for: 1s }',
      'when.at: 25s is too late, all faults end at 20s (healAt)',
    ],
    [
      'on an unknown event',
      '{ kind: crash, server: 1, when: { on: newleader sent }, for: 1s }',
      "when.on: 'newleader sent' is unknown; did you mean NEWLEADER sent?",
    ],
    [
      'on the event of an unknown server',
      '{ kind: crash, server: 1, when: { on: elected, server: 6 }, for: 1s }',
      'when.server: there is no server 6, there are 5',
    ],
    [
      'on the zeroth event',
      '{ kind: crash, server: 1, when: { on: elected, nth: 0 }, for: 1s }',
      'when.nth: must be at least 1, not 0',
    ],
    [
      'on the n-th time of day',
      '{ kind: crash, server: 1, when: { at: 5s, nth: 2 }, for: 1s }',
      'when.nth: there is no such field; there is only at',
    ],
    [
      'after an unknown fault',
      '{ kind: crash, server: 1, when: { after: lunch, delay: 1s }, for: 1s }',
      "when.after: no fault is called 'lunch'",
    ],
    [
      'after itself',
      '{ kind: crash, server: 1, when: { after: a, delay: 1s }, for: 1s, name: a }',
      'when.after: the faults wait for each other',
    ],
    [
      'that strikes where nothing has happened',
      '{ kind: crash, server: itself, when: { at: 5s }, for: 1s }',
      "server: 'itself' is for faults that wait for an event (on)",
    ],
    [
      'that comes again without an interval',
      '{ kind: crash, server: 1, when: { at: 5s }, for: 1s, repeat: { times: 3 } }',
      'repeat.every: is missing; expected a time like 250ms or 1.5s',
    ],
  ])('%s: %s', (_what, fault, message) => {
    const file = newFile([...HEAD, 'faults:', `  - ${fault}`, ''].join('\n'));
    const isOfField = typeof message === 'string' || !message.source.startsWith('^expected');
    const place = `5: faults.0${isOfField ? '.' : ': '}`;
    if (typeof message === 'string') expectRefused(file, place + message);
    else expectRefused(file, new RegExp(place.replaceAll('.', '\\.') + message.source.slice(1)));
  });

  it('is shown on its own line, and its field on the line of that', () => {
    const lines = [
      ...HEAD,
      'faults:',
      '  # A comment.',
      '  - { kind: powerLoss, when: { at: 5s }, for: 1s, name: first }',
      '  - kind: crash',
      '    server: 1',
      '    for: 1s',
      '    when:',
      '      after: first',
      '      delay: 1',
    ];
    const right = 'expected a time like 250ms or 1.5s, not 1';
    expectRefused(newFile(lines.join('\n')), `12: faults.1.when.delay: ${right}`);
  });

  it('of a name that another has is shown where the second is', () => {
    const twin = '  - { kind: powerLoss, when: { at: 5s }, for: 1s, name: twin }';
    const message = "6: faults.1.name: another fault is called 'twin' already";
    expectRefused(newFile([...HEAD, 'faults:', twin, twin].join('\n')), message);
  });
});

describe('a file that is not a scenario', () => {
  it.each<Mistake>([
    ['is empty', '', '1: is empty; a scenario has name, why, expect and more'],
    [
      'has nothing but comments',
      '# nothing',
      '1: is empty; a scenario has name, why, expect and more',
    ],
    ['is a text', 'hello', "1: expected the fields name, why, expect and more, not 'hello'"],
    ['is a list', '- a\n- b', '1: expected the fields name, why, expect and more, not ["a","b"]'],
    [
      'is indented with a tab',
      'name: a\nnetwork:\n\ttransport: stream',
      '3: a tab indents this line; use spaces',
    ],
    ['has a field twice', 'name: a\nwhy: b\nname: c', '3: name: is there twice'],
    [
      'holds two scenarios',
      'name: a\n---\nname: b',
      '2: a second document begins; a file holds one scenario',
    ],
    [
      'has a text with a colon',
      'name: a\nwhy: because: of this',
      '2: a value goes on with a colon; put it in quotes, or check the indentation',
    ],
    ['has an open bracket', 'name: [a', /^1: is not YAML: .* end with a \]$/],
    ['has an open quote', "name: 'a", /^1: is not YAML: Missing closing 'quote$/],
    ['speaks of what there is not', 'name: *gone', '1: nothing is called &gone above this'],
    ['holds itself', 'name: &a [*a]', '1: name: is nested too deeply'],
    ['is deep', `name: ${'['.repeat(20_000)}`, '1: is nested too deeply'],
    ['makes objects of code', 'name: !!js/function "f"', /^1: is not YAML: Unresolved tag: /],
    ['has a list for a name', '[a]: b', '1: the name of a field is not text'],
    [
      'is of another version of YAML',
      '%YAML 9.0\n---\nname: a',
      /^1: is not YAML: Unsupported YAML/,
    ],
    ['has a control character', 'name: a\nwhy: \u0007', '2: is not text in UTF-8'],
  ])('since it %s', (_what, text, message) => {
    expectRefused(newFile(text), message);
  });

  it('since it is a picture', () => {
    const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d];
    expectRefused(newFile(Uint8Array.from(png)), '1: is not text in UTF-8');
  });

  it('since it is in another encoding', () => {
    expectRefused(newFile(Buffer.from('name: a', 'utf16le')), '1: is not text in UTF-8');
    expectRefused(
      newFile(Buffer.from('name: a\nwhy: caf\xe9', 'latin1')),
      '2: is not text in UTF-8',
    );
  });

  it('since it would unfold into gigabytes', () => {
    const names = 'abcdefghij'.split('');
    const lines = names.map((name, index) => {
      const before = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${new Array(10).fill(before).join(', ')}]`;
    });
    expectRefused(newFile(lines.join('\n')), '1: repeats itself more often than a scenario needs');
  });

  it('since it is as long as a film', () => {
    const file = newFile('name: a');
    truncateSync(file, 50_000_000);
    expectRefused(file, ' is 50.0 MB long, a scenario 1.0 MB at most');
  });
});

describe('where there is no scenario', () => {
  it('there is no such file', () => {
    const gone = join(directory, 'gone.yaml');
    expectRefused(gone, ' cannot be read: there is no such file');
  });

  it('there is a directory without any', () => {
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'README.md'), 'Nothing here.');
    writeFileSync(join(empty, 'scenario.schema.json'), '{}');
    expectRefused(empty, ' there is no scenario in this directory');
  });

  it('there is a device', () => {
    expectRefused('/dev/null', ' is not a file');
  });

  it('nothing is run, even if other files are in order', () => {
    const good = newFile(HEAD.join('\n'));
    const bad = newFile('name: a');
    const { status, stdout, stderr } = zabox('run', good, bad);
    expect(stderr).toBe(`zabox: ${bad}:1: why: is missing; expected text\n`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('replay says the same', () => {
    const bad = newFile('name: a');
    const { status, stdout, stderr } = zabox('replay', bad);
    expect(stderr).toBe(`zabox: ${bad}:1: why: is missing; expected text\n`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});
