import { stringify } from 'yaml';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** As wide as a comment gets. */
const WIDTH = 110;

/**
 * A configuration to begin with: what was chosen, and every other setting in a comment with its default and what it means.
 * Made from the schema, so it cannot say anything else than what is read.
 *
 * @param chosen settings by section: `{ catalog: { from: 'backstage' } }`.
 */
export function configTemplate(chosen: Readonly<Record<string, unknown>>): string {
  const sections = Object.entries(configJsonSchema().properties ?? {}).map(([name, schema]) =>
    setting(name, schema, chosen[name], 0).join('\n'),
  );
  return `# Configuration of agentsmd. A setting behind a # has the value it shows; take the # away to set it.\n\n${sections.join('\n\n')}\n`;
}

function setting(name: string, schema: JsonSchema, chosen: unknown, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const about = comment(schema.description, indent);
  const { properties } = schema;
  if (properties && (chosen === undefined || isRecord(chosen))) {
    const below = Object.entries(properties).flatMap(([key, child]) => setting(key, child, chosen?.[key], depth + 1));
    // A section whose settings are all in comments counts as absent.
    return [...about, `${indent}${name}:`, ...below];
  }
  if (chosen !== undefined) return [...about, ...yamlLines(name, chosen).map((line) => `${indent}${line}`)];
  about.push(...exampleLines(schema, indent));
  const value = 'default' in schema ? schema.default : exampleOf(schema);
  return [...about, ...yamlLines(name, value).map((line) => `${indent}#${line}`)];
}

function yamlLines(name: string, value: unknown): readonly string[] {
  return stringify({ [name]: value }, { lineWidth: 0 })
    .trimEnd()
    .split('\n');
}

/** What may stand there instead, to be copied. */
function exampleLines({ examples }: JsonSchema, indent: string): readonly string[] {
  if (!Array.isArray(examples)) return [];
  const lines = examples.flatMap((example) => stringify(example, { lineWidth: 0 }).trimEnd().split('\n'));
  return [`${indent}# For example:`, ...lines.map((line) => `${indent}#     ${line}`)];
}

function comment(text: unknown, indent: string): string[] {
  if (typeof text !== 'string') return [];
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH - indent.length) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}# ${line}`);
}

/** Of a setting without a default: something of its kind. */
function exampleOf({ type, enum: choices }: JsonSchema): unknown {
  if (Array.isArray(choices)) return choices[0];
  return type === 'object' ? {} : type === 'array' ? [] : type === 'string' ? '' : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
