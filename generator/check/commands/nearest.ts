import leven from 'leven';

/** Lists longer than this are searched no further. */
const MOST = 2000;
const SHOWN = 3;

/** The names most like one that is gone, the most like first. */
export function nearestNames(name: string, known: Iterable<string>): readonly string[] {
  const ranked: { readonly name: string; readonly rank: number }[] = [];
  const wanted = partsOf(name);
  for (const each of [...known].slice(0, MOST)) {
    if (Math.abs(each.length - name.length) > 40 || each === name) continue;
    const parts = partsOf(each);
    const shared = parts.filter((part) => wanted.includes(part)).length;
    const distance = leven(name, each);
    if (shared === 0 && distance > Math.max(1, name.length / 3)) continue;
    ranked.push({
      name: each,
      rank: distance / Math.max(name.length, each.length) - (2 * shared) / (wanted.length + parts.length),
    });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN)
    .map((each) => each.name);
}

/**
 * The one name that can only be meant: the same words in another order or joined by other signs, or one or two letters
 * away. Undefined where there is none, or more than one.
 */
export function sureSuccessor(name: string, known: Iterable<string>): string | undefined {
  const words = partsOf(name).toSorted().join(' ');
  const all = [...known].slice(0, MOST).filter((each) => each !== name);
  const same = all.filter((each) => partsOf(each).toSorted().join(' ') === words);
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const most = name.length < 5 ? 1 : 2;
  const close = all.filter((each) => Math.abs(each.length - name.length) <= most && leven(name, each) <= most);
  // `test1` and `test2` are two things.
  const letters = (text: string): string => text.replace(/\d+/g, '#');
  return close.length === 1 && name.length > 3 && letters(close[0]!) !== letters(name) ? close[0] : undefined;
}

function partsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}
