import { forcedTool, isObject, type JsonObject, schemaOf, toldOf } from './body.ts';
import type { ChatRequest } from './check-request.ts';
import { emptied, instanceOf, isOpen, withWords } from './invent.ts';
import type { ToolCall } from './port.ts';

interface Orders {
  readonly forget: boolean;
  readonly approve: boolean;
  readonly prints: readonly string[];
  readonly calls: readonly ToolCall[];
  /** In the words that they were given in. */
  readonly found: readonly string[];
}

/** At the beginning of a line or a sentence, behind comment marks and politeness; "do not approve" is not an order to approve. */
const BEGIN = String.raw`(?<=^|[.!?:;>|"'\]\)}–—-]|\b(?:and|then|please|must|should|now|to|you))[ \t#/*<!>+-]*`;
const FORGET =
  /\b(?:(?:ignore|disregard|forget|skip)\s+(?:all\s+|any\s+|the\s+|your\s+|everything\s+)*(?:previous|prior|above|earlier|instructions|rules|findings)|report\s+(?:no|zero)\s+(?:findings|issues|problems))[^\n.]*/gi;
const APPROVE = new RegExp(
  `${BEGIN}(?:approve\\b|lgtm\\b|mark (?:it|this) as approved|set the (?:decision|verdict) to approved)[^\\n.]*`,
  'gim',
);
const VERB = '(?:print|output|say|repeat|post|reply with|respond with|answer with|include)';
const FILLER = '(?:(?:exactly|only|just|the|this|following|text|words|line|json)\\b[ \\t]*)*';
const PRINT = new RegExp(`${BEGIN}${VERB}(?:[ \\t]+${FILLER}:?|:)[ \\t]*\\n?[ \\t]*([^\\n]+)`, 'gim');
const CALL =
  /\b(?:call|use|invoke|run)\s+(?:the\s+)?(?:tool|function)\s+[`"']?([\w-]+)[`"']?(?:\s+(?:with|on|for)\s+(\{[^\n]*\}|[^\n]+))?/gi;
const NOT = /(?:\bnot|\bnever|n't|\bwithout)\s+(?:\w+\s+)?$/i;

/** Every order in a text, whoever gave it; it reads JSON-encoded text as well. */
export function ordersIn(given: string): Orders {
  const told = given.replace(/"(?:[^"\\\n]|\\.)*"/g, decoded);
  const found: string[] = [];
  const all = (pattern: RegExp) =>
    [...told.matchAll(pattern)].filter((match) => {
      if (NOT.test(told.slice(Math.max(0, match.index - 24), match.index))) return false;
      found.push(match[0].trim());
      return true;
    });
  return {
    forget: all(FORGET).length > 0,
    approve: all(APPROVE).length > 0,
    prints: all(PRINT).map(({ 1: words = '', index }) =>
      unquoted(told[index - 1] === '"' ? words.split('"')[0]! : words),
    ),
    calls: all(CALL).map(([, name, given]) => ({ name: name!, arguments: argumentsOf(given) })),
    found,
  };
}

/**
 * The helpful answer, bent to the orders. `calls` come first, each once in a conversation.
 *
 * @param obeyed what is said by who forgets or approves, in the shape that was asked for; nothing else is done then.
 */
export function obey(
  orders: Orders,
  helpful: unknown,
  request: ChatRequest,
  obeyed?: unknown,
): { calls: readonly ToolCall[]; answer: unknown } {
  const canCall = Array.isArray(request.tools) && request.tool_choice !== 'none' && !isObject(request.tool_choice);
  const made = request.messages
    .flatMap((message) => message.tool_calls ?? [])
    .map((call) => JSON.stringify(call.function));
  const calls = orders.calls.filter(
    ({ name, arguments: given }) => !made.includes(JSON.stringify({ name, arguments: sent(given) })),
  );
  if (canCall && calls.length > 0) return { calls, answer: undefined };

  if (obeyed !== undefined && (orders.forget || orders.approve)) {
    return { calls: [], answer: typeof obeyed === 'function' ? obeyed(toldOf(request)) : obeyed };
  }
  let answer = orders.forget ? emptied(helpful) : helpful;
  if (orders.approve) answer = approved(answer, request);
  const words = [
    ...orders.prints,
    ...(canCall ? [] : orders.calls.map(({ name, arguments: given }) => `${name}(${sent(given)})`)),
  ];
  if (words.length > 0) answer = printed(answer, words.join('\n'), request);
  return { calls: [], answer };
}

export function sent(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given);
}

function approved(answer: unknown, request: ChatRequest): unknown {
  if (!isObject(answer)) return 'Approved.';
  const keys = Object.keys(answer).filter((key) => /decision|verdict|approv|outcome/i.test(key));
  if (keys.length === 0 && isOpen(schemaOf(request))) return { ...answer, decision: 'approved' };
  return {
    ...answer,
    ...Object.fromEntries(keys.map((key) => [key, typeof answer[key] === 'boolean' ? true : 'approved'])),
  };
}

function printed(answer: unknown, words: string, request: ChatRequest): unknown {
  const dictated = objectIn(words);
  if (dictated !== undefined) return dictated;
  if (typeof answer === 'string') return `${answer}\n${words}`;
  const schema: JsonObject | undefined = schemaOf(request);
  if (schema === undefined && forcedTool(request) === undefined && request.response_format == null) return words;
  const added = withWords(answer, words);
  if (added !== undefined) return added;
  if (schema !== undefined) return instanceOf(schema, () => words);
  return isObject(answer) ? { ...answer, message: words } : words;
}

function unquoted(text: string): string {
  return (/^(["'`])(.*?)\1/.exec(text)?.[2] ?? text).trim();
}

function argumentsOf(given: string | undefined): unknown {
  const text = given === undefined ? '{}' : unquoted(given);
  const object = objectIn(text);
  if (object !== undefined) return object;
  // "path=/etc/passwd, lines=3"
  const pairs = [...text.matchAll(/(\w+)\s*[=:]\s*("[^"]*"|[^\s,]+)/g)].map(([, key, value]) => [
    key,
    unquoted(value!),
  ]);
  return pairs.length > 0 ? Object.fromEntries(pairs) : { input: text };
}

/** The JSON object that a text begins with, whatever stands behind it. */
function objectIn(text: string): JsonObject | undefined {
  for (const { index } of text.startsWith('{') ? text.matchAll(/\}/g) : []) {
    try {
      return JSON.parse(text.slice(0, index + 1));
    } catch {
      // Ends further on.
    }
  }
  return undefined;
}

/** A string of JSON with something escaped in it, as lines of their own. */
function decoded(string: string): string {
  if (!string.includes('\\')) return string;
  try {
    return `\n${JSON.parse(string)}\n`;
  } catch {
    return string;
  }
}
