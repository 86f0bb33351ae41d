/** What a template may name. */
const PLACEHOLDERS = ['project', 'kind', 'reason', 'message', 'url', 'owner', 'sweep'] as const;
export type Values = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** What is wrong with a body; `undefined` where nothing is. '' is none of anybody's, so nothing is wrong with it. */
export function templateProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const complaint = jsonComplaint(text);
  if (complaint !== undefined) {
    const quoted = jsonComplaint(text.replace(PLACEHOLDER, '0')) === undefined;
    return quoted ? 'no JSON: {{…}} stands for text, so put quotes around it' : `no JSON: ${complaint}`;
  }
  const unknown = [...text.matchAll(PLACEHOLDER)].find(([, name]) => !isKnown(name));
  return unknown && `there is no ${unknown[0]}; known: ${PLACEHOLDERS.join(', ')}`;
}

/** The template with its texts filled in; names of fields stay as they are, and what is put in is never looked at again. */
export function fill(template: unknown, values: Values): unknown {
  if (typeof template === 'string')
    return template.replace(PLACEHOLDER, (whole, name: string) => (isKnown(name) ? values[name] : whole));
  if (Array.isArray(template)) return template.map((item) => fill(item, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, values)]));
}

function isKnown(name: string | undefined): name is keyof Values {
  return PLACEHOLDERS.some((known) => known === name);
}

function jsonComplaint(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/\s+/g, ' ');
  }
}
