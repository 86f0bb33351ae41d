import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RE2JS } from 're2js';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';

const ROOT = join(import.meta.dirname, '../..');

/** An input as GitLab's header may declare it. */
const inputSchema = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'array']).default('string'),
  description: z.string().min(1),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  options: z.array(z.union([z.string(), z.number()])).optional(),
  regex: z.string().optional(),
});
const headerSchema = z.strictObject({ spec: z.strictObject({ inputs: z.record(z.string(), inputSchema) }) });

export type Value = string | number | boolean | readonly string[];
export type Input = z.infer<typeof inputSchema>;

/** A file with `spec: inputs` and, behind `---`, what they are put into. */
export interface Component {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly body: unknown;
}

/** One of `templates/`. */
export function component(name: string): Component {
  return parseComponent(readFileSync(join(ROOT, 'templates', name, 'template.yml'), 'utf8'));
}

export function parseComponent(text: string): Component {
  const documents = [...parseAllDocuments(text)];
  const [header, body] = documents.map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as unknown;
  });
  if (documents.length !== 2) throw new Error(`a component has a header and a body, this has ${documents.length}`);
  return { inputs: headerSchema.parse(header).spec.inputs, body };
}

/** What is wrong with a component, whoever includes it. */
export function problemsOf({ inputs, body }: Component): readonly string[] {
  const used = new Set<string>();
  replaced(body, (name) => {
    used.add(name);
    return '';
  });
  return [
    ...[...used].filter((name) => !(name in inputs)).map((name) => `${name} is used and not declared`),
    ...Object.keys(inputs).flatMap((name) => (used.has(name) ? [] : [`${name} is declared and not used`])),
    ...Object.entries(inputs).flatMap(([name, input]) => {
      if (input.default === undefined) return [`${name} has no default: one line would not include it`];
      const options = input.options ?? [];
      const wrong = [...options, input.default].map((value) => refusal(name, input, value));
      return wrong.filter((problem) => problem !== undefined);
    }),
  ];
}

/**
 * The pipeline that an include of it makes.
 *
 * @throws Error where GitLab would refuse an input.
 */
export function rendered({ inputs, body }: Component, given: Readonly<Record<string, Value>> = {}): unknown {
  const unknown = Object.keys(given).find((name) => !(name in inputs));
  if (unknown !== undefined) throw new Error(`${unknown}: no such input`);
  return replaced(body, (name) => {
    const input = inputs[name];
    const value = given[name] ?? input?.default;
    if (input === undefined || value === undefined) throw new Error(`${name}: no such input, or it has no value`);
    const problem = refusal(name, input, value);
    if (problem !== undefined) throw new Error(problem);
    return value;
  });
}

function refusal(name: string, { type, options, regex }: Input, value: Value): string | undefined {
  if ((Array.isArray(value) ? 'array' : typeof value) !== type)
    return `${name}: ${JSON.stringify(value)} is no ${type}`;
  if (options && !options.includes(value as string)) return `${name}: ${JSON.stringify(value)} is none of its options`;
  if (regex !== undefined && type !== 'string') return `${name}: only of a string a regex counts`;
  if (
    regex !== undefined &&
    !RE2JS.compile(regex)
      .matcher(value as string)
      .find()
  )
    return `${name}: ${JSON.stringify(value)} is not as its regex says`;
  return undefined;
}

const BLOCK = /\$\[\[\s*(\S+?)\s*\]\]/g;

/** As GitLab puts inputs in: into keys and values; one that is all of a value keeps its type, within a text it becomes text. */
function replaced(node: unknown, given: (name: string) => Value): unknown {
  if (Array.isArray(node)) return node.map((item) => replaced(item, given));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [String(replaced(key, given)), replaced(value, given)]),
    );
  if (typeof node !== 'string') return node;
  const named = (block: string): Value => {
    if (!block.startsWith('inputs.')) throw new Error(`${block}: only inputs can be put in`);
    return given(block.slice('inputs.'.length));
  };
  const [whole] = node.matchAll(BLOCK);
  if (whole?.[0] === node) return named(whole[1]!);
  return node.replace(BLOCK, (_, block: string) => {
    const value = named(block);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}
