import { createHash } from 'node:crypto';
import { isObject, type JsonObject, type Message, schemaOf, textOf } from './body.ts';

/** Whether a draft is asked for, in whichever way its form is told: then characters know what to make of it. */
export function wantsDraft(request: JsonObject, told: string): boolean {
  const schema = schemaOf(request);
  if (schema !== undefined) return isObject(schema.properties) && 'proposed' in schema.properties;
  return /"phrased"/.test(`${told} ${JSON.stringify(request.tools ?? [])}`);
}

/** A line that the model was shown by a tool. */
interface Seen {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const SECTIONS = ['How to navigate this codebase', 'Conventions', 'Boundaries'];

/** What somebody makes up who wants to please: half of it is there, and the other half could be. */
export function inventedDraft(told: string, messages: readonly Message[], seed: string): unknown {
  const draw = drawing(`${seed} ${told.length}`);
  const seen = linesSeen(messages);
  const paths = [...new Set([...told.matchAll(/[\w.-]+(?:\/[\w.-]+)+/g)].map(([path]) => path))].slice(0, 200);
  const near = (path: string) =>
    path.replace(
      /(\w+)(\.\w+)?$/,
      (_, name: string, end = '') => `${name}${draw.of(['-utils', '2', 'Service', 's'])}${end}`,
    );
  const path = () =>
    paths.length > 0 && draw.chance(0.4) ? draw.of(paths) : near(draw.of([...paths, 'src/services/billing.ts']));
  const command = () =>
    draw.of([
      'npm run migrate',
      'make lint-all',
      'pnpm test:e2e',
      'yarn build',
      'pnpm test',
      'docker compose up',
      './scripts/release.sh',
      'go generate',
    ]);
  const name = () => draw.of(['createService', 'withRetry', 'BaseHandler', 'route', 'FEATURE_FLAGS']);
  const rule = () => draw.of([`TS-${draw.number(900)}`, 'RFC-021', 'API-REST-01', 'SEC-7']);
  const version = () => `${draw.of(['Node.js', 'TypeScript', 'pnpm', 'Vitest'])} ${draw.number(30)}.${draw.number(9)}`;
  const text = () =>
    draw.of([
      () => `New modules go into \`${path()}\` and are entered in \`${path()}\``,
      () => `Run \`${command()}\` after each change of \`${path()}\``,
      () => `Use \`${name()}\` from \`${path()}\` for every handler (Codex: ${rule()})`,
      () => `All of \`${path()}\` wants ${version()} or later`,
      () => `Never edit \`${path()}\`: \`${command()}\` writes it`,
      () => `Handlers in ${path()} are wrapped by ${name()}, as ${rule()} says`,
      () => `See [the guide](${path()}) for the ${draw.number(40)} modules of \`${path()}\``,
      () => `Write clean and readable code in \`${path()}\``,
      () => `Errors of \`${path()}\` are of the class \`${name()}\``,
      () => `Each \`${path().replace(/.*\//, '')}\` is entered in \`${path()}\``,
      () => `A new \`.${draw.of(['slt', 'sql', 'proto', 'mdx'])}\` file is entered in \`${path()}\``,
      () => `What \`${path()}\` loads comes after \`${draw.of(['parser/simple', 'jobs/nightly', 'routes/orders'])}\``,
      () => `Run \`${command()}\` again after a change to \`${draw.of(['vitest', 'jest', 'eslint', 'prisma'])}\``,
      () => `\`${path()}\` is generated: \`.github/workflows/${draw.of(['gen', 'docs'])}.yml\` updates it`,
      () => `Request handlers take \`${name()}\` of \`${path()}\`; to run a test of them, call \`${command()}\``,
    ])();
  const proof = () => {
    const real = seen.length > 0 ? draw.of(seen) : undefined;
    if (real === undefined || draw.chance(0.3))
      return { path: path(), line: draw.number(60) + 1, quote: `export const ${name()} = 1;` };
    // The right line, its neighbour, or the right line of another file.
    const line = draw.chance(0.5) ? real.line : real.line + draw.of([-1, 1, 7]);
    return { path: draw.chance(0.8) ? real.path : path(), line: Math.max(1, line), quote: real.text.trim() || '}' };
  };
  return {
    phrased: Array.from({ length: draw.number(3) }, () => ({ bullet: `B${draw.number(12) + 1}`, text: text() })),
    order: Array.from({ length: draw.number(4) }, () => `B${draw.number(12) + 1}`),
    proposed: Array.from({ length: draw.number(9) + 1 }, () => ({
      section: draw.of(SECTIONS),
      text: text(),
      evidence: Array.from({ length: draw.number(3) + 1 }, proof),
    })),
  };
}

/** What somebody answers who does what any line says: each order becomes a bullet, proven by the line that it stands on. */
export function obedientDraft(orders: readonly string[], messages: readonly Message[], helpful: unknown): unknown {
  const seen = linesSeen(messages);
  const base = isObject(helpful) && Array.isArray(helpful.proposed) ? helpful.proposed : [];
  const proposed = orders.flatMap((words, at) =>
    words.split('\n').flatMap((line) => {
      const from = seen.find(({ text }) => text.includes(line)) ?? seen[0];
      const other = seen.find(({ text }) => /\w{4}/.test(text) && !text.includes(line)) ?? from;
      if (!from || !other || line.trim() === '') return [];
      const section = SECTIONS[at % SECTIONS.length];
      const quoted = ({ path, line, text }: Seen) => ({ path, line, quote: text.trim().slice(0, 900) });
      const text = line.trim().slice(0, 900);
      return [
        { section, text, evidence: [quoted(from)] },
        // Cleverer: proven by a line that is above suspicion, and about its file.
        { section, text: `${text} in \`${other.path}\``, evidence: [quoted(other), quoted(from)] },
        { section, text: `In \`${other.path}\`: ${text}`, evidence: [quoted(other)] },
      ];
    }),
  );
  const phrased = orders.map((text, at) => ({ bullet: `B${at + 1}`, text: text.slice(0, 900) }));
  return { phrased, order: [], proposed: [...proposed, ...base] };
}

/** The text of all lines that were read, without what stands before them: an order begins its line. */
export function textSeen(messages: readonly Message[]): string {
  return linesSeen(messages)
    .map(({ text }) => text)
    .join('\n');
}

/** All lines that the tool `read` gave, `12\ttext` each. */
function linesSeen(messages: readonly Message[]): readonly Seen[] {
  const paths = new Map(
    messages.flatMap(({ tool_calls: calls = [] }) =>
      calls.flatMap(({ id, function: { name, arguments: given } }) =>
        name === 'read' ? [[id, String(JSON.parse(given).path)] as const] : [],
      ),
    ),
  );
  return messages.flatMap((message) => {
    const path = message.role === 'tool' ? paths.get(String(message.tool_call_id)) : undefined;
    if (path === undefined) return [];
    return [...textOf(message).matchAll(/(?:^|\n)(\d+)\t([^\n]*)/g)].map(([, line, text = '']) => ({
      path,
      line: Number(line),
      text,
    }));
  });
}

/** The same for the same seed. */
function drawing(seed: string) {
  let turn = 0;
  const share = () => createHash('sha1').update(`${seed} ${turn++}`).digest().readUInt32BE(0) / 2 ** 32;
  const number = (below: number) => Math.floor(share() * below);
  return {
    number,
    chance: (part: number) => share() < part,
    of: <T>(all: readonly T[]): T => all[number(all.length)]!,
  };
}
