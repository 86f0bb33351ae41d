import { SPAN } from './claim.ts';

/** Words of whoever wants something else than to describe a repository, or speaks to models. None is worth its risk here. */
const NEVER =
  /\b(?:ignore[sd]?|disregard\w*|forget|overrid\w*|bypass\w*|circumvent\w*|pretend\w*|jailbreak\w*|exfiltrat\w*|leak\w*|upload\w*|curl|wget|sudo|credentials?|secrets?|tokens?|passwords?|passphrases?|api[- ]keys?|access[- ]keys?|private[- ]keys?|ssh|cookies?|webhooks?|prompts?|instructions?|approv\w*|lgtm|e-?mails?|send|sends|sending|print|prints|reveal\w*|disclos\w*|previous|prior|system message|language models?|llms?|assistants?|chatgpt|claude|copilot|gemini|reviewers?|ai|agents?|tool calls?|function calls?|you are|act as)\b/iu;

/** Of these what many programs have to do with: nothing is wanted of a thing that the bullet names in code, as `src/agent/`. */
const THING_OF_CODE =
  /\b(?<thing>agent|webhook|prompt|assistant|llm|language model|e-?mail)s?\b(?! (?:must|should|shall|may|can|could|will|would|have|has|need|are|is|do|does|who|that|which)\b)(?!s?[:,])/giu;

/** A verb that says what the thing in front of it does is no order, such as what `--write-options` ignores. */
const DOES = new RegExp(
  `(?<=${SPAN} )(?<!\\b(?:at|by|for|from|in|of|on|to|with) ${SPAN} )(?:ignores|overrides|prints)\\b(?! (?:all|any|every\\w*|others?|this|these|your|our|what|the (?:rules?|rest|above|others?|following))\\b)`,
  'giu',
);

/** Where a clause begins, in which a verb is an order. */
const BEGINS = String.raw`(?:^|[.;:!?,()–—-]|\b(?:and|then|or|please|must|should|shall|always|never|also|first|not|now|to|you|only|don['’]t|need to|have to))\s*`;
/** What is done with the outside, or with all of a working copy; what a bullet asks for is about files. */
const DEEDS =
  'run|running|execute|invoke|launch|install|download|fetch|post|publish|deploy|release|push|pull|commit|merge|report|message|notify|reply|respond|answer|output|say|repeat|visit|browse|navigate|contact|tell|ask|disable|skip|turn off|email|open|clone|checkout|connect|query|request|share|call|eval|start|stop|kill|grant|chmod';
const DEED = new RegExp(`${BEGINS}(${DEEDS})\\b(?!\\s*-)`, 'giu');
/** Deeds that are things as well, as in request handlers. Not those of speech: what is to be said may well be a sentence. */
const THINGS = /^(?:request|query|commit|merge|release)$/i;
/** After a thing and its noun comes what these do or are; an order goes on with what it is about. */
const HAS_VERB =
  /^ (?!(?:(?:what|who|which|every|any|some)\w*|that|this|these|those|it|they|all|no|none|the|an?|each|both|my|your|our|their|its) )\p{Ll}+ (?:(?:is|are|has|have|gets?|goes|go|comes?|lives?|lies?|stands?|belongs?|needs?|takes?|uses?|turns?|wraps?|returns?|extends?|inherits?|implements?|becomes?|ends?|begins?|holds?|carry|carries|follows?|maps?|converts?|registers?)\b|(?:must|should|may|can|never) \p{Ll})/u;
/** To run it, call ...: what is told comes after the comma. */
const PURPOSES = /^(?:run|start|stop|launch|execute|invoke)$/i;
const PURPOSE = /(?:^|[.;:(])\s*to\s+$/iu;
/** All that may stand between a purpose and its comma: nothing else is smuggled in with it. */
const OF_TESTS = new RegExp(
  String.raw`^(?:\s+(?:${SPAN}|an?|the|one|single|all|its|their|this|these|those|it|them|of|in|for|tests?|suites?|specs?|checks?|benchmarks?|files?|packages?|modules?|crates?|again|locally))*,\s*(?:run|call)\b`,
  'iu',
);
/** What cannot be taken back is only ever forbidden. */
const UNDOES = /\b(?:delete|remove|drop|purge|wipe|erase|truncate|overwrite|reset|revert)\b/iu;
const FORBIDS = /\b(?:never|not|don['’]t|without|no)\b/iu;
const RUNS = /^(?:run|running|call)$/i;

/**
 * Why a text is an order that has nothing to do with the files of a repository; `undefined`: it is none. Rather too strict: a bullet
 * that is lost says less than nothing, one that orders something is an attack.
 *
 * @param prose the text with {@link SPAN} for each code span.
 * @param spans the code spans.
 * @param isCommand whether a code span is a command of the facts: those may be run.
 */
export function orderIn(prose: string, spans: readonly string[], isCommand: IsCommand): string | undefined {
  const [never] = NEVER.exec(withoutThings(prose.replace(DOES, ' '), spans)) ?? [];
  if (never !== undefined) return `it speaks of "${never.toLowerCase()}"`;
  for (const match of prose.matchAll(DEED)) {
    const verb = match[1]!;
    const end = match.index + match[0].length;
    if (isThing(verb, prose, end) || isPurpose(verb, prose, end)) continue;
    if (RUNS.test(verb) && isOfCommand(verb, prose, end, spans, isCommand)) continue;
    return `it tells to ${verb.toLowerCase()} something`;
  }
  const [undoes] = UNDOES.exec(prose) ?? [];
  if (undoes !== undefined && !FORBIDS.test(prose)) return `it tells to ${undoes.toLowerCase()} something`;
  return undefined;
}

type IsCommand = (span: string) => boolean;

/** Without what is called so in the code that the bullet is about. */
function withoutThings(prose: string, spans: readonly string[]): string {
  const named = spans.map((span) => span.toLowerCase());
  return prose.replace(THING_OF_CODE, (said, thing: string) =>
    named.some((span) => span.includes(thing.toLowerCase().replace('-', ''))) ? ' ' : said,
  );
}

/** What stands for what was named just now, and what a sentence may go on with. */
const IT = /^\s(?:it|them)(?=$|[\s.,;:)])/i;

/** Whether what follows is a command of the facts, or what was named before; that is called, and run only where it is a command. */
function isOfCommand(verb: string, prose: string, at: number, spans: readonly string[], isCommand: IsCommand): boolean {
  const before = prose.slice(0, at).split(SPAN).length - 1;
  if (prose.slice(at).trimStart().startsWith(SPAN)) return isCommand(spans[before] ?? '');
  const last = spans[before - 1];
  return last !== undefined && IT.test(prose.slice(at)) && (/^call$/i.test(verb) || isCommand(last));
}

/** Whether a word that could be an order is the beginning of what a clause is about. */
function isThing(word: string, prose: string, end: number): boolean {
  const before = prose.slice(0, end - word.length);
  return THINGS.test(word) && /(?:^|[.;:!?,(]|\b(?:and|or))\s*$/i.test(before) && HAS_VERB.test(prose.slice(end));
}

/** Whether a verb says what something is run for: what is told is the clause after the comma, which is judged by itself. */
function isPurpose(verb: string, prose: string, end: number): boolean {
  if (!PURPOSES.test(verb) || !PURPOSE.test(prose.slice(0, end - verb.length))) return false;
  return OF_TESTS.test(prose.slice(end));
}
