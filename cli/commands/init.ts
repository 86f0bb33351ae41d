import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { addressProblem } from '../../forge/config.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { CONFIG_NAME } from '../config/find.ts';
import { loadConfig } from '../config/load.ts';
import { configTemplate } from '../config/template.ts';
import { UsageError } from '../errors.ts';

/** What can be asked, as the options are called. */
const QUESTIONS = {
  gitlab: 'Address of your GitLab, such as https://gitlab.example.com (empty: none)',
  tokenEnv: 'Environment variable that holds its token',
  backstage: "Address of Backstage's backend (empty: none, catalog-info.yaml files are read)",
  backstageTokenEnv: 'Environment variable that holds its token',
  codex: 'Your Engineering Codex: a folder or the address of a git repository (empty: the embedded starter)',
} as const;
type Answers = { readonly [name in keyof typeof QUESTIONS]?: string };

/** Begins a configuration: what was chosen, and every other setting in a comment. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const file = input.text('out') ?? CONFIG_NAME;
  const dryRun = input.flag('dryRun');
  if (!dryRun && existsSync(file) && !input.flag('force'))
    throw new UsageError(`${file} is there already; --force replaces it, --dry-run prints what would be written`);
  const answers = await answersTo(input);
  const text = configTemplate(chosenBy(answers));
  // What is refused here would be refused by every command after it.
  await loadConfig({ cwd: process.cwd(), env: {}, found: { file, text } });
  if (!dryRun) write(file, text, input.flag('force'));
  if (out.json) out.document({ schema: 'agentsmd/init/1', file, text, written: !dryRun });
  else if (dryRun) out.result(text);
  if (!dryRun) out.note(`wrote ${file}; next: agentsmd doctor --config ${file}`);
  return 0;
};

/** Of the options; what they leave open is asked where somebody sits there. */
async function answersTo(input: CommandInput): Promise<Answers> {
  const names = Object.keys(QUESTIONS) as (keyof typeof QUESTIONS)[];
  const given = Object.fromEntries(names.map((name) => [name, input.text(name)]));
  const quiet = names.some((name) => given[name] !== undefined) || input.flag('yes') || input.json;
  if (quiet || !process.stdin.isTTY || !process.stderr.isTTY) return given;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answers: Record<string, string> = {};
  try {
    for (const name of names) {
      if (name === 'tokenEnv' && !answers.gitlab) continue;
      if (name === 'backstageTokenEnv' && !answers.backstage) continue;
      const usual = USUAL[name] === undefined ? '' : ` [${USUAL[name]}]`;
      answers[name] = (await terminal.question(`${QUESTIONS[name]}${usual}: `)).trim();
    }
  } finally {
    terminal.close();
  }
  return answers;
}

const USUAL: Answers = { tokenEnv: 'GITLAB_TOKEN', backstageTokenEnv: 'BACKSTAGE_TOKEN' };

function chosenBy({ gitlab, tokenEnv, backstage, backstageTokenEnv, codex }: Answers): Record<string, unknown> {
  const problem = gitlab ? addressProblem(plain(gitlab)) : undefined;
  if (problem) throw new UsageError(`--gitlab: ${problem}`);
  if (tokenEnv && !gitlab) throw new UsageError('--token-env needs --gitlab');
  if (backstageTokenEnv && !backstage) throw new UsageError('--backstage-token-env needs --backstage');
  return {
    ...(codex ? { codex: { from: codex } } : {}),
    ...(gitlab ? { gitlab: { instances: [{ url: plain(gitlab), token: { env: tokenEnv || USUAL.tokenEnv } }] } } : {}),
    ...(backstage
      ? {
          catalog: {
            from: 'backstage',
            baseUrl: plain(backstage),
            token: { env: backstageTokenEnv || USUAL.backstageTokenEnv },
          },
        }
      : {}),
  };
}

function plain(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`${file}: its folder does not exist`);
    if (code === 'EISDIR') throw new UsageError(`${file}: a folder; name a file`);
    throw error;
  }
}
