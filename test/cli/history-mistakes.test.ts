import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, zabox } from '../support/command.ts';

const REGISTER = '{"model":"register"}';
const READ = '{"process":0,"type":"invoke","f":"read"}';
const EDN_READ = '{:process 0, :type :invoke, :f :read, :value nil}';

function lines(...all: string[]): string {
  return all.join('\n');
}

/** A line of a register's history, with some fields changed. */
function read(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ process: 0, type: 'invoke', f: 'read', ...fields });
}

const PACKED = gzipSync(readFileSync('test/checkers/histories/register-p3-100-ok.jsonl'));

/** What is wrong, the line that it is in, and what is said of it. */
const MISTAKES: readonly (readonly [string, string | Uint8Array, number, RegExp])[] = [
  ['an empty file', '', 1, /is empty; a history has a header and events/],
  ['blank lines', '\n\n', 1, /is empty/],
  ['a header and nothing else', REGISTER, 2, /has no operation, so nothing to check/],
  ['no model', READ, 1, /names no model; give one with --model/],
  ['an unknown model', lines('{"model":"registr"}', READ), 1, /'registr'; did you mean register\?/],
  ['a second header', lines(REGISTER, READ, REGISTER), 3, /second header; one file is one history/],
  ['no JSON', lines(REGISTER, '{process:0}'), 2, /is no JSON; each line is an object like/],
  ['half a line', lines(REGISTER, READ, '{"process":0,"ty'), 3, /is no JSON/],
  ['no object', lines(REGISTER, '[1]'), 2, /'\[1\]' is no object/],
  ['an array of objects', `[${READ}]`, 1, /is a JSON array; write one object a line/],
  ['other text', 'once upon a time', 1, /is neither JSON lines like .* nor EDN like/],
  ['bytes that are no text', Uint8Array.of(0x7b, 0x22, 0xff, 0x0a), 1, /is not UTF-8/],
  ['no process', lines(REGISTER, read({ process: undefined })), 2, /process is missing/],
  ['a process by name', lines(REGISTER, read({ process: 'a' })), 2, /process is 'a'; .* a whole/],
  [
    'an unknown type',
    lines(REGISTER, read({ type: 'invok' })),
    2,
    /type is 'invok'; .* invoke, ok,/,
  ],
  ['no operation', lines(REGISTER, read({ f: undefined })), 2, /f is missing; .* read, write/],
  ['an unknown operation', lines(REGISTER, read({ f: 'wrte' })), 2, /'wrte'; .*did you mean write/],
  ['an answer to nothing', lines(REGISTER, read({ type: 'ok' })), 2, /an ok without an invoke/],
  ['a call while another is open', lines(REGISTER, READ, READ), 3, /its call at 2 has no answer/],
  [
    'a call after one that was lost',
    lines(REGISTER, READ, read({ type: 'info' }), READ),
    4,
    /calls again after its info at 3; .* a number of its own/,
  ],
  [
    'an answer to something else',
    lines(REGISTER, READ, read({ type: 'ok', f: 'write' })),
    3,
    /f is 'write'; it should be read, as called at 2/,
  ],
  [
    'another value written than asked for',
    lines(REGISTER, read({ f: 'write', value: 1 }), read({ type: 'ok', f: 'write', value: 2 })),
    3,
    /value is 2; it should be 1, as called at 2/,
  ],
  [
    'a key where there is none',
    lines(REGISTER, read({ key: 'a' })),
    2,
    /takes no key; .* kv-register/,
  ],
  ['no key where there is one', lines('{"model":"kv-register"}', READ), 2, /key is missing/],
  ['a key that is a list', lines('{"model":"kv-register"}', read({ key: [1] })), 2, /key is \[1\]/],
  [
    'an argument of a read',
    lines(REGISTER, read({ value: 1 })),
    2,
    /called with is 1; .* no value/,
  ],
  [
    'a cas without a pair',
    lines('{"model":"cas-register"}', read({ f: 'cas', value: 3 })),
    2,
    /called with is 3; it should be \[from, to\]/,
  ],
  [
    'a number put where there is text',
    lines('{"model":"kv"}', read({ f: 'put', value: 1 })),
    2,
    /called with is 1; it should be text/,
  ],
  [
    'an answer without a version',
    lines('{"model":"znode"}', read({ f: 'get' }), read({ f: 'get', type: 'ok', value: 3 })),
    3,
    /version is missing; .* on each ok of a znode/,
  ],
  [
    'an answer without a zxid',
    lines('{"model":"znode"}', read({ f: 'get' }), read({ f: 'get', type: 'ok', version: 0 })),
    3,
    /zxid is missing/,
  ],
  [
    'a time that falls',
    lines(REGISTER, read({ time: 5 }), read({ type: 'ok', time: 4 })),
    3,
    /4, after 5/,
  ],
  ['a truncated archive', PACKED.subarray(0, 900), 0, /the gzip data ends here, in the middle/],
  ['a damaged archive', Uint8Array.of(...PACKED.subarray(0, 40), 7, 7, 7, 7), 0, /gzip data/],
  ['EDN without a model', EDN_READ, 1, /names no model; give one with --model/],
];

/** Judged as histories of a cas-register. */
const EDN_MISTAKES: typeof MISTAKES = [
  ['an open vector', `[${EDN_READ}`, 1, /the vector of the history has no end/],
  ['an open map', '\n{:process 0', 2, /the map that begins in line 2 has no end/],
  ['a number between the maps', `[${EDN_READ}\n7]`, 2, /'7' does not belong there/],
  ['a key without a value', '{:process 0, :type :invoke, :f}', 1, /a key without a value/],
  ['a wrong bracket', '[\n{:process 0, :value [1 )}]', 2, /\)/],
  [
    'a tuple and then none',
    '{:process 0, :type :invoke, :f :write, :value ["x" 1]}\n{:process 0, :type :ok, :f :write, :value 1}',
    2,
    /:value is 1; it should be \[key value\]/,
  ],
];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabox-mistakes-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Has all of them checked at once. */
function check(mistakes: typeof MISTAKES, ...flags: string[]): CommandResult {
  const paths = mistakes.map(([, content], index) => {
    const path = join(folder, `${index}`);
    writeFileSync(path, content);
    return path;
  });
  return zabox('check', ...flags, ...paths);
}

describe('a mistake of a history', () => {
  it.each([
    { kind: 'lines of JSON', mistakes: MISTAKES, flags: [] },
    { kind: 'EDN', mistakes: EDN_MISTAKES, flags: ['--model', 'cas-register'] },
  ])('of $kind is told in one line that says where', ({ mistakes, flags }) => {
    const { status, stdout, stderr } = check(mistakes, ...flags);
    const told = stderr.trimEnd().split('\n');
    mistakes.forEach(([what, , line, message], index) => {
      expect({ what, told: told[index] }).toEqual({ what, told: expect.stringMatching(message) });
      // Where an archive is damaged, its line depends on the decompressor.
      const place = line === 0 ? '\\d+' : line;
      expect(told[index]).toMatch(new RegExp(`^zabox: ${join(folder, String(index))}:${place}: `));
    });
    expect(told).toHaveLength(mistakes.length);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});
