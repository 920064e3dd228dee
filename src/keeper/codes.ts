/** Request and transaction types, with ZooKeeper's numbers. `ZooDefs.OpCode`. */
export const OP = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  create2: 15,
  error: -1,
  createSession: -10,
  closeSession: -11,
} as const;

export type Op = (typeof OP)[keyof typeof OP];

/** Error codes, with ZooKeeper's numbers. `KeeperException.Code`. */
export const CODE = {
  OK: 0,
  RUNTIMEINCONSISTENCY: -2,
  CONNECTIONLOSS: -4,
  MARSHALLINGERROR: -5,
  UNIMPLEMENTED: -6,
  BADARGUMENTS: -8,
  NONODE: -101,
  NOAUTH: -102,
  BADVERSION: -103,
  NOCHILDRENFOREPHEMERALS: -108,
  NODEEXISTS: -110,
  NOTEMPTY: -111,
  SESSIONEXPIRED: -112,
  INVALIDACL: -114,
  SESSIONMOVED: -118,
} as const;

export type Code = (typeof CODE)[keyof typeof CODE];

/** An error code: any but OK. */
export type ErrorCode = Exclude<Code, 0>;

const NAMES = new Map<number, string>(Object.entries(CODE).map(([name, code]) => [code, name]));

export function codeName(code: number): string {
  return NAMES.get(code) ?? String(code);
}

/** Whether a request changes the state, and so goes through agreement. */
export function isWrite(type: Op): boolean {
  switch (type) {
    case OP.create:
    case OP.create2:
    case OP.delete:
    case OP.setData:
    case OP.createSession:
    case OP.closeSession:
      return true;
    default:
      return false;
  }
}
