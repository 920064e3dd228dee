/** Families of histories, by how the names of their files begin, the longest first. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['cas-register-5values', 'cas-register-5values'],
  ['cas-register', 'cas-register'],
  ['etcd', 'etcd logs'],
  ['kv-register', 'kv-register'],
  ['kv-c', 'kv, recorded'],
  ['kv', 'kv'],
  ['lostwrites', 'lostwrites'],
  ['queue', 'queue'],
  ['register-3values', 'register-3values'],
  ['register-5values', 'register-5values'],
  ['register', 'register, unique values'],
  ['reversed', 'reversed'],
  ['znode-local', 'znode-local'],
  ['znode-sync', 'znode-sync'],
];

export function familyOf(name: string): string {
  return BEGINNINGS.find(([beginning]) => name.startsWith(beginning))?.[1] ?? 'others';
}
