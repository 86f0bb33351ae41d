import { isObject, type JsonObject } from './body.ts';
import { type ApiError, invalid } from './errors.ts';

const KEYS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content', 'name'],
  developer: ['role', 'content', 'name'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'name', 'tool_calls', 'refusal', 'reasoning', 'reasoning_content'],
  tool: ['role', 'content', 'tool_call_id', 'name'],
};

/**
 * Each message for itself, and that every tool call is answered, by its id, before anything else is said.
 *
 * @throws ApiError 400.
 */
export function checkMessages(messages: readonly unknown[] | undefined): void {
  if (messages === undefined || messages === null) throw invalid('messages', "Missing required parameter: 'messages'.");
  if (messages.length === 0)
    throw invalid(
      'messages',
      "Invalid 'messages': empty array. Expected an array with minimum length 1.",
      'empty_array',
    );
  let open = new Set<string>();
  let at = 0;
  for (const message of messages) {
    const path = `messages[${at++}]`;
    const keys =
      isObject(message) && typeof message.role === 'string' && Object.hasOwn(KEYS, message.role)
        ? KEYS[message.role]
        : undefined;
    if (!isObject(message) || keys === undefined)
      throw invalid(
        `${path}.role`,
        `Invalid value: '${isObject(message) ? message.role : message}'. Supported values are: ${Object.keys(KEYS).join(', ')}.`,
        'invalid_value',
      );
    for (const key of Object.keys(message))
      if (!keys.includes(key))
        throw invalid(`${path}.${key}`, `Additional properties are not allowed ('${key}' was unexpected)`);
    if (message.role === 'tool') {
      const id = String(message.tool_call_id);
      if (!open.delete(id))
        throw invalid(
          path,
          `Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'; there is none of the id '${id}'.`,
        );
    } else if (open.size > 0) throw unanswered(path, open);
    const calls = message.role === 'assistant' && message.tool_calls != null ? checkCalls(message, path) : undefined;
    if (calls !== undefined) open = calls;
    checkContent(message, path, calls !== undefined);
  }
  if (open.size > 0) throw unanswered(`messages[${at}]`, open);
}

function unanswered(path: string, ids: ReadonlySet<string>): ApiError {
  return invalid(
    path,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`,
  );
}

function checkCalls(message: JsonObject, path: string): Set<string> {
  const calls = message.tool_calls;
  if (!Array.isArray(calls) || calls.length === 0)
    throw invalid(`${path}.tool_calls`, `Invalid '${path}.tool_calls': expected an array with minimum length 1.`);
  const ids = new Set<string>();
  for (const [at, call] of calls.entries()) {
    const place = `${path}.tool_calls[${at}]`;
    const called = isObject(call) && call.type === 'function' && isObject(call.function) ? call.function : undefined;
    if (!isObject(call) || typeof call.id !== 'string' || call.id === '' || ids.has(call.id))
      throw invalid(`${place}.id`, `Invalid or repeated '${place}.id'.`);
    if (typeof called?.name !== 'string' || typeof called.arguments !== 'string')
      throw invalid(`${place}.function`, `Invalid '${place}.function': expected {name, arguments} of strings.`);
    // Inference servers read them for their chat template (vLLM: json.loads), so what the model botched must not be sent back.
    if (!isJson(called.arguments))
      throw invalid(`${place}.function.arguments`, `'${place}.function.arguments' is no JSON.`);
    ids.add(call.id);
  }
  return ids;
}

function checkContent({ content, role }: JsonObject, path: string, mayBeAbsent: boolean): void {
  if (content == null) {
    if (mayBeAbsent) return;
    throw invalid(`${path}.content`, `Invalid value for 'content': expected a string, got null.`);
  }
  if (typeof content === 'string') return;
  if (!Array.isArray(content) || content.length === 0)
    throw invalid(
      `${path}.content`,
      `Invalid type for '${path}.content': expected a string or an array of parts.`,
      'invalid_type',
    );
  for (const [at, part] of content.entries())
    if (!isObject(part) || part.type !== 'text' || typeof part.text !== 'string')
      throw invalid(
        `${path}.content[${at}]`,
        `Invalid part in a ${role} message: this model reads text only.`,
        'invalid_value',
      );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
