export type JsonObject = Readonly<Record<string, unknown>>;

export interface Message extends JsonObject {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content?: unknown;
  readonly tool_calls?: readonly MessageToolCall[];
}

export interface MessageToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a message, whole or in parts; '' where there is none. Bears whatever was sent. */
export function textOf(message: unknown): string {
  const content = isObject(message) ? message.content : undefined;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('\n');
}

/** What the model is told: everything but what it said itself. */
export function toldOf(body: unknown): string {
  const messages = isObject(body) && Array.isArray(body.messages) ? body.messages : [];
  return messages
    .filter((message) => isObject(message) && message.role !== 'assistant')
    .map(textOf)
    .join('\n');
}

/** The function that the answer has to go through: the one that is forced, else the last, where any is required. */
export function forcedTool({ tools, tool_choice: choice }: JsonObject): JsonObject | undefined {
  const functions = (Array.isArray(tools) ? tools : []).map((tool: { function: JsonObject }) => tool.function);
  if (choice === 'required') return functions.at(-1);
  const chosen = isObject(choice) ? choice.function : undefined;
  return isObject(chosen) ? functions.find(({ name }) => name === chosen.name) : undefined;
}

/** The schema that the answer has to fit, if any. */
export function schemaOf(body: JsonObject): JsonObject | undefined {
  const format = body.response_format;
  const given = isObject(format) && isObject(format.json_schema) ? format.json_schema.schema : undefined;
  const schema = given ?? forcedTool(body)?.parameters;
  return isObject(schema) ? schema : undefined;
}
