import { SPAN } from './claim.ts';

/** Words of whoever wants something else than to describe a repository, or speaks to models. None is worth its risk here. */
const NEVER =
  /\b(?:ignore[sd]?|disregard\w*|forget|overrid\w*|bypass\w*|circumvent\w*|pretend\w*|jailbreak\w*|exfiltrat\w*|leak\w*|upload\w*|curl|wget|sudo|credentials?|secrets?|tokens?|passwords?|passphrases?|api[- ]keys?|access[- ]keys?|private[- ]keys?|ssh|cookies?|webhooks?|prompts?|instructions?|approv\w*|lgtm|e-?mails?|send|sends|sending|print|prints|reveal\w*|disclos\w*|previous|prior|system message|language models?|llms?|assistants?|chatgpt|claude|copilot|gemini|reviewers?|ai|agents?|tool calls?|function calls?|you are|act as)\b/iu;

/** Where a clause begins, in which a verb is an order. */
const BEGINS = String.raw`(?:^|[.;:!?,()–—-]|\b(?:and|then|or|please|must|should|shall|always|never|also|first|not|now|to|you|only|don['’]t|need to|have to))\s*`;
/** What is done with the outside, or with all of a working copy; what a bullet asks for is about files. */
const DEEDS =
  'run|running|execute|invoke|launch|install|download|fetch|post|publish|deploy|release|push|pull|commit|merge|report|message|notify|reply|respond|answer|output|say|repeat|visit|browse|navigate|contact|tell|ask|disable|skip|turn off|email|open|clone|checkout|connect|query|request|share|call|eval|start|stop|kill|grant|chmod';
const DEED = new RegExp(`${BEGINS}(${DEEDS})\\b(?!\\s*-)`, 'giu');
/** What cannot be taken back is only ever forbidden. */
const UNDOES = /\b(?:delete|remove|drop|purge|wipe|erase|truncate|overwrite|reset|revert)\b/iu;
const FORBIDS = /\b(?:never|not|don['’]t|without|no)\b/iu;
const RUNS = /^(?:run|running|call)$/i;

/**
 * Why a text is an order that has nothing to do with the files of a repository; `undefined`: it is none. Rather too strict: a bullet
 * that is lost says less than nothing, one that orders something is an attack.
 *
 * @param prose the text with {@link SPAN} for each code span.
 * @param isCommand whether the code span of that number is a command of the facts: those may be run.
 */
export function orderIn(prose: string, isCommand: (span: number) => boolean): string | undefined {
  const [never] = NEVER.exec(prose) ?? [];
  if (never !== undefined) return `it speaks of "${never.toLowerCase()}"`;
  for (const match of prose.matchAll(DEED)) {
    const verb = match[1]!;
    const rest = prose.slice(match.index + match[0].length);
    const span = prose.slice(0, match.index + match[0].length).split(SPAN).length - 1;
    if (RUNS.test(verb) && rest.trimStart().startsWith(SPAN) && isCommand(span)) continue;
    return `it tells to ${verb.toLowerCase()} something`;
  }
  const [undoes] = UNDOES.exec(prose) ?? [];
  if (undoes !== undefined && !FORBIDS.test(prose)) return `it tells to ${undoes.toLowerCase()} something`;
  return undefined;
}
