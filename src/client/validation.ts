import { OP } from '../keeper/codes.ts';
import { isValidPath } from '../keeper/path.ts';
import { CREATE_MODE, type MultiOp, type Question } from '../keeper/requests.ts';
import { isSequentialMode } from './chroot.ts';

/** In milliseconds. `EphemeralType.TTL`. */
const TTL_MAX = 2 ** 40 - 1;

/** Whether a client library would send this, or say at once that the arguments are wrong. */
export function isValidQuestion(question: Question): boolean {
  switch (question.type) {
    case OP.multi:
    case OP.multiRead:
      return question.body.ops.every((op) => isValidOp(op));
    case OP.getEphemerals:
      return isValidPath(question.body.prefixPath);
    default:
      return isValidOp(question);
  }
}

function isValidOp({ type, body }: Question | MultiOp): boolean {
  if (type === OP.createTTL && !(body.ttl >= 1 && body.ttl <= TTL_MAX)) return false;
  if (type === OP.create && isTtlMode(body.flags)) return false;
  if (body === null || !('path' in body)) return true;
  // The number will make a name even behind a slash.
  if ('flags' in body && isSequentialMode(body.flags)) return isValidPath(`${body.path}1`);
  return isValidPath(body.path);
}

function isTtlMode(flags: number): boolean {
  return (
    flags === CREATE_MODE.PERSISTENT_WITH_TTL ||
    flags === CREATE_MODE.PERSISTENT_SEQUENTIAL_WITH_TTL
  );
}
