import { Mistake } from './event.ts';

/** A map of EDN. Keys are written out: `:f`, `"text"`, `7`. */
export type EdnMap = ReadonlyMap<string, unknown>;

/**
 * Reads EDN, the notation of Clojure, as plain data: vectors, lists and sets become arrays,
 * keywords and symbols their text (`:ok`), maps {@link EdnMap}, and what is tagged loses its tag.
 * Whole numbers that a double cannot hold become text, so that two of them stay two.
 */
export class EdnReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** @throws {@link Mistake} if the text is not exactly one form */
  readOnly(): unknown {
    const form = this.read();
    this.skipBlank();
    if (this.at < this.text.length) throw new Mistake(`${this.rest()} does not belong there`);
    return form;
  }

  private read(): unknown {
    this.skipBlank();
    const char = this.text[this.at];
    switch (char) {
      case undefined:
        throw new Mistake('a value is missing at the end');
      case '{':
        return this.readMap();
      case '[':
        return this.readUntil(']');
      case '(':
        return this.readUntil(')');
      case '"':
        return this.readText();
      case '\\':
        return this.readChar();
      case '#':
        return this.readDispatch();
      default:
        return this.readAtom();
    }
  }

  private readMap(): EdnMap {
    const forms = this.readUntil('}');
    if (forms.length % 2 !== 0) throw new Mistake('a map has a key without a value');
    const map = new Map<string, unknown>();
    for (let index = 0; index < forms.length; index += 2) {
      const key = forms[index];
      map.set(typeof key === 'string' ? key : JSON.stringify(key), forms[index + 1]);
    }
    return map;
  }

  /** What is read, from an opening bracket to its closing one. */
  private readUntil(close: string): unknown[] {
    this.at++;
    if (++this.depth > DEPTH_MAX) throw new Mistake(`more than ${DEPTH_MAX} brackets are open`);
    const forms: unknown[] = [];
    for (;;) {
      this.skipBlank();
      const char = this.text[this.at];
      if (char === undefined) throw new Mistake(`a ${close} is missing`);
      if (char === close) break;
      forms.push(this.read());
    }
    this.at++;
    this.depth--;
    return forms;
  }

  private readText(): string {
    const match = this.match(/"(?:[^"\\]|\\[\s\S])*"/y);
    if (match === null) throw new Mistake('a text has no end');
    return match.slice(1, -1).replaceAll(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, unescaped);
  }

  private readChar(): string {
    const name = this.match(/\\(?:u[0-9a-fA-F]{4}|[a-z]+|[\s\S])/y) ?? '\\';
    const char = name.slice(1);
    if (/^u[0-9a-fA-F]{4}$/.test(char)) return unescaped(name, char);
    return CHARS[char] ?? char;
  }

  /** Sets, what is tagged (`#inst "…"`, `#jepsen.history.Op{…}`) and `##NaN`. */
  private readDispatch(): unknown {
    this.at++;
    if (this.text[this.at] === '{') return inOneOrder(this.readUntil('}'));
    if (this.text[this.at] === '#') {
      this.at++;
      return this.readAtom();
    }
    // A tag, or the name of the keys of a map.
    if (this.match(TOKEN) === null) throw new Mistake(`${this.rest()} is no EDN`);
    return this.read();
  }

  private readAtom(): unknown {
    const token = this.match(TOKEN);
    if (token === null) throw new Mistake(`${this.rest()} is no EDN`);
    if (token === 'nil') return null;
    if (token === 'true') return true;
    if (token === 'false') return false;
    if (!/^[-+]?\d/.test(token)) return token;
    const value = Number(token.replace(/[NM]$/, ''));
    if (Number.isNaN(value)) return token;
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? `${token.replace(/N$/, '')}n`
      : value;
  }

  /** Skips what means nothing: blanks, commas, comments and forms that are taken back by `#_`. */
  private skipBlank(): void {
    for (;;) {
      this.match(/(?:[\s,]+|;[^\n]*)+/y);
      if (!this.text.startsWith('#_', this.at)) return;
      this.at += 2;
      this.read();
    }
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [null];
    this.at += found?.length ?? 0;
    return found;
  }

  private rest(): string {
    const rest = this.text.slice(this.at);
    return rest.length > REST_SHOWN ? `'${rest.slice(0, REST_SHOWN)}…'` : `'${rest}'`;
  }
}

/** Members of a set, which may be written in any order. */
function inOneOrder(members: readonly unknown[]): unknown[] {
  const texts = new Map(members.map((member) => [member, textOfMember(member)]));
  const textIn = (member: unknown): string => texts.get(member) ?? '';
  return [...members].sort((a, b) => (textIn(a) < textIn(b) ? -1 : 1));
}

function textOfMember(member: unknown): string {
  return JSON.stringify(member, (_name, value) => (value instanceof Map ? [...value] : value));
}

const REST_SHOWN = 20;

const DEPTH_MAX = 100;

const TOKEN = /[^\s,;"()[\]{}]+/y;

const CHARS: Readonly<Record<string, string>> = {
  newline: '\n',
  space: ' ',
  tab: '\t',
  return: '\r',
  formfeed: '\f',
  backspace: '\b',
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b' };

function unescaped(_whole: string, code: string): string {
  if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return ESCAPES[code] ?? code;
}
