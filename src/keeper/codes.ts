/** Request and transaction types, with ZooKeeper's numbers. `ZooDefs.OpCode`. */
export const OP = {
  /** A watch event; nobody asks for one. */
  notification: 0,
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  reconfig: 16,
  checkWatches: 17,
  removeWatches: 18,
  createContainer: 19,
  deleteContainer: 20,
  createTTL: 21,
  multiRead: 22,
  auth: 100,
  setWatches: 101,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  error: -1,
  createSession: -10,
  closeSession: -11,
  /** Stands for every number that means nothing. */
  unknown: -1000,
} as const;

export type Op = (typeof OP)[keyof typeof OP];

const OP_NAMES = new Map<number, string>(Object.entries(OP).map(([name, op]) => [op, name]));

export function opName(op: number): string {
  return OP_NAMES.get(op) ?? String(op);
}

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
  AUTHFAILED: -115,
  SESSIONMOVED: -118,
  NOWATCHER: -121,
  RECONFIGDISABLED: -123,
  QUOTAEXCEEDED: -125,
} as const;

export type Code = (typeof CODE)[keyof typeof CODE];

/** An error code: any but OK. */
export type ErrorCode = Exclude<Code, 0>;

const CODE_NAMES = new Map<number, string>(
  Object.entries(CODE).map(([name, code]) => [code, name]),
);

export function codeName(code: number): string {
  return CODE_NAMES.get(code) ?? String(code);
}

/** Whether a request goes through agreement: it may change the state, and takes a zxid if it does not. */
export function isWrite(type: Op): boolean {
  switch (type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL:
    case OP.delete:
    case OP.deleteContainer:
    case OP.setData:
    case OP.setACL:
    case OP.check:
    case OP.multi:
    case OP.reconfig:
    case OP.createSession:
    case OP.closeSession:
      return true;
    default:
      return false;
  }
}
