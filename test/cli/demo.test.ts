import { describe, expect, it } from 'vitest';
import { DEMOS } from '../../src/demo/catalogue.ts';
import type { DemoDocument } from '../../src/report/demo-json.ts';
import { shell, zabox } from '../support/command.ts';

const NAMES = DEMOS.map(({ name }) => name);

const documents = new Map<string, DemoDocument>();

/** What a demo prints for programs; each is run once. */
function documentOf(name: string): DemoDocument {
  const document = documents.get(name) ?? JSON.parse(zabox('demo', name, '--json').stdout);
  documents.set(name, document);
  return document;
}

/** What is too long for a narrow terminal, verdicts excepted. */
function tooLong(text: string): string[] {
  return text.split('\n').filter((line) => {
    return line.length > 80 && !/^(VIOLATED| {9}after) /.test(line);
  });
}

describe('zabox demo', () => {
  it('lists the demos when none is named', () => {
    const { status, stdout, stderr } = zabox('demo');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ +/)[0])).toEqual(NAMES);
    for (const { title } of DEMOS) expect(stdout).toContain(title);
  });

  it('lists them for programs too', () => {
    const list = JSON.parse(zabox('demo', '--json').stdout);
    expect(list).toEqual(DEMOS.map(({ name, title, about }) => ({ name, title, about })));
  });

  // After an intended change: npm run build && npx vitest run test/cli/demo.test.ts -u
  it.each(NAMES)('tells the story as it was told before: %s', async (name) => {
    const { status, stdout, stderr } = zabox('demo', name);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(tooLong(stdout)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(`transcripts/${name}.txt`);
  });

  it('tells it at once and without colour when it is piped, waiting or not', () => {
    const piped = zabox('demo', 'lock').stdout;
    expect(piped).not.toContain('\u001b');
    expect(zabox('demo', 'lock', '--no-wait').stdout).toBe(piped);
  });

  it('marks what has changed where there is colour', () => {
    const { stdout } = shell('FORCE_COLOR=1 zabox demo five-servers');
    expect(stdout).toContain('\u001b[33mLOOKING 2?\u001b[39m');
  });

  it('is told in one line that there is no such demo', () => {
    const { status, stdout, stderr } = zabox('demo', 'split-brian');
    expect(stderr).toMatch(
      /^zabox: demo: there is no demo 'split-brian'; did you mean split-brain\? There are [^\n]*lock\n$/,
    );
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('takes one name', () => {
    const { status, stderr } = zabox('demo', 'lock', 'split-brain');
    expect(stderr).toMatch(/^zabox: [^\n]+\n$/);
    expect(status).toBe(2);
  });

  it('shows an example in its help', () => {
    const { status, stdout } = zabox('demo', '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Example: zabox demo split-brain$/m);
  });
});

describe('zabox demo --json', () => {
  it('prints one document on one line, with exactly the documented keys', () => {
    const { stdout, stderr } = zabox('demo', 'lost-write', '--json');
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(stderr).toBe('');
    const document: DemoDocument = JSON.parse(stdout);
    documents.set(document.name, document);
    expect(Object.keys(document)).toEqual(['name', 'title', 'about', 'steps', 'acts']);
    const [step] = document.steps;
    expect(Object.keys(step ?? {})).toEqual(['act', 'at', 'title', 'text', 'servers', 'clients']);
    expect(step?.servers[0]).toEqual({
      server: 1,
      condition: 'up',
      cutFrom: [],
      role: 'FOLLOWING',
      leader: 5,
      isServing: true,
      acceptedEpoch: 1,
      currentEpoch: 1,
      lastLogged: expect.stringMatching(/^0x1[\da-f]{8}$/),
      lastApplied: expect.stringMatching(/^0x1[\da-f]{8}$/),
    });
    const [act] = document.acts;
    expect(Object.keys(act ?? {})).toEqual(['title', 'bug', 'verdict', 'violations', 'digest']);
  });

  it.each<[string, string[]]>([
    ['five-servers', ['pass']],
    ['split-brain', ['pass', 'leadership']],
    ['lost-write', ['pass', 'pass', 'acknowledged-is-durable']],
    ['paused-leader', ['pass']],
    ['lock', ['pass', 'recipes']],
  ])('tells what each act of %s came to', (name, outcomes) => {
    const { acts, steps } = documentOf(name);
    const came = acts.map(({ verdict, violations }) => violations[0]?.property ?? verdict);
    expect(came).toEqual(outcomes);
    expect(new Set(steps.map(({ act }) => act))).toEqual(new Set(acts.map((_, n) => n + 1)));
    for (const { at, text } of steps) {
      expect(Number.isInteger(at)).toBe(true);
      expect(text).toMatch(/^[A-Z0-9].*[.?]$/);
      expect(text).not.toMatch(/undefined|null|NaN| {2}/);
    }
  });
});

describe('the stories', () => {
  function stepsOf(name: string): DemoDocument['steps'] {
    return documentOf(name).steps;
  }

  it.each(['split-brain', 'paused-leader'])('show two leaders at once: %s', (name) => {
    const leading = stepsOf(name).map(({ servers }) => {
      return servers.filter(({ role, isServing }) => role === 'LEADING' && isServing);
    });
    const both = leading.find(({ length }) => length === 2) ?? [];
    expect(both.map(({ currentEpoch }) => currentEpoch).sort()).toEqual([1, 2]);
  });

  it('show two leaders of one epoch where epochs do not advance', () => {
    const last = stepsOf('split-brain').at(-1);
    const leaders = last?.servers.filter(({ role }) => role === 'LEADING') ?? [];
    expect(leaders.map(({ currentEpoch }) => currentEpoch)).toEqual([1, 1]);
  });

  it('show a write that only one server has logged, and that it is gone later', () => {
    const steps = stepsOf('lost-write').filter(({ act }) => act === 2);
    const ends = steps[0]?.servers.map(({ lastLogged }) => lastLogged) ?? [];
    expect(new Set(ends.slice(0, 4)).size).toBe(1);
    expect(ends[4]).not.toBe(ends[0]);
    const last = steps.at(-1)?.servers.map(({ lastLogged }) => lastLogged);
    expect(new Set(last).size).toBe(1);
    expect(last?.[0]).toMatch(/^0x2/);
  });

  it('show two clients that believe to hold one lock', () => {
    const tokens = stepsOf('lock').map(({ clients }) => clients.map(({ token }) => token));
    expect(tokens.some((both) => both.length === 2 && !both.includes(null))).toBe(true);
  });
});
