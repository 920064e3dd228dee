import { OP, type Op, opName } from '../codes.ts';
import { BOOLEAN, type Codec, type CodecsByType, INT, NOTHING, record } from './codec.ts';

/** Something of a type with a number; one whose type is not known keeps its number as its body. */
export type Numbered =
  | { readonly type: Exclude<Op, typeof OP.unknown>; readonly body: unknown }
  | { readonly type: typeof OP.unknown; readonly body: { readonly type: number } };

/** The number of its type on the wire. */
export function wireType(numbered: Numbered): number {
  return numbered.type === OP.unknown ? numbered.body.type : numbered.type;
}

interface MultiHeader {
  readonly type: number;
  readonly done: boolean;
  readonly err: number;
}

const MULTI_HEADER: Codec<MultiHeader> = record({ type: INT, done: BOOLEAN, err: INT });
const MULTI_END: MultiHeader = { type: -1, done: true, err: -1 };
const HEADER_BYTES = MULTI_HEADER.minBytes;

/**
 * The parts of a multi: each has a header before its body, and one more header ends them.
 * `MultiOperationRecord`, `MultiResponse`.
 *
 * @param codecs of the bodies of the types that are allowed
 * @param err what the header of a part says
 * @param stranger what becomes of a type that is not allowed: the last part, as nobody knows where
 *   its body ends, or an error if there is nothing to be made of it
 */
export function multiParts<Part extends Numbered>(
  codecs: CodecsByType,
  err: (part: Part) => number,
  stranger: ((type: number) => Part) | null,
): Codec<readonly Part[]> {
  const codecOf = ({ type }: Part) => codecs.get(type) ?? NOTHING;
  return {
    minBytes: HEADER_BYTES,
    isFixed: false,
    bytes: (parts) => {
      let sum = HEADER_BYTES;
      for (const part of parts) sum += HEADER_BYTES + codecOf(part).bytes(part.body);
      return sum;
    },
    write: (output, parts) => {
      for (const part of parts) {
        MULTI_HEADER.write(output, { type: wireType(part), done: false, err: err(part) });
        codecOf(part).write(output, part.body);
      }
      MULTI_HEADER.write(output, MULTI_END);
    },
    read: (input, what) => {
      const parts: Part[] = [];
      for (;;) {
        const { type, done } = MULTI_HEADER.read(input, what);
        if (done) return parts;
        const codec = codecs.get(type);
        if (codec !== undefined) {
          // The table gives every type the codec of its body.
          parts.push({ type, body: codec.read(input, opName(type)) } as Part);
        } else if (stranger !== null) {
          parts.push(stranger(type));
          return parts;
        } else {
          throw input.error(`${what}: ${opName(type)} may not be in it`, HEADER_BYTES);
        }
      }
    },
  };
}
