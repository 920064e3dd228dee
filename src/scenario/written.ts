import { z } from 'zod';
import { hint, listed, NO_SUCH_FIELD, type Notation, showValue } from './issues.ts';
import type { Problem } from './plan.ts';
import { formatRate, formatTime, parseRate, parseTime } from './units.ts';

/**
 * The written form of a plan: as people read and write it in scenario files. Where a plan has a
 * field `forMicros` with a number, the written form has `for` with a text like `250ms`.
 */
interface Unit {
  /** What the name of such a field ends in. */
  readonly suffix: string;
  readonly example: string;
  /** What a text must look like, for editors. */
  readonly pattern: string;
  parse(text: string): number | null;
  format(value: number): string;
}

const TIME_PATTERN = '^-?\\d+(\\.\\d+)? ?(h|m|s|ms|us)$';

const UNITS: readonly Unit[] = [
  {
    suffix: 'Micros',
    example: 'a time like 250ms or 1.5s',
    pattern: TIME_PATTERN,
    parse: parseTime,
    format: formatTime,
  },
  {
    suffix: 'Ms',
    example: 'a time in whole milliseconds like 250ms or 1.5s',
    pattern: TIME_PATTERN,
    parse: (text) => {
      const micros = parseTime(text);
      return micros === null || micros % 1000 !== 0 ? null : micros / 1000;
    },
    format: (value) => formatTime(value * 1000),
  },
  {
    suffix: 'Ppm',
    example: 'a rate like 5% or 0.1%',
    pattern: '^-?\\d+(\\.\\d+)? ?%$',
    parse: parseRate,
    format: formatRate,
  },
];

type BareName<Name> = Name extends `${infer Bare}Micros` | `${infer Bare}Ms` | `${infer Bare}Ppm`
  ? Bare
  : Name;

type WithUnit<Name, Value> =
  BareName<Name> extends Name
    ? Written<Value>
    : Value extends readonly number[]
      ? readonly string[]
      : string;

/** The written form of a type. */
export type Written<Value> = Value extends readonly (infer Item)[]
  ? readonly Written<Item>[]
  : Value extends object
    ? { [Name in keyof Value as BareName<Name>]: WithUnit<Name, Value[Name]> }
    : Value;

function unitOf(name: string): Unit | undefined {
  return UNITS.find(({ suffix }) => name.endsWith(suffix) && name !== suffix);
}

function bareName(name: string): string {
  return name.slice(0, name.length - (unitOf(name)?.suffix.length ?? 0));
}

/** How the fields of a plan are spelt in their written form. */
export const WRITTEN: Notation = {
  number: (value, field) => unitOf(field)?.format(value) ?? String(value),
  takes: (field) => unitOf(field)?.example ?? null,
};

/** The path of a field as it is written. */
export function writtenPath(path: readonly PropertyKey[]): PropertyKey[] {
  return path.map((key) => (typeof key === 'string' ? bareName(key) : key));
}

/** Deeper than anything in a shape; a value that holds itself is deeper than that. */
const DEPTH_MAX = 20;

/** Translates between a shape and its written form. */
export class Translator {
  private readonly jsonSchema: JsonSchema;
  /** By their bare names: the fields that have a unit. */
  private readonly fields = new Map<string, string>();

  constructor(schema: z.ZodType) {
    this.jsonSchema = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
    for (const name of namesIn(this.jsonSchema)) {
      if (unitOf(name) !== undefined) this.fields.set(bareName(name), name);
    }
  }

  /** What there is in the place of a field that there is not, in words. @param value of the shape */
  fieldsInstead(path: readonly PropertyKey[], value: unknown): string {
    const names = this.fieldsAt(path.slice(0, -1), value).map(bareName);
    const likely = hint(bareName(String(path.at(-1))), names);
    if (likely !== '') return likely;
    return names.length === 1 ? `there is only ${names[0]}` : `there are ${listed(names)}`;
  }

