import { isObject, type JsonObject, type Message } from './body.ts';
import { checkMessages } from './check-messages.ts';
import { checkStrictSchema } from './check-schema.ts';
import { type ApiError, invalid } from './errors.ts';
import type { SimulatedModel } from './port.ts';

/** https://platform.openai.com/docs/api-reference/chat/create, without sound and pictures. */
const PARAMETERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: isString,
  messages: Array.isArray,
  max_tokens: isCount,
  max_completion_tokens: isCount,
  temperature: (value) => isBetween(value, 0, 2),
  top_p: (value) => isBetween(value, 0, 1),
  frequency_penalty: (value) => isBetween(value, -2, 2),
  presence_penalty: (value) => isBetween(value, -2, 2),
  response_format: isObject,
  stop: (value) => isString(value) || (Array.isArray(value) && value.length <= 4 && value.every(isString)),
  seed: Number.isInteger,
  stream: isBoolean,
  stream_options: isObject,
  tools: Array.isArray,
  tool_choice: (value) => isString(value) || isObject(value),
  parallel_tool_calls: isBoolean,
  user: isString,
  safety_identifier: isString,
  prompt_cache_key: isString,
  service_tier: isString,
  store: isBoolean,
  metadata: isObject,
  reasoning_effort: isString,
  verbosity: isString,
  n: (value) => value === 1,
};

/** Asked of nothing that changes the answer; `null` counts as absent, as it does there. */
export interface ChatRequest extends JsonObject {
  readonly model: string;
  readonly messages: readonly Message[];
}

/** @throws ApiError 400, for what real endpoints refuse. */
export function checkRequest(body: JsonObject, model: SimulatedModel, refuses: readonly string[]): ChatRequest {
  for (const [name, value] of Object.entries(body)) {
    const fits = Object.hasOwn(PARAMETERS, name) && !refuses.includes(name) ? PARAMETERS[name] : undefined;
    if (name === 'max_tokens' && refuses.includes(name)) throw renamed();
    if (fits === undefined) throw invalid(name, `Unrecognized request argument supplied: ${name}`, 'unknown_parameter');
    if (value !== null && !fits(value)) throw invalid(name, `Invalid value for '${name}'.`, 'invalid_value');
  }
  if (body.stream_options != null && body.stream !== true)
    throw invalid('stream_options', "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  checkMetadata(body);
  checkLimits(body, model);
  checkTools(body, model);
  checkFormat(body, model);
  checkMessages(body.messages as readonly unknown[] | undefined);
  return body as ChatRequest;
}

/** As OpenAI's reasoning models say it. */
function renamed(): ApiError {
  return invalid(
    'max_tokens',
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    'unsupported_parameter',
  );
}

/** Zero retention and metadata exclude each other there (also seen as QwenLM/qwen-code#243, tmc/langchaingo#1484). */
function checkMetadata({ metadata, store }: JsonObject): void {
  if (metadata == null) return;
  const pairs = Object.entries(metadata);
  if (pairs.length > 16) throw invalid('metadata', "Invalid 'metadata': too many properties. Expected at most 16.");
  for (const [key, value] of pairs)
    if (key.length > 64 || typeof value !== 'string' || value.length > 512)
      throw invalid(
        `metadata.${key}`,
        `Invalid value for 'metadata.${key}': strings of 64 and 512 characters at most.`,
      );
  if (store !== true) throw invalid('metadata', "The 'metadata' parameter is only allowed when 'store' is enabled.");
}

function checkLimits(body: JsonObject, model: SimulatedModel): void {
  const { max_tokens: old, max_completion_tokens: current } = body;
  if (old != null && current != null)
    throw invalid('max_tokens', "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
  const limit = (current ?? old) as number | null | undefined;
  if (limit != null && limit > model.output)
    throw invalid(
      'max_tokens',
      `max_tokens is too large: ${limit}. This model supports at most ${model.output} completion tokens, whereas you provided ${limit}.`,
      'invalid_value',
    );
}

const NAME = /^[\w-]{1,64}$/;

function checkTools(body: JsonObject, model: SimulatedModel): void {
  const tools = body.tools as readonly unknown[] | null | undefined;
  if (tools == null) {
    for (const name of ['tool_choice', 'parallel_tool_calls'])
      if (body[name] != null) throw invalid(name, `'${name}' is only allowed when 'tools' are specified.`);
    return;
  }
  if (!model.tools) throw invalid('tools', 'This model does not support tools.', 'unsupported_parameter');
  if (tools.length === 0)
    throw invalid('tools', "Invalid 'tools': empty array. Expected an array with minimum length 1.");
  const names = new Set<string>();
  for (const [at, tool] of tools.entries()) {
    const path = `tools[${at}]`;
    const known = isObject(tool) && tool.type === 'function' && isObject(tool.function) ? tool.function : undefined;
    if (known === undefined) throw invalid(path, `Invalid value for '${path}': expected {type: 'function', function}.`);
    const { name, parameters, strict } = known;
    if (typeof name !== 'string' || !NAME.test(name))
      throw invalid(`${path}.function.name`, `Invalid '${path}.function.name': it must match ${NAME.source}.`);
    if (names.has(name)) throw invalid(`${path}.function.name`, `Function names must be unique: '${name}'.`);
    names.add(name);
    if (parameters == null) continue;
    if (!isObject(parameters) || parameters.type !== 'object')
      throw invalid(
        `${path}.function.parameters`,
        `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"'.`,
        'invalid_function_parameters',
      );
    if (strict === true && model.jsonSchema === 'strict') checkStrictSchema(parameters, `function '${name}'`, 'tools');
  }
  const choice = body.tool_choice;
  const chosen =
    isObject(choice) && choice.type === 'function' && isObject(choice.function) ? choice.function.name : choice;
  const fits = isObject(choice)
    ? names.has(String(chosen))
    : choice == null || ['none', 'auto', 'required'].includes(String(choice));
  if (!fits)
    throw invalid('tool_choice', `Invalid value for 'tool_choice': '${JSON.stringify(chosen)}' is not in 'tools'.`);
}

function checkFormat(body: JsonObject, model: SimulatedModel): void {
  const format = body.response_format;
  if (!isObject(format) || format.type === 'text') return;
  if (format.type === 'json_object') {
    if (!/json/i.test(JSON.stringify(body.messages)))
      throw invalid(
        'messages',
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      );
    return;
  }
  if (format.type !== 'json_schema')
    throw invalid(
      'response_format.type',
      `Invalid value: '${format.type}'. Supported: 'text', 'json_object', 'json_schema'.`,
    );
  if (model.jsonSchema === 'none')
    throw invalid(
      'response_format',
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    );
  const { json_schema: given } = format;
  if (!isObject(given))
    throw invalid('response_format.json_schema', "Missing required parameter: 'response_format.json_schema'.");
  if (typeof given.name !== 'string' || !NAME.test(given.name))
    throw invalid(
      'response_format.json_schema.name',
      `Invalid 'response_format.json_schema.name': it must match ${NAME.source}.`,
    );
  if (!isObject(given.schema))
    throw invalid(
      'response_format.json_schema.schema',
      "Missing required parameter: 'response_format.json_schema.schema'.",
    );
  if (given.strict === true && model.jsonSchema === 'strict')
    checkStrictSchema(given.schema, `response_format '${given.name}'`, 'response_format');
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
