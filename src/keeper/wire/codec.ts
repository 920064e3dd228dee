import { assert } from '../../kernel/assert.ts';
import { asZxid, type Zxid } from '../../zab/zxid.ts';
import type { Op } from '../codes.ts';
import type { SessionId } from '../session-id.ts';
import { JuteReader, JuteWriter, utf8Bytes } from './jute.ts';

/** How values of one type are written. */
export interface Format<Value> {
  /** How many bytes `write` makes. */
  bytes(value: Value): number;
  write(output: JuteWriter, value: Value): void;
}

/** How values of one type are written and read: said once, for both directions and for the size. */
export interface Codec<Value> extends Format<Value> {
  /** The least that a value takes; it limits how many a vector can have. */
  readonly minBytes: number;
  /** Whether every value takes just that. */
  readonly isFixed: boolean;
  /**
   * @param what a name for the message
   * @throws WireError
   */
  read(input: JuteReader, what: string): Value;
}

/** One codec for the body of each type of a union of `{ type, body }`. */
export type BodyCodecs<Union extends { readonly type: Op; readonly body: unknown }> = {
  readonly [Member in Union as Member['type']]: Codec<Member['body']>;
};

/** The same by number, for a type that comes off the wire. */
export function byType(codecs: Readonly<Record<number, Codec<unknown>>>): CodecsByType {
  return new Map(Object.entries(codecs).map(([type, codec]) => [Number(type), codec]));
}

export type CodecsByType = ReadonlyMap<number, Codec<unknown>>;

export function encode<Value>(format: Format<Value>, value: Value): Uint8Array<ArrayBuffer> {
  const output = new JuteWriter(format.bytes(value));
  format.write(output, value);
  assert(output.isFull, 'the size of a record is known before it is written');
  return output.bytes;
}

/** Bytes that are left over are not looked at. */
export function decode<Value>(codec: Codec<Value>, bytes: Uint8Array, what: string): Value {
  return codec.read(new JuteReader(bytes), what);
}

// Primitive types

function fixed<Value>(
  byteCount: number,
  write: (output: JuteWriter, value: Value) => void,
  read: (input: JuteReader, what: string) => Value,
): Codec<Value> {
  return { minBytes: byteCount, isFixed: true, bytes: () => byteCount, write, read };
}

export const NOTHING: Codec<null> = fixed(
  0,
  () => {},
  () => null,
);

export const BOOLEAN: Codec<boolean> = fixed(
  1,
  (output, value) => output.boolean(value),
  (input, what) => input.boolean(what),
);

export const INT: Codec<number> = fixed(
  4,
  (output, value) => output.int(value),
  (input, what) => input.int(what),
);

export const LONG: Codec<number> = fixed(
  8,
  (output, value) => output.long(value),
  (input, what) => input.long(what),
);

export const ZXID: Codec<Zxid> = fixed(
  8,
  (output, value) => output.long(value),
  (input, what) => asZxid(input.long(what)),
);

export const SESSION: Codec<SessionId> = fixed(
  8,
  (output, value) => output.session(value),
  (input, what) => input.session(what),
);

export const BUFFER_OR_NULL: Codec<Uint8Array | null> = {
  minBytes: 4,
  isFixed: false,
  bytes: (value) => 4 + (value?.length ?? 0),
  write: (output, value) => output.buffer(value),
  read: (input, what) => input.buffer(what),
};

export const BUFFER: Codec<Uint8Array> = notNull(BUFFER_OR_NULL);

export const TEXT_OR_NULL: Codec<string | null> = {
  minBytes: 4,
  isFixed: false,
  bytes: (value) => 4 + (value === null ? 0 : utf8Bytes(value)),
  write: (output, value) => output.text(value),
  read: (input, what) => input.text(what),
};

export const TEXT: Codec<string> = notNull(TEXT_OR_NULL);

function notNull<Value>(codec: Codec<Value | null>): Codec<Value> {
  return {
    ...codec,
    read: (input, what) => {
      const value = codec.read(input, what);
      if (value === null) throw input.error(`${what}: may not be null`, 4);
      return value;
    },
  };
}

/** Null where it is legal on the wire, but means no more than an empty one. */
export function nullAs<Value>(codec: Codec<Value | null>, empty: Value): Codec<Value> {
  return { ...codec, read: (input, what) => codec.read(input, what) ?? empty };
}

/** An int that is one of these numbers. */
export function oneOf<Value extends number>(allowed: readonly Value[]): Codec<Value> {
  return fixed(
    4,
    (output, value) => output.int(value),
    (input, what) => {
      const number = input.int(what);
      const value = allowed.find((each) => each === number);
      if (value === undefined) throw input.error(`${what}: ${number} is none`, 4);
      return value;
    },
  );
}

// Compound types

/** The fields of a record, in the order in which they are given. */
export function record<Value>(
  fields: {
    readonly [Key in keyof Value]-?: Codec<Value[Key]>;
  },
): Codec<Value> {
  const all = Object.entries<Codec<unknown>>(fields).map(([key, codec]) => ({ key, codec }));
  const variable = all.filter(({ codec }) => !codec.isFixed);
  const minBytes = all.reduce((sum, { codec }) => sum + codec.minBytes, 0);
  const fixedBytes = variable.reduce((sum, { codec }) => sum - codec.minBytes, minBytes);
  return {
    minBytes,
    isFixed: variable.length === 0,
    bytes: (value) => {
      let sum = fixedBytes;
      for (const { key, codec } of variable) sum += codec.bytes(value[key as keyof Value]);
      return sum;
    },
    write: (output, value) => {
      for (const { key, codec } of all) codec.write(output, value[key as keyof Value]);
    },
    read: (input) => {
      const value: Record<string, unknown> = {};
      for (const { key, codec } of all) value[key] = codec.read(input, key);
      // The type of `fields` says that each of them has a value of its type now.
      return value as Value;
    },
  };
}

export function vectorOrNull<Value>(element: Codec<Value>): Codec<readonly Value[] | null> {
  return {
    minBytes: 4,
    isFixed: false,
    bytes: (values) => {
      if (values === null) return 4;
      if (element.isFixed) return 4 + values.length * element.minBytes;
      let sum = 4;
      for (const value of values) sum += element.bytes(value);
      return sum;
    },
    write: (output, values) => {
      output.int(values === null ? -1 : values.length);
      for (const value of values ?? []) element.write(output, value);
    },
    read: (input, what) => {
      const count = input.count(what, element.minBytes);
      if (count < 0) return null;
      const values: Value[] = [];
      while (values.length < count) values.push(element.read(input, what));
      return values;
    },
  };
}

/** A negative count means no elements. */
export function vector<Value>(element: Codec<Value>): Codec<readonly Value[]> {
  return nullAs(vectorOrNull(element), []);
}

/** Values that have another form on the wire. */
export function mapped<Value, Form>(
  form: Codec<Form>,
  toForm: (value: Value) => Form,
  fromForm: (form: Form) => Value,
): Codec<Value> {
  return {
    minBytes: form.minBytes,
    isFixed: form.isFixed,
    bytes: (value) => form.bytes(toForm(value)),
    write: (output, value) => form.write(output, toForm(value)),
    read: (input, what) => fromForm(form.read(input, what)),
  };
}
