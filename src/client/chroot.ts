import { OP } from '../keeper/codes.ts';
import { CREATE_MODE, type MultiOp, type Question, type Reply } from '../keeper/requests.ts';

type Body = Reply['body'];

/** Lets a client live below a node as if that were the root. */
export class Chroot {
  private readonly prefix: string;

  /** @param prefix a valid path, or empty for none */
  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** What the server calls a path of the client. */
  prepend(path: string): string {
    if (this.prefix === '') return path;
    return path === '/' ? this.prefix : this.prefix + path;
  }

  /** What the client calls a path of the server. One outside, as that of the configuration, stays. */
  strip(path: string): string {
    if (this.prefix === '') return path;
    if (path === this.prefix) return '/';
    return path.startsWith(`${this.prefix}/`) ? path.slice(this.prefix.length) : path;
  }

  /** A question as the server shall read it. */
  outward(question: Question): Question {
    if (this.prefix === '') return question;
    const { type, body } = question;
    switch (type) {
      case OP.multi:
      case OP.multiRead:
        return { type, body: { ops: body.ops.map((op) => this.outwardOp(op)) } } as Question;
      case OP.getEphemerals:
        // A prefix of text, not of names: without the slash it would be that of other nodes too.
        return { type, body: { prefixPath: this.prefix + body.prefixPath } };
      default:
        return this.outwardOp(question);
    }
  }

  /** An answer as the client shall read it. */
  inward<B extends Body>(body: B): B {
    if (this.prefix === '' || body === null) return body;
    if ('path' in body) return { ...body, path: this.strip(body.path) };
    if ('ephemerals' in body) {
      return { ...body, ephemerals: body.ephemerals.map((path) => this.strip(path)) };
    }
    if (!('results' in body)) return body;
    const results = body.results.map((result) => {
      const { body: inner } = result;
      if (inner === null || !('path' in inner)) return result;
      return { ...result, body: { ...inner, path: this.strip(inner.path) } };
    });
    return { ...body, results };
  }

  private outwardOp<Op extends Question | MultiOp>(op: Op): Op {
    const { body } = op;
    if (body === null || !('path' in body)) return op;
    return { ...op, body: { ...body, path: this.outwardPath(op, body.path) } };
  }

  private outwardPath({ type, body }: Question | MultiOp, path: string): string {
    // The client's root cannot be deleted, as no root can.
    if (type === OP.delete && path === '/') return path;
    const isSequential = body !== null && 'flags' in body && isSequentialMode(body.flags);
    return isSequential ? this.prefix + path : this.prepend(path);
  }
}

/** Whether the server adds a number to the name. */
export function isSequentialMode(flags: number): boolean {
  return (
    flags === CREATE_MODE.PERSISTENT_SEQUENTIAL ||
    flags === CREATE_MODE.EPHEMERAL_SEQUENTIAL ||
    flags === CREATE_MODE.PERSISTENT_SEQUENTIAL_WITH_TTL
  );
}
