import {
  type Document,
  isCollection,
  isMap,
  isNode,
  LineCounter,
  parseDocument,
  stringify,
} from 'yaml';
import { InputError } from './input-error.ts';
import { readScenario, type Scenario, writeScenario } from './scenario.ts';

/** A scenario is a story of a few lines; a plan with a thousand faults is below this. */
export const SCENARIO_BYTES_MAX = 1_000_000;

/** More references to the same node than anybody writes: a file that unfolds into gigabytes. */
const ALIASES_MAX = 100;

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw new InputError(`${file}:${line}: is not YAML: ${error.message}`);
  }
  const result = readScenario(toPlain(document, file));
  if (!('problem' in result)) return result;
  const { path, message } = result.problem;
  const { line } = lines.linePos(offsetOf(document, path));
  throw new InputError(
    `${file}:${line}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
  );
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

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
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
