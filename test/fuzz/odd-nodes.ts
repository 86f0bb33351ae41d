/** Values that no schema means, or that one means and no reader expects. */
const ODD: readonly ((old: unknown, token: string) => unknown)[] = [
  () => null,
  () => 0,
  () => -1,
  () => 1.5,
  () => 1e300,
  () => Number.MAX_SAFE_INTEGER,
  () => '',
  () => [],
  () => ({}),
  () => true,
  () => false,
  (_, token) => token,
  (_, token) => token,
  (old) => [old],
  (old) => [old, old],
  (old) => ({ a: old }),
  (old) => String(old),
  (old) => (Array.isArray(old) ? old.concat(old) : old),
  (old) => (Array.isArray(old) ? old.toReversed() : `${String(old)} `),
  (old, token) => (typeof old === 'string' ? old + token : { [token]: old }),
  (old, token) => (isMap(old) ? { ...old, [token]: null } : token),
  (old) => JSON.parse(`{"__proto__":${JSON.stringify(old ?? null)}}`),
];

/**
 * The text of JSON with one value in it changed, so that it still is JSON; any other text gets the token. Most changes to its characters
 * end in a syntax error, and no schema ever sees what is left.
 */
export function withOddNode(where: number, odd: number, token: string): (text: string) => string {
  return (text) => {
    const value = jsonOf(text);
    if (value === undefined) return insertedAt(text, where, token);
    const nodes: [holder: Record<string, unknown>, key: string][] = [];
    const root = { value };
    collect(root, nodes);
    const [holder, key] = nodes[Math.floor(where * nodes.length)]!;
    if (odd % 7 === 6) delete holder[key];
    else holder[key] = ODD[odd % ODD.length]!(holder[key], token);
    return JSON.stringify(root.value) ?? '';
  };
}

const MOST_NODES = 5000;

function collect(holder: object, nodes: [Record<string, unknown>, string][]): void {
  const waiting = [holder];
  for (let next = waiting.pop(); next !== undefined && nodes.length < MOST_NODES; next = waiting.pop()) {
    for (const [key, value] of Object.entries(next)) {
      nodes.push([next as Record<string, unknown>, key]);
      if (typeof value === 'object' && value !== null) waiting.push(value);
    }
  }
}

function jsonOf(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function insertedAt(text: string, where: number, token: string): string {
  const at = Math.floor(where * (text.length + 1));
  return text.slice(0, at) + token + text.slice(at);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
