import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';

interface SourceFile {
  /** Below the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function sourceFiles(directory: string): SourceFile[] {
  return readdirSync(`${ROOT}${directory}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => {
      const path = relative(ROOT, `${parentPath}/${name}`).replaceAll(sep, '/');
      return { path, text: readFileSync(`${ROOT}${path}`, 'utf8') };
    });
}

const SOURCES = sourceFiles('src');
const TESTS = sourceFiles('test');

/** These may know the platform; all else runs anywhere, and the same everywhere. */
const isPlatform = ({ path }: SourceFile): boolean => /^src\/(cli|report|campaign)\//.test(path);
const CORE = SOURCES.filter((file) => !isPlatform(file) && file.path !== 'src/fast-check.ts');

/** Comments and strings may say what code may not. Lines stay where they are. */
function codeOf(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .replaceAll(/(^|\s)\/\/.*$/gm, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

/** `path:line` of every match. */
function places(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

function importsOf({ text }: SourceFile): string[] {
  return [...text.matchAll(/(?:\bfrom|^import) '([^']+)'/gm)].map(([, name = '']) => name);
}

describe('the core', () => {
  it('is found by these checks', () => {
    expect(CORE.length).toBeGreaterThan(80);
    expect(CORE.map(({ path }) => path)).toContain('src/kernel/event-queue.ts');
    expect(CORE.flatMap(importsOf)).toContain('seedrandom');
  });

  it.each([
    ['unseeded chance', /\bMath\.random\b|\bcrypto\b/, 'Math.random()'],
    ['the time of day', /\bDate\b|\bperformance\b/, 'new Date()'],
    ['a timer', /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/, 'setTimeout(f)'],
    ['a promise', /\basync\b|\bawait\b|\bPromise\b/, 'await f()'],
    ['the console', /\bconsole\b/, 'console.log(x)'],
    [
      'the environment',
      /\bprocess\.(env|argv|exit|std|hrtime|nextTick)|\bglobalThis\b/,
      'process.env.X',
    ],
    ['a type of Node alone', /\bBuffer\b|\bNodeJS\b/, 'Buffer.alloc(1)'],
    [
      'Math whose last bit an engine may choose',
      /\bMath\.(exp|log|pow|sin|cos|tan)/,
      'Math.log2(x)',
    ],
  ])('never uses %s', (_what, pattern, sample) => {
    const wrong = { path: 'sample', text: codeOf(`/* a\n'b' */ f('c'); // d\n${sample};`) };
    expect(places([wrong], pattern)).toEqual(['sample:3']);
    const code = CORE.map(({ path, text }) => ({ path, text: codeOf(text) }));
    expect(places(code, pattern)).toEqual([]);
  });

  it('imports no package but seedrandom, and in src/scenario what reads scenario files', () => {
    const packages = CORE.flatMap((file) =>
      importsOf(file)
        .filter((name) => !name.startsWith('.'))
        .map((name) => `${name} in ${dirname(file.path).split('/').slice(0, 2).join('/')}`),
    );
    expect([...new Set(packages)].sort()).toEqual([
      'fastest-levenshtein in src/scenario',
      'seedrandom in src/kernel',
      'yaml in src/scenario',
      'zod in src/scenario',
    ]);
  });
});

describe('every source file', () => {
  it('has at most 600 lines', () => {
    const long = [...SOURCES, ...TESTS].filter(({ text }) => text.split('\n').length > 601);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('leaves nothing to do, and hides nothing from the type checker', () => {
    const others = [...SOURCES, ...TESTS].filter(({ path }) => path !== 'test/tidy/tidy.test.ts');
    const pattern = /TODO|FIXME|XXX|@ts-|\bas any\b|biome-ignore|eslint-disable/;
    expect(places(others, pattern)).toEqual([]);
  });

  it('runs every test that is written', () => {
    expect(places(TESTS, /\b(it|test|describe)\.(only|skip|todo|fails)\b/)).toEqual([]);
  });
});

describe('every bug', () => {
  const files = SOURCES.filter(({ path }) => path.startsWith('src/bugs/'))
    .map(({ path }) => basename(path, '.ts'))
    .filter((name) => name !== 'bug' && name !== 'catalogue');

  it('has a file of its name, and each such file is in the catalogue, in order', () => {
    expect(BUGS.map(({ id }) => id)).toEqual([...files].sort());
  });
});
