import type { Sid } from './ports.ts';
import type { Snapshot, Txn } from './txn.ts';
import type { Epoch, Zxid } from './zxid.ts';

/** A server's state; the numbers are those on the wire. */
export const SERVER_STATE = { LOOKING: 0, FOLLOWING: 1, LEADING: 2, OBSERVING: 3 } as const;

export type ServerState = (typeof SERVER_STATE)[keyof typeof SERVER_STATE];

/** Election: the sender's state and the vote it stands by. */
export interface Notification {
  readonly sid: Sid;
  readonly state: ServerState;
  readonly leader: Sid;
  /** The last zxid of the proposed leader. */
  readonly zxid: Zxid;
  /** The election's round, the logical clock; no relation to ZAB's epochs. */
  readonly electionEpoch: number;
  /** The `currentEpoch` of the proposed leader. */
  readonly peerEpoch: Epoch;
}

/** The first message on an election connection: who has dialled. */
export interface Announcement {
  readonly announcedSid: Sid;
}

/** Packet types on the quorum channel, with ZooKeeper's numbers where it has such a packet. */
export const PACKET = {
  REQUEST: 1,
  PROPOSAL: 2,
  ACK: 3,
  COMMIT: 4,
  PING: 5,
  REVALIDATE: 6,
  SYNC: 7,
  INFORM: 8,
  NEWLEADER: 10,
  FOLLOWERINFO: 11,
  UPTODATE: 12,
  DIFF: 13,
  TRUNC: 14,
  SNAP: 15,
  OBSERVERINFO: 16,
  LEADERINFO: 17,
  ACKEPOCH: 18,
  /** The bytes that follow SNAP on the same stream; in ZooKeeper they are in no packet. */
  SNAPSHOT: 100,
} as const;

export type PacketType = (typeof PACKET)[keyof typeof PACKET];

/** Every packet has this one shape, so that dispatch reads it in one step. */
interface Packet<Type extends PacketType, Data> {
  readonly type: Type;
  readonly zxid: Zxid;
  readonly data: Data;
}

/** Learner → leader, discovery: who I am; zxid: `acceptedEpoch:0`. */
export type FollowerInfo = Packet<typeof PACKET.FOLLOWERINFO, Sid>;
export type ObserverInfo = Packet<typeof PACKET.OBSERVERINFO, Sid>;
/** Leader → learner, discovery: the new epoch `e:0`. NEWEPOCH(e) in the paper. */
export type LeaderInfo = Packet<typeof PACKET.LEADERINFO, null>;
/** Learner → leader, discovery: my last zxid and current epoch. ACK-E in the paper. */
export type AckEpoch = Packet<typeof PACKET.ACKEPOCH, EpochAnswer>;
/** Leader → learner, synchronisation: your history is a prefix of mine, the rest follows. */
export type Diff = Packet<typeof PACKET.DIFF, null>;
/** Leader → learner, synchronisation: cut your log behind this zxid. */
export type Trunc = Packet<typeof PACKET.TRUNC, null>;
/** Leader → learner, synchronisation: throw your state away, that of `zxid` is what follows next. */
export type Snap = Packet<typeof PACKET.SNAP, null>;
/** Leader → learner, synchronisation: the state, in one piece. */
export type SnapshotStream = Packet<typeof PACKET.SNAPSHOT, Snapshot>;
/** Leader → learner, synchronisation: that is the initial history of epoch `e:0`. */
export type NewLeader = Packet<typeof PACKET.NEWLEADER, null>;
/** Leader → learner, end of synchronisation: serve. COMMIT-LD in the paper. */
export type UpToDate = Packet<typeof PACKET.UPTODATE, null>;
/** Leader → follower, broadcast. */
export type Proposal = Packet<typeof PACKET.PROPOSAL, Txn>;
/** Learner → leader: the txn, or with `e:0` the initial history, is on my disk. */
export type Ack = Packet<typeof PACKET.ACK, null>;
/** Leader → follower, broadcast. */
export type Commit = Packet<typeof PACKET.COMMIT, null>;
/** Leader → observer, broadcast: a txn that is committed. */
export type Inform = Packet<typeof PACKET.INFORM, Txn>;
/** Leader → learner and back; the answer carries the sessions that the learner has heard from. */
export type Ping = Packet<typeof PACKET.PING, object | null>;
/** Learner → leader: a client's write, sync, or session. */
export type Request = Packet<typeof PACKET.REQUEST, object>;
/** Learner → leader and back: is this session alive? */
export type Revalidate = Packet<typeof PACKET.REVALIDATE, object>;
/** Leader → learner: the answer to the sync that you forwarded first. */
export type Sync = Packet<typeof PACKET.SYNC, null>;

export type QuorumPacket =
  | FollowerInfo
  | ObserverInfo
  | LeaderInfo
  | AckEpoch
  | Diff
  | Trunc
  | Snap
  | SnapshotStream
  | NewLeader
  | UpToDate
  | Proposal
  | Ack
  | Commit
  | Inform
  | Ping
  | Request
  | Revalidate
  | Sync;

/** What a learner says to LEADERINFO. */
export interface EpochAnswer {
  /** Its `currentEpoch`; `null` when it had promised this epoch before and must not count. */
  readonly currentEpoch: Epoch | null;
  /** Its state cannot be cut back to where a leader wanted it, so only a snapshot will do. */
  readonly needsSnapshot: boolean;
}
