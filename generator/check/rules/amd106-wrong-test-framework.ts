import type { Dependency } from '../../../facts/signal.ts';
import { isNegated } from '../../documents/negation.ts';
import { type Span, spansOf } from '../../documents/spans.ts';
import type { Found, Rule, World } from '../rule.ts';
import { RIVALS, type Rival } from '../versions/rivals.ts';
import { sentenceAt } from '../versions/statements.ts';

/** A tool that a document says is used here, where the manifests have another one for the same work. */
export const wrongTestFramework: Rule = {
  id: 'AMD106',
  name: 'wrong-test-framework',
  severity: 'error',
  title: 'A document says that a test framework, linter or formatter is used that the repository does not have.',
  why: 'An agent writes tests for a framework that is not installed, and then installs it.',
  source: 'https://blog.cloudflare.com/ai-code-review/',
  *check(document, world) {
    const absent = absentRivals(world);
    for (const span of spansOf(document)) {
      if (span.kind !== 'text' && span.kind !== 'code') continue;
      for (const each of absent) {
        const found = judge(span, each);
        if (found) yield found;
      }
    }
  },
};

/** A tool of which there is no trace, or one too faint to use it, and what stands in its place. */
interface Absent {
  readonly rival: Rival;
  readonly instead: Rival;
  readonly declared: Dependency;
  /** No file that was read so much as mentions it. */
  readonly traceless: boolean;
}

const known = new WeakMap<World['survey'], readonly Absent[]>();

function absentRivals(world: World): readonly Absent[] {
  let absent = known.get(world.survey);
  if (!absent) {
    absent = [...findAbsent(world)];
    known.set(world.survey, absent);
  }
  return absent;
}

function* findAbsent({ survey, documents }: World): Iterable<Absent> {
  // Every path of the repository is looked at for each of them: only those that are spoken of.
  const named = RIVALS.filter(({ word }) => documents.some(({ text }) => word.test(text)));
  if (named.length === 0) return;
  const dependencies = new Map<string, Dependency>();
  const facts = new Set<string>();
  for (const signal of survey.signals) {
    if (signal.kind === 'dependency') {
      const key = `${signal.registry}:${signal.name.toLowerCase()}`;
      if (!dependencies.has(key)) dependencies.set(key, signal);
    }
    if (signal.kind === 'fact' && /^(?:test-framework|linter|formatter|type-checker)$/.test(signal.key))
      facts.add(signal.value.toLowerCase());
  }
  const declaredOf = ({ packages }: Rival): Dependency | undefined =>
    packages.map((name) => dependencies.get(name.toLowerCase())).find((found) => found !== undefined);
  for (const rival of named) {
    if (declaredOf(rival) || facts.has(rival.fact)) continue;
    const others = RIVALS.filter((other) => other !== rival && other.roles.some((role) => rival.roles.includes(role)));
    const instead = others.find((other) => declaredOf(other));
    const trace = instead ? traceOf(rival, survey) : 'used';
    if (instead && trace !== 'used')
      yield { rival, instead, declared: declaredOf(instead)!, traceless: trace === 'none' && isWhole(survey) };
  }
}

/** Whether files that were read, or the names of any files, speak of a tool: `faint` where only other packages' names do. */
function traceOf({ word }: Rival, { files, paths }: World['survey']): 'used' | 'faint' | 'none' {
  for (const name of paths.names()) if (word.test(name) && !/\.(?:md|mdx|mdc|rst|svg|png)$/i.test(name)) return 'used';
  const alone = new RegExp(`(?<![\\w@/.-])${word.source}(?![\\w/-])`, 'i');
  let faint = false;
  for (const { path, text } of files.values()) {
    if (/\.(?:md|mdx|mdc|rst)$/i.test(path) || !word.test(text)) continue;
    if (!/(?:\.lock|-lock\.(?:json|yaml)|\.sum)$/.test(path) && alone.test(text)) return 'used';
    faint = true;
  }
  return faint ? 'faint' : 'none';
}

/** True where every manifest of the repository was read: nothing can hide in another one. */
function isWhole({ files, paths }: World['survey']): boolean {
  return ['package.json', 'pyproject.toml', 'composer.json', 'Gemfile'].every((name) =>
    paths.named(name).every((path) => files.has(path)),
  );
}

