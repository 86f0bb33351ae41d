import { parseAllDocuments } from 'yaml';
import type { Validate, ValidEntity } from './backstage/validate.ts';

/** What stands in a catalog file. */
export interface FileEntities {
  readonly entities: readonly ValidEntity[];
  /** `catalog-info.yaml: document 2: ...` */
  readonly problems: readonly string[];
}

/** Names filled in later: `${{ values.name }}` of a scaffolder, `{{ cookiecutter.name }}`. */
const TEMPLATE = /\$?\{\{|\{%/;

/**
 * The entities of a catalog file with any number of documents. A broken document is a problem of its own, the others count; skeletons
 * of scaffolders and kinds that are none of the catalog's are passed over.
 */
export async function entitiesOfText(file: string, text: string, validate: Validate): Promise<FileEntities> {
  const entities: ValidEntity[] = [];
  const problems: string[] = [];
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  for (const [at, document] of (Array.isArray(documents) ? documents : []).entries()) {
    const [start, end] = [document.range?.[0] ?? 0, document.range?.[2] ?? text.length];
    try {
      const [broken] = document.errors;
      if (broken) throw new Error(`not valid YAML: ${broken.message.split('\n')[0]}`);
      const data: unknown = document.toJS({ maxAliasCount: 100 });
      if (data === null || data === undefined) continue;
      const entity = await validate(withoutPlaceholders(data, 0));
      if (entity) entities.push(entity);
    } catch (error) {
      if (TEMPLATE.test(text.slice(start, end))) continue;
      problems.push(`${file}: document ${at + 1}: ${firstLine(error)}`);
    }
  }
  return { entities, problems };
}

const DEEPEST = 100;

/** `definition: {$text: ./openapi.yaml}` stands for a text that only Backstage puts in. */
function withoutPlaceholders(data: unknown, depth: number): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (depth > DEEPEST) throw new Error('nested too deeply');
  if (Array.isArray(data)) return data.map((one) => withoutPlaceholders(one, depth + 1));
  const pairs = Object.entries(data);
  const [only] = pairs;
  if (pairs.length === 1 && only && /^\$[a-z]+$/.test(only[0])) return `(${only[0]})`;
  return Object.fromEntries(pairs.map(([key, value]) => [key, withoutPlaceholders(value, depth + 1)]));
}

function firstLine(error: unknown): string {
  const [line = ''] = (error as Error).message.split('\n');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
