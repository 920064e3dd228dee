/**
 * Whether a path is one that a znode may have. Rules over UTF-16 units, as in ZooKeeper's
 * `PathUtils.validatePath`; no unit of a surrogate pair passes.
 */
export function isValidPath(path: string): boolean {
  if (path.length === 0 || path[0] !== '/') return false;
  if (path.length === 1) return true;
  if (path.endsWith('/')) return false;
  let segmentStart = 1;
  for (let index = 1; index <= path.length; index++) {
    if (index === path.length || path[index] === '/') {
      if (isForbiddenName(path.slice(segmentStart, index))) return false;
      segmentStart = index + 1;
    } else if (isForbiddenUnit(path.charCodeAt(index))) return false;
  }
  return true;
}

function isForbiddenName(name: string): boolean {
  return name === '' || name === '.' || name === '..';
}

function isForbiddenUnit(unit: number): boolean {
  return (
    unit <= 0x1f ||
    (unit >= 0x7f && unit <= 0x9f) ||
    (unit >= 0xd800 && unit <= 0xf8ff) ||
    unit >= 0xfff0
  );
}

/** The path of a node's parent; the root's children have `/`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The last segment of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** ZooKeeper's own nodes may not be deleted. `PrepRequestProcessor.getParentPathAndValidate`. */
export function isSpecialPath(path: string): boolean {
  return (
    path === '/' ||
    path === '/zookeeper' ||
    path === '/zookeeper/quota' ||
    path === '/zookeeper/config'
  );
}
