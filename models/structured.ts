import type { ZodType } from 'zod';
import type { ModelSettings } from './config.ts';

/** How a structured answer is asked for. */
export type AnswerMode = 'schema' | 'tool' | 'text';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The form of an answer, as it is sent. */
export interface AnswerForm {
  readonly name: string;
  readonly schema: JsonSchema;
  /** Whether a server may be asked to hold to it strictly: all is required, nothing else is allowed. */
  readonly strict: boolean;
}

export async function formOf(answer: { readonly name: string; readonly schema: ZodType }): Promise<AnswerForm> {
  const schema = await jsonSchemaOf(answer.schema);
  return { name: answer.name.replace(/[^\w-]/g, '_').slice(0, 64) || 'answer', schema, strict: isStrict(schema) };
}

/** What the other side has to write, hence the input of the schema; one that is JSON already stays as it is. */
export async function jsonSchemaOf(schema: ZodType | JsonSchema): Promise<JsonSchema> {
  if (!isZod(schema)) return schema;
  const { z } = await import('zod');
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // What zod would drop, a model need not write.
      if (jsonSchema.type === 'object' && jsonSchema.properties) jsonSchema.additionalProperties ??= false;
    },
  });
  return json;
}

const isZod = (schema: ZodType | JsonSchema): schema is ZodType => '_zod' in schema;

export function responseFormat({ name, schema, strict }: AnswerForm): unknown {
  return { type: 'json_schema', json_schema: { name, schema, strict } };
}

/** What a model is told that cannot be held to a schema otherwise. */
export function formInWords({ schema }: AnswerForm): string {
  return `Answer with one JSON value and nothing else: no words around it, no fences. It must fit this JSON schema:\n${JSON.stringify(schema)}`;
}

/**
 * With tools of the agent's own the answer is one more of them: several servers, held to a schema, can call no tool any more.
 * `learned`: what the endpoint turned out to take.
 */
export function modeFor(model: ModelSettings, hasTools: boolean, learned: AnswerMode | undefined): AnswerMode {
  if (model.structured !== 'auto') return model.structured === 'tool' && !model.tools ? 'text' : model.structured;
  if (learned === 'text' || (learned === 'tool' && !model.tools)) return 'text';
  return learned ?? (hasTools && model.tools ? 'tool' : 'schema');
}

/** The one to try after an endpoint rejected `mode`; `undefined`: there is none. */
export function modeAfter(mode: AnswerMode, model: ModelSettings): AnswerMode | undefined {
  if (model.structured !== 'auto' || mode === 'text') return undefined;
  return mode === 'schema' && model.tools ? 'tool' : 'text';
}

function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties, minLength, maxLength } = schema as JsonSchema;
  // Strict modes refuse limits of texts; a property of that name is no number.
  if (typeof minLength === 'number' || typeof maxLength === 'number') return false;
  if (type === 'object') {
    const names = Object.keys((properties as object | undefined) ?? {});
    const all = new Set(Array.isArray(required) ? required : []);
    if (additionalProperties !== false || !names.every((name) => all.has(name))) return false;
  }
  return Object.values(schema).every(isStrict);
}