  write(value: unknown): unknown {
    return mapFields(value, (name, field) => {
      const unit = unitOf(name);
      if (unit === undefined) return [name, this.write(field)];
      const format = (one: unknown): unknown => (typeof one === 'number' ? unit.format(one) : one);
      return [bareName(name), Array.isArray(field) ? field.map(format) : format(field)];
    });
  }

  /** @param problems gets what cannot be read; the path is that of the written form */
  read(value: unknown, problems: Problem[], path: readonly PropertyKey[] = []): unknown {
    if (path.length > DEPTH_MAX) {
      problems.push({ path: path.slice(0, 1), message: 'is nested too deeply' });
      return null;
    }
    return mapFields(value, (name, field) => {
      const here = [...path, name];
      const fullName = this.fields.get(name);
      if (fullName === undefined) {
        if (unitOf(name) !== undefined && this.fields.has(bareName(name))) {
          const message = `${NO_SUCH_FIELD}; write ${bareName(name)}, with a unit`;
          problems.push({ path: here, message });
        }
        return [name, this.read(field, problems, here)];
      }
      const unit = unitOf(fullName) as Unit;
      const readOne = (one: unknown, where: readonly PropertyKey[]): unknown => {
        const number = typeof one === 'string' ? unit.parse(one) : null;
        if (number === null) {
          const message = `expected ${unit.example}, not ${showValue(one)}`;
          problems.push({ path: where, message });
        }
        return number;
      };
      const number = Array.isArray(field)
        ? field.map((one, index) => readOne(one, [...here, index]))
        : readOne(field, here);
      return [fullName, number];
    });
  }

  /** A JSON Schema of the written form. */
  writtenSchema(): object {
    return writeSchema(this.jsonSchema) as object;
  }

  /** The fields that there are at a place of the shape. */
  private fieldsAt(path: readonly PropertyKey[], value: unknown): string[] {
    let schema = likeliest(this.jsonSchema, value);
    let here = value;
    for (const key of path) {
      here = typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined;
      const next = schema.items ?? schema.properties?.[String(key)];
      if (next === undefined) return [];
      schema = likeliest(next, here);
    }
    return Object.keys(schema.properties ?? {});
  }
}

/** Of the shapes that a value may have, that which has most of its fields. */
function likeliest(schema: JsonSchema, value: unknown): JsonSchema {
  const shapes = schema.anyOf ?? schema.oneOf;
  if (shapes === undefined || typeof value !== 'object' || value === null) return schema;
  const fitting = ({ properties }: JsonSchema): number => {
    if (properties === undefined) return -1;
    const own = Object.entries(value).filter(([name]) => name in properties);
    const isOther = own.some(([name, field]) => (properties[name]?.const ?? field) !== field);
    return isOther ? -1 : own.length;
  };
  return shapes.reduce((best, one) => (fitting(one) > fitting(best) ? one : best));
}

/** As much of a JSON Schema as the translation looks at. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function* namesIn(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('properties' in schema) yield* Object.keys(Object(schema.properties));
  for (const part of Object.values(schema)) yield* namesIn(part);
}

function writeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(writeSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.entries(schema).map(([keyword, part]) => {
    if (keyword === 'required') return [keyword, (part as string[]).map(bareName)];
    if (keyword !== 'properties') return [keyword, writeSchema(part)];
    const fields = Object.entries(part as object).map(([name, field]) => {
      const unit = unitOf(name);
      return [bareName(name), unit === undefined ? writeSchema(field) : textOf(field, unit)];
    });
    return [keyword, Object.fromEntries(fields)];
  });
  return Object.fromEntries(parts);
}

function textOf(field: JsonSchema, { pattern }: Unit): object {
  const text = { type: 'string', pattern };
  const { description, type } = field;
  const described = description === undefined ? {} : { description };
  return type === 'array'
    ? { type: 'array', items: text, ...described }
    : { ...text, ...described };
}

/** Translates the fields of an object, and those of all the objects of a list. */
function mapFields(
  value: unknown,
  translate: (name: string, field: unknown) => [name: string, field: unknown],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => translate(String(index), item)[1]);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => translate(name, item)));
}
