/** What happens in a server's service. Beside each stands what `value` and `subject` are. */
export const KEEPER_EVENTS = {
  /** A client has connected and its session goes on here. value: session. */
  sessionAttached: 100,
  /** The session was attached to another server before. value: session. */
  sessionMoved: 101,
  /** The leader has decided that a session is over. value: session. */
  sessionExpired: 102,
  /** A client has seen more than this server. value: the client's last zxid. */
  clientAheadRefused: 103,
  /** A request of a session that has moved came through its old server. value: session. */
  requestMoved: 104,
  /** A sync has reached the leader, which now answers for all before it. value: session; subject: xid. */
  syncAsked: 105,
} as const;
