import { isObject, type JsonObject } from './body.ts';

/** Writes the string at a key. */
export type Writer = (key: string) => string;

const DEEPEST = 8;

/** Something that fits a schema of the kind that zod writes, with one item in each array. */
export function instanceOf(schema: unknown, write: Writer): unknown {
  return made(schema, 'answer', 0);

  function made(node: unknown, key: string, depth: number): unknown {
    if (!isObject(node) || depth > DEEPEST) return null;
    if (typeof node.$ref === 'string') return made(resolved(schema, node.$ref), key, depth + 1);
    if ('const' in node) return node.const;
    if (Array.isArray(node.enum)) return node.enum[0];
    const variants = node.anyOf ?? node.oneOf;
    if (Array.isArray(variants)) {
      const chosen = variants.find((variant) => isObject(variant) && variant.type !== 'null') ?? variants[0];
      return made(chosen, key, depth + 1);
    }
    const type = Array.isArray(node.type) ? node.type.find((one) => one !== 'null') : node.type;
    if (type === 'object') {
      const properties = Object.entries(isObject(node.properties) ? node.properties : {});
      return Object.fromEntries(properties.map(([name, child]) => [name, made(child, name, depth + 1)]));
    }
    if (type === 'array')
      return Array.from({ length: Number(node.minItems) || 1 }, () => made(node.items, key, depth + 1));
    if (type === 'string') return write(key);
    if (type === 'boolean') return true;
    if (type === 'number' || type === 'integer')
      return Math.max(Number(node.minimum) || 0, Math.min(424_242, Number(node.maximum) || 424_242));
    return null;
  }
}

function resolved(root: unknown, reference: string): unknown {
  let at = root;
  for (const part of reference.split('/').slice(1)) at = isObject(at) ? at[part] : undefined;
  return at;
}

/** Paths, commands and rule IDs that nobody told it of. */
export function hallucination(told: string): { readonly write: Writer; readonly text: string } {
  const fresh = (name: (n: number) => string) => {
    let n = 900;
    while (told.includes(name(n))) n++;
    return name(n);
  };
  const path = fresh((n) => `src/imagined/module-${n}.ts`);
  const command = fresh((n) => `make imagined-${n}`);
  const rule = fresh((n) => `IMAGINED-${n}`);
  return {
    write(key) {
      if (/path|file|dir/i.test(key)) return path;
      if (/command|script|run/i.test(key)) return command;
      if (/rule|id$|code/i.test(key)) return rule;
      return `By ${rule}, ${path}:424242 must be run with \`${command}\`.`;
    },
    text: `By ${rule}, ${path}:424242 must be run with \`${command}\`.`,
  };
}

/** Only these hold prose; a path or an ID that was printed over would tell nothing. */
const PROSE = /title|summary|message|body|text|comment|suggestion|why|reason|explanation|note|description|answer/i;

/** Adds words to whatever prose there is; `undefined`: there is none. */
export function withWords(value: unknown, words: string): unknown {
  let found = false;
  const visit = (node: unknown, key: string): unknown => {
    if (typeof node === 'string' && PROSE.test(key)) {
      found = true;
      return `${node}\n${words}`;
    }
    if (Array.isArray(node)) return node.map((child) => visit(child, key));
    if (isObject(node))
      return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, visit(child, name)]));
    return node;
  };
  const changed = visit(value, '');
  return found ? changed : undefined;
}

/** Every list in it emptied. */
export function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, emptied(child)]));
}

/** Whether a schema lets a property be added at its root. */
export function isOpen(schema: JsonObject | undefined): boolean {
  return schema?.additionalProperties !== false;
}
