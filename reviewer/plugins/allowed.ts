import * as z from 'zod';
import { didYouMean } from '../../forge/nearest.ts';
import { oneLine } from '../../forge/render/visible.ts';
import { settingFaults } from '../../forge/setting-faults.ts';
import type { PromptSection } from './plugin.ts';

/** Of the text of one section, in UTF-8. What is longer is cut, and says so. */
export const MOST_SECTION_BYTES = 64 << 10;

/** What the forge is spoken to with, by the variable that it stands in. None of it may reach the process of the models. */
export type ForgeTokens = Readonly<Record<string, string>>;

const section = z.strictObject({
  title: z.string().max(200, 'is too long: 200 characters are the most').transform(oneLine).pipe(z.string().min(1)),
  text: z.string().min(1, 'must not be empty'),
  for: z.union([z.literal('all'), z.array(z.string()).min(1, 'must not be empty')]),
  verbatim: z.literal(true).optional(),
}) satisfies z.ZodType<PromptSection>;

/**
 * A section as it is taken: a copy of what was given, with its text cut to {@link MOST_SECTION_BYTES}.
 *
 * @returns `cut`: how many bytes it had, where that was too many; else `null`.
 */
export function sectionOf(
  given: PromptSection,
  agents: Iterable<string>,
): { readonly section: PromptSection; readonly cut: number | null } {
  const checked = checkedBy(section, given, 'a section of a prompt');
  if (checked.for !== 'all') for (const name of checked.for) assertAgent(name, agents);
  const bytes = Buffer.from(checked.text);
  if (bytes.length <= MOST_SECTION_BYTES) return { section: checked, cut: null };
  const kept = new TextDecoder().decode(bytes.subarray(0, MOST_SECTION_BYTES), { stream: true });
  const text = `${kept}\n[cut here: ${MOST_SECTION_BYTES} of ${bytes.length} bytes are shown]`;
  return { section: { ...checked, text }, cut: bytes.length };
}

/** @throws {Error} with everything that a value given by a plugin is not. */
export function checkedBy<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const checked = schema.safeParse(value, { reportInput: true });
  if (checked.success) return checked.data;
  const faults = settingFaults(checked.error.issues).map(({ message }) => message);
  throw new Error(`${what}: ${faults.join('; ')}`);
}

/** @throws {Error} where there is none. */
export function assertAgent(name: unknown, agents: Iterable<string>): void {
  const known = [...agents];
  if (typeof name === 'string' && known.includes(name)) return;
  throw new Error(
    `unknown agent ${JSON.stringify(name)}${didYouMean(String(name), known) || `; known: ${known.join(', ')}`}`,
  );
}

/**
 * A variable for the process of the models, which reads what a stranger wrote: it must know no token of the forge, and nothing may decide
 * what else it runs.
 *
 * @throws {Error}
 */
export function assertVariable(name: string, value: string, tokens: ForgeTokens): void {
  if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name))
    throw new Error(`${JSON.stringify(name)}: no name of an environment variable`);
  assertNoToken(name, tokens);
  if (RUNS.test(name)) throw new Error(`${name}: decides what a process runs, and is not handed on`);
  if (typeof value !== 'string' || value.includes('\0')) throw new Error(`${name}: its value is no text`);
  const held = Object.entries(tokens).find(([, token]) => token !== '' && value.includes(token));
  if (held) throw new Error(`${name}: holds the token of ${held[0]}, which the models must not know`);
}

/** @throws {Error} where a variable is one that tokens of a forge stand in. */
export function assertNoToken(name: string, tokens: ForgeTokens): void {
  if (TOKENS.test(name) || Object.keys(tokens).some((each) => each.toUpperCase() === name.toUpperCase()))
    throw new Error(`${name}: holds a token of the forge, which the models must not know`);
}

/** What GitLab gives to jobs, and where its clients, and those of other forges, look for tokens. */
const TOKENS =
  /^(?:(?:CI|GITLAB|GL|GLAB|GITHUB|GH|GITEA|BITBUCKET)_(?:\w+_)?(?:TOKEN|PASSWORD|JWT(?:_V\d)?|SECRET|KEY)|CI_REPOSITORY_URL|CI_ENVIRONMENT_URL|AGENTSMD_WEBHOOK_\w+|VAULT_TOKEN)$/i;

/** Of Node.js, the loader, the shell and git, which the tools of the models run. */
const RUNS =
  /^(?:NODE_(?:OPTIONS|PATH|REPL_EXTERNAL_MODULE|V8_COVERAGE)|LD_\w+|DYLD_\w+|PATH|PATHEXT|BASH_ENV|ENV|SHELL|COMSPEC|GIT_\w+|SSH_\w+|EDITOR|PAGER)$/i;