/** Words after which a name is no statement about this repository. */
const ELSEWHERE =
  /\b(?:instead|rather|unlike|avoid\w*|migrat\w*|replac\w*|former\w*|previous\w*|legacy|old|deprecat\w*|compat\w*|similar|equivalent\w*|like|convert\w*|port(?:ed|ing)?|over|vs|versus|drop\w*|remov\w*|moved|was|were|compar\w*|e\.g|such as|for example|examples?|if|either|when|users?|consumers?|customers?|generated?|templates?|scaffold\w*|downstream|upstream|your|support\w*|plugins?|presets?|integrat\w*|adapter|detect\w*|parse\w*|optional\w*|could|may|might|can|or|style|syntax|api|matchers?|mocks?|globals?|both|switch\w*|will|would|standalone|without|other|third-party|not|no|never|don['’]t|isn['’]t)\b|→|->|[❌🚫⛔✗✘]/iu;

function judge(span: Span, { rival, instead, declared, traceless }: Absent): Found | undefined {
  const match = rival.word.exec(span.text);
  if (!match || !(span.kind === 'text' || span.text === match[0])) return undefined;
  // `black`, `pest` and `ava` are words of other trades too.
  if (span.kind === 'text' && match[0] !== rival.name && match[0] !== rival.name.toLowerCase()) return undefined;
  if (/^(?:Black|Pest|AVA|Mocha)$/.test(rival.name) && span.kind === 'text' && match[0] !== rival.name)
    return undefined;
  const sentence = sentenceAt(span, match.index);
  if (ELSEWHERE.test(sentence) || isNegated(span.place)) return undefined;
  if (span.place.headings.some((heading) => ELSEWHERE.test(heading) || instead.word.test(heading))) return undefined;
  // Beside `rules_jest` the name is what that one is about.
  const lower = sentence.toLowerCase();
  if ([...'_-@/'].some((sign) => lower.includes(sign + rival.name.toLowerCase()))) return undefined;
  const use = useOf(span, sentence, match[0]);
  const beside = instead.word.test(sentence);
  // A list of tools names several; any other sentence that has both compares them.
  if (!use || (beside && use !== 'listed')) return undefined;
  return {
    at: { text: match[0], line: span.line, column: span.column + match.index, offset: span.offset + match.index },
    severity: traceless ? 'error' : 'warning',
    message: `${rival.name} is no dependency here; ${instead.name} is (${declared.at.path}:${declared.at.line})`,
    ...(beside ? {} : { replacement: match[0] === rival.name ? instead.name : instead.name.toLowerCase() }),
  };
}

const LABEL =
  /\b(?:tests?|testing|test framework|test runner|unit|e2e|end-to-end|lint\w*|format\w*|type[- ]check\w*|static analysis|code style|quality)[^:|]{0,30}[:|]\s*(?:[\w.+ ]{0,30}[,+&]\s*)?$/i;
const TOOLS = /\b(?:frameworks?|runners?|linters?|formatters?)\s*(?:\([^)]{0,80}|:[^.]{0,80})$/i;
const VERB =
  /\b(?:uses?|using|written (?:in|with)|run(?:s|ning)? (?:with|by|on|via)|powered by|built on|via|with)\s+(?:the\s+)?(?:[\w.]+\s*(?:,|\+|&|and)\s*)?$/i;
const PURPOSE =
  /^\s*(?:v?\d[\w.]*\s*)?(?:\+[^,]{1,40})?\b(?:for|is used|handles)\b[^.]{0,40}\b(?:test\w*|lint\w*|format\w*|typ\w*)\b/i;

/** "Tests: Jest" lists it; "uses Jest", "written with Jest" and "Jest for unit tests" say so. */
function useOf({ place }: Span, sentence: string, name: string): 'listed' | 'said' | undefined {
  const at = sentence.indexOf(name);
  const before = sentence.slice(0, Math.max(0, at));
  if (LABEL.test(before) || TOOLS.test(before)) return 'listed';
  if (VERB.test(before)) return 'said';
  const after = sentence.slice(at + name.length);
  return place.within === 'item' && before.trim() === '' && PURPOSE.test(after) ? 'said' : undefined;
}
