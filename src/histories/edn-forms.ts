import { Mistake } from './event.ts';

const [NEWLINE, BLANK, QUOTE, BACKSLASH] = [0x0a, 0x20, 0x22, 0x5c];
const [HASH, COMMA, SEMICOLON] = [0x23, 0x2c, 0x3b];
const OPENING = new Set([0x28, 0x5b, 0x7b]);
const CLOSING = new Set([0x29, 0x5d, 0x7d]);
const BRACE = 0x7b;

/** A map of a history may be so long. */
const FORM_LENGTH_MAX = 1 << 24;

/**
 * Cuts EDN into the maps that stand in it one after the other, be they in one vector or list or in
 * none, without ever holding more than one map and what has just come in.
 */
export class EdnForms {
  /** The line that is being read, from 1. */
  line = 1;
  private readonly take: (form: string, line: number) => void;
  private text = '';
  private at = 0;
  /** Where the map begins that is being read, and in which line; -1 between maps. */
  private start = -1;
  private startLine = 0;
  private depth = 0;
  private isInText = false;
  private isInComment = false;
  private hasVector = false;

  /** @param take is given each map with its tag, and the line in which it begins */
  constructor(take: (form: string, line: number) => void) {
    this.take = take;
  }

  /** @throws {@link Mistake} where something else than a map stands */
  push(text: string): void {
    this.text += text;
    while (this.at < this.text.length) this.step(this.text.charCodeAt(this.at));
    // A backslash at the end has already passed over what it stands before.
    const from = this.start < 0 ? Math.min(this.at, this.text.length) : this.start;
    this.text = this.text.slice(from);
    this.at -= from;
    if (this.start > 0) this.start = 0;
    if (this.text.length > FORM_LENGTH_MAX) {
      throw new Mistake(`a map is longer than ${FORM_LENGTH_MAX} characters`);
    }
  }

  /** @throws {@link Mistake} if something is open */
  end(): void {
    if (this.start >= 0) {
      throw new Mistake(`the map that begins in line ${this.startLine} has no end`);
    }
    if (this.hasVector) throw new Mistake('the vector of the history has no end');
  }

  private step(code: number): void {
    this.at++;
    if (code === NEWLINE) {
      this.line++;
      this.isInComment = false;
    } else if (this.isInComment) return;
    else if (code === BACKSLASH) this.at++;
    else if (code === QUOTE) this.isInText = !this.isInText;
    else if (this.isInText) return;
    else if (code === SEMICOLON) this.isInComment = true;
    else if (this.start >= 0) this.stepInMap(code);
    else this.stepBetween(code);
  }

  private stepInMap(code: number): void {
    if (OPENING.has(code)) this.depth++;
    else if (CLOSING.has(code) && --this.depth === 0) {
      const form = this.text.slice(this.start, this.at);
      this.start = -1;
      this.take(form, this.startLine);
    }
  }

  private stepBetween(code: number): void {
    if (code <= BLANK || code === COMMA) return;
    if (code === BRACE || code === HASH) {
      this.start = this.at - 1;
      this.startLine = this.line;
      this.depth = code === BRACE ? 1 : 0;
    } else if (OPENING.has(code) && !this.hasVector) this.hasVector = true;
    else if (CLOSING.has(code) && this.hasVector) this.hasVector = false;
    else {
      const char = String.fromCharCode(code);
      throw new Mistake(`'${char}' does not belong there; a history is maps like ${EDN_EXAMPLE}`);
    }
  }
}

export const EDN_EXAMPLE = '{:process 0, :type :invoke, :f :read, :value nil}';
