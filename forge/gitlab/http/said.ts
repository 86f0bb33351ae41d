/** The longest piece of a forge's own words that goes into a message of ours. */
const LONGEST = 300;

/**
 * What GitLab says in the body of an error, on one line: `message` or `error` as a text, a list, or an object of lists;
 * `error_description`; the `errors` of GraphQL. '' where it says nothing that can be read.
 */
export function whatWasSaid(bytes: Uint8Array, headers: Headers): string {
  const text = new TextDecoder().decode(bytes);
  if (isWebPage(headers, text)) return '';
  const body = parsed(text);
  if (body === undefined) return oneLine(text);
  if (typeof body !== 'object' || body === null) return oneLine(String(body));
  const { message, error, errors, error_description: description } = body as Readonly<Record<string, unknown>>;
  const said = [flat(message ?? error ?? errors), flat(description)].filter((part) => part !== '');
  return oneLine(said.join(': '));
}

/** A page made for people: of a proxy, a firewall or a login, not of GitLab's API. */
export function isWebPage(headers: Headers, text: string): boolean {
  return (headers.get('content-type') ?? '').includes('text/html') || /^\s*<(!doctype|html)/i.test(text.slice(0, 200));
}

/** Without line breaks, control and invisible characters, at most {@link LONGEST} long. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function flat(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(flat).join(', ');
  if (typeof value !== 'object') return String(value);
  const fields = Object.entries(value);
  const [only] = fields;
  // One error of GraphQL: its place in the query means nothing to the reader.
  if ('message' in value) return flat(value.message);
  if (fields.length === 1 && only?.[0] === 'base') return flat(only[1]);
  return fields.map(([name, said]) => `${name}: ${flat(said)}`).join('; ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
