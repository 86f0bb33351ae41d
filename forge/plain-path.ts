/**
 * False for a path that git itself would never check out: an empty, `.`, `..` or `.git` part. Such names exist in
 * crafted trees and index files, where they would lead out of the working tree or into `.git`.
 */
export function isPlainPath(path: string): boolean {
  return !UNSAFE_PART.test(path);
}

const UNSAFE_PART = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;
