import {
  type Alias,
  type Document,
  isCollection,
  isMap,
  isNode,
  LineCounter,
  parseDocument,
  stringify,
  visit,
  type YAMLError,
} from 'yaml';
import { InputError } from './input-error.ts';
import { readScenario, type Scenario, writeScenario } from './scenario.ts';

/** A scenario is a story of a few lines; a plan with a thousand faults is below this. */
export const SCENARIO_BYTES_MAX = 1_000_000;

/** More references to the same node than anybody writes: a file that unfolds into gigabytes. */
const ALIASES_MAX = 100;

/** What no text has: control characters but tabs and ends of lines, and what was not UTF-8. */
const NO_TEXT = /[^\P{Cc}\t\n\r]|\ufffd/u;

/**
 * Reads a scenario file: YAML, of which JSON is a part.
 *
 * @param file its name, for messages
 * @throws {@link InputError} in one line: the line, the field, and what would be right
 */
export function parseScenario(text: string, file: string): Scenario {
  if (text.length > SCENARIO_BYTES_MAX) {
    throw new InputError(`${file}: is longer than ${SCENARIO_BYTES_MAX} characters`);
  }
  const stranger = NO_TEXT.exec(text);
  if (stranger !== null) {
    const { length } = text.slice(0, stranger.index).split('\n');
    throw new InputError(`${file}:${length}: is not text in UTF-8`);
  }
  const lines = new LineCounter();
  const fail = (offset: number, message: string): never => {
    throw new InputError(`${file}:${lines.linePos(offset).line}: ${message}`);
  };
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true } as const;
  const document = parseDocument(text, options);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) return fail(error.pos[0], describeError(error, text));
  const alias = findBrokenAlias(document);
  if (alias !== null) return fail(startOf(alias), `nothing is called &${alias.source} above this`);
  const result = readScenario(toPlain(document, fail));
  if (!('problem' in result)) return result;
  const { path, message } = result.problem;
  const field = path.length === 0 ? '' : `${path.join('.')}: `;
  return fail(offsetOf(document, path), `${field}${message}`);
}

/** Mistakes of which the parser speaks in its own words. */
const MISTAKES: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab indents this line; use spaces',
  MULTIPLE_DOCS: 'a second document begins; a file holds one scenario',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
  NON_STRING_KEY: 'the name of a field is not text',
  BLOCK_AS_IMPLICIT_KEY: 'a value goes on with a colon; put it in quotes, or check the indentation',
};

function describeError({ code, message, pos }: YAMLError, text: string): string {
  if (code !== 'DUPLICATE_KEY') return MISTAKES[code] ?? `is not YAML: ${message}`;
  const [name = ''] = /^[^\s:]+/.exec(text.slice(pos[0])) ?? [];
  return `${name}: is there twice`;
}

/** A scenario as a file that {@link parseScenario} reads, with nothing left to defaults. */
export function formatScenario(scenario: Scenario): string {
  const { faults, ...fields } = writeScenario(scenario) as { readonly faults: readonly object[] };
  const sections = Object.entries(fields).map(([name, field]) => {
    return `${name}: ${inline(field)}`;
  });
  const list = faults.map((fault) => `  - ${inline(fault)}\n`);
  const tail = list.length === 0 ? 'faults: []\n' : `faults:\n${list.join('')}`;
  return `${sections.join('\n')}\n${tail}`;
}

function inline(field: unknown): string {
  return stringify(field, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** An alias of what there is not; `null` if there is none. */
function findBrokenAlias(document: Document): Alias | null {
  let broken: Alias | null = null;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      broken = alias;
      return visit.BREAK;
    },
  });
  return broken;
}

function toPlain(document: Document, fail: (offset: number, message: string) => never): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return fail(startOf(document.contents), 'repeats itself more often than a scenario needs');
  }
}

/** Where in the text a field is, or would be. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === String(key)) : null;
    const next = node.get(key, true);
    if (next === undefined && pair == null) break;
    offset = startOf(pair?.key ?? next);
    node = next;
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
