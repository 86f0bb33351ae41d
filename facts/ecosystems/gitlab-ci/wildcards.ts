/**
 * Whether a path fits a pattern in which `*` stands for anything within a folder and `**` for anything at all; a
 * `**` followed by a slash also for no folder. Takes time in proportion to both lengths whatever the pattern is: it comes from a repository.
 */
export function matchesWildcards(path: string, pattern: string): boolean {
  // reached[i]: the pattern so far can end before path[i].
  let reached = new Array<boolean>(path.length + 1).fill(false);
  reached[0] = true;
  for (const part of pattern.match(/\*\*+\/|\*\*+|\*|[^*]+/g) ?? []) {
    const next = new Array<boolean>(path.length + 1).fill(false);
    if (part.startsWith('*')) {
      let open = false;
      for (let i = 0; i <= path.length; i++) {
        if (part === '*' && i > 0 && path[i - 1] === '/') open = false;
        open ||= reached[i]!;
        if (part.endsWith('/')) next[i] = reached[i]! || (open && path[i - 1] === '/');
        else next[i] = open;
      }
    } else {
      for (let i = 0; i + part.length <= path.length; i++) {
        if (reached[i] && path.startsWith(part, i)) next[i + part.length] = true;
      }
    }
    reached = next;
  }
  return reached[path.length]!;
}
