import { posix } from 'node:path';
import type { CoChange } from '../../facts/history/co-change.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code, list } from '../markdown.ts';

/** The key of such items: there is no fact behind them, but a history. */
const TOGETHER = 'changes-with';

/** More than these would crowd out what everybody needs. */
const MOST_ITEMS = 4;
const MOST_PATTERNS = 2;
/** What is written down as a rule for people has to be surer than what is worth listing. */
const SURE = { support: 5, confidence: 0.75, named: 0.6 };
/** Code that much else touches too is no list, though it names its neighbours. */
const LEAST_LIFT_OF_CODE = 30;
const DATA =
  /(?:\.(?:json[c5]?|ya?ml|toml|txt|cmake|md|mdx|rst|xml|ini|cfg|csv|bazel|build|am|mk|proj|props)|(?:^|\/)[A-Z][A-Za-z]*)$/;
/** What is as good as always so. */
const ALWAYS = 0.9;
const PICTURES = /\.(?:png|jpe?g|gif|svg|ico|webp|avif)$/;
const TESTS = /(?:^|\/)(?:tests?|specs?|__tests__|testdata|fixtures)\//;
/** Where the language itself demands it, nobody has to be told. */
const LANGUAGE_DEMANDS = /(?:^|\/)(?:mod|lib|main)\.rs$/;

/** "A new file here also needs a line there", from what the history shows and the other file proves. */
export function togetherItems(rules: readonly CoChange[], file: string): Composed {
  const omitted: Omitted[] = [];
  const leave = ({ when, also, evidence }: CoChange, reason: string): void =>
    void omitted.push({ text: `${when} changes with ${also}`, reason, evidence });
  const sure: CoChange[] = [];
  for (const rule of rules) {
    if (rule.on !== 'new' || rule.named < SURE.named) leave(rule, 'nothing but the history speaks for it');
    else if (rule.support < SURE.support || rule.confidence < SURE.confidence) leave(rule, 'the history is too thin');
    else if (!DATA.test(rule.also) && rule.lift < LEAST_LIFT_OF_CODE) leave(rule, 'much else changes it too');
    else if (PICTURES.test(rule.when)) leave(rule, 'a picture');
    else if (TESTS.test(rule.when) && !DATA.test(rule.also)) leave(rule, 'only tests');
    else if (LANGUAGE_DEMANDS.test(rule.also)) leave(rule, 'the language demands it');
    else sure.push(rule);
  }
  const items: Item[] = [];
  for (const group of grouped(sure)) {
    if (items.length >= MOST_ITEMS) {
      for (const each of group.rules) leave(each, 'others are stronger');
      continue;
    }
    const also = [...new Set(group.rules.map((each) => each.also))].slice(0, MOST_ITEMS);
    const usually = group.rules.every(({ confidence }) => confidence >= ALWAYS) ? '' : 'usually ';
    items.push({
      file,
      section: 'Boundaries',
      key: TOGETHER,
      text: `A new ${group.whens.map(code).join(' or ')} ${usually}also needs its entry in ${list(also.map(code))}`,
      evidence: group.rules.flatMap(({ evidence }) => evidence).slice(0, MOST_ITEMS),
      kind: 'prose',
      worth: 60 - items.length,
    });
  }
  return { items, omitted };
}

interface Group {
  readonly whens: readonly string[];
  readonly rules: CoChange[];
}

/** The same list for several kinds of files, and several lists for one kind, are one bullet. */
function grouped(rules: readonly CoChange[]): readonly Group[] {
  const groups = new Map<string, Group>();
  const told = new Set<CoChange>();
  for (const rule of rules) {
    if (told.has(rule)) continue;
    const sameList = rules.filter((other) => other.also === rule.also && !told.has(other));
    const sameKind = rules.filter((other) => other.when === rule.when && !told.has(other));
    const same = sameList.length >= sameKind.length ? sameList : sameKind;
    for (const each of same) told.add(each);
    const whens = patterns([...new Set(same.map(({ when }) => when))]);
    const known = groups.get(whens.join('\0'));
    if (known) known.rules.push(...same);
    else groups.set(whens.join('\0'), { whens, rules: same });
  }
  return [...groups.values()];
}

/** A few patterns as they are, many as the one that holds them all: all `*.md` below `docs/`. */
function patterns(whens: readonly string[]): readonly string[] {
  if (whens.length <= MOST_PATTERNS) return whens;
  const suffixes = new Set(whens.map((when) => posix.basename(when)));
  const folders = whens.map((when) => posix.dirname(when).split('/'));
  const [first = []] = folders;
  const differs = first.findIndex((part, at) => folders.some((folder) => folder[at] !== part));
  const shared = differs === -1 ? first : first.slice(0, differs);
  if (suffixes.size === 1 && shared.length > 0) return [`${shared.join('/')}/**/${[...suffixes][0]}`];
  return whens.slice(0, MOST_PATTERNS);
}
