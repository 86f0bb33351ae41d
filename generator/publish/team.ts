import { closestMatch } from 'leven';
import type * as Zod from 'zod';
import type { RepoReader } from '../../forge/reader.ts';
import type { Assignments } from '../../models/config.ts';
import { assignmentsSchema } from '../../models/config-schema.ts';
import { type GenerateConfig, generateConfigSchema } from '../config.ts';
import { oneLine } from '../markdown.ts';
import { labelSchema, TEAM_KEYS, type TeamKey } from './config.ts';
import { OFF, optsOut, saysNoSomewhere } from './opt-out.ts';
import { parseTeamFile, type TeamEntry } from './team-file.ts';

/** Where a team says what it wants, the first one that is there. */
export const TEAM_FILES = ['.agentsmd/config.yaml', '.agentsmd.yaml'] as const;

/** What a team says in its repository, as far as it may and as far as it can be understood. */
export interface TeamSettings {
  /** The file it stands in. */
  readonly path: string;
  readonly enabled?: boolean;
  readonly generate: Partial<GenerateConfig>;
  readonly mergeRequest: {
    readonly draft?: boolean;
    readonly labels?: readonly string[];
    readonly reviewers?: readonly string[];
  };
  readonly models: {
    /** Of its agents; which models there are is not known here. */
    readonly agents?: Assignments;
  };
  /** What was ignored, and why: one line each, with its place. */
  readonly problems: readonly string[];
}

/**
 * Reads the settings of a team at the commit of a reader: always that of the default branch. Nothing in it stops a run.
 *
 * @param maySet what the organisation lets teams set.
 */
export async function teamSettings(
  reader: Pick<RepoReader, 'read'>,
  maySet: readonly TeamKey[],
): Promise<TeamSettings | null> {
  const answers = await reader.read(TEAM_FILES);
  const there = TEAM_FILES.filter((path) => {
    const answer = answers.get(path);
    return answer?.ok === true || (answer !== undefined && answer.reason !== 'absent');
  });
  const [path, ...others] = there;
  if (path === undefined) return null;
  const answer = answers.get(path)!;
  const shadowed = others.map((other) => `${other}: ignored, because ${path} is there`);
  if (!answer.ok) {
    const problem = `${path}: could not be read (${answer.detail ?? answer.reason}), so the defaults hold`;
    return { path, generate: {}, mergeRequest: {}, models: {}, problems: [problem, ...shadowed] };
  }
  const parsed = parseTeamFile(answer.text);
  if (typeof parsed === 'string') {
    // Who wrote this line wants no merge requests, whatever is wrong elsewhere in the file.
    const off = saysNoSomewhere(answer.text) && maySet.includes('enabled');
    const problem = `${path}: ${parsed}, so ${off ? `nothing of it but "${OFF}" counts` : 'the defaults hold'}`;
    return {
      path,
      ...(off && { enabled: false }),
      generate: {},
      mergeRequest: {},
      models: {},
      problems: [problem, ...shadowed],
    };
  }
  const read = await settingsIn(parsed, path, maySet);
  return { ...read, problems: shortened([...read.problems, ...shadowed]) };
}

async function settingsIn(
  entries: readonly TeamEntry[],
  path: string,
  maySet: readonly TeamKey[],
): Promise<TeamSettings> {
  const z = await import('zod');
  const taken: { [key in TeamKey]?: unknown } = {};
  const problems: string[] = [];
  for (const { key, value, line } of entries) {
    const place = `${path}:${line}: ${shown(key)}`;
    const known = TEAM_KEYS.find((each) => each === key);
    if (optsOut(key, value) && maySet.includes('enabled')) {
      taken.enabled = false;
      if (key !== 'enabled' || value !== false) problems.push(`${place}: taken as no; the right spelling is "${OFF}"`);
    } else if (known === undefined) problems.push(`${place}: ${unknown(key)}`);
    else if (!maySet.includes(known)) problems.push(`${place}: locked by the organisation, so it is ignored`);
    else {
      const read = schemaOf(known, z).safeParse(value);
      if (read.success) taken[known] ??= read.data;
      else problems.push(`${place}: ${read.error.issues[0]!.message}`);
    }
  }
  const below = (prefix: string): object =>
    Object.fromEntries(
      Object.entries(taken).flatMap(([key, value]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
      ),
    );
  return {
    path,
    ...(taken.enabled === undefined ? {} : { enabled: taken.enabled as boolean }),
    generate: below('generate.'),
    mergeRequest: below('mergeRequest.'),
    models: below('models.'),
    problems,
  };
}

function schemaOf(key: TeamKey, z: typeof Zod): Zod.ZodType {
  if (key.startsWith('generate.')) {
    const name = key.slice('generate.'.length) as keyof GenerateConfig;
    const whole = generateConfigSchema(z);
    return z.unknown().transform((value, context) => {
      const read = whole.safeParse({ [name]: value });
      if (read.success && value !== undefined && value !== null) return read.data[name];
      context.addIssue({ code: 'custom', message: read.error?.issues[0]?.message ?? 'must not be empty' });
      return z.NEVER;
    });
  }
  if (key === 'mergeRequest.labels') return z.array(labelSchema(z)).max(10);
  if (key === 'mergeRequest.reviewers') return z.array(z.string().regex(USER, 'must be a user or group name')).max(10);
  if (key === 'models.agents') return assignmentsSchema(z);
  return z.boolean();
}

/** `ada`, `@ada`, `@shop/backend`. */
const USER = /^@?[\w][\w.-]*(?:\/[\w][\w.-]*)*$/;

function unknown(key: string): string {
  const near = closestMatch(key, [...TEAM_KEYS], { maxDistance: 4 });
  return `unknown setting; ${near ? `did you mean "${near}"?` : `known: ${TEAM_KEYS.join(', ')}`}`;
}

/** Keys are text of the repository: they are shown, and no longer than needed. */
function shown(key: string): string {
  const clean = oneLine(key);
  return clean.length > 60 ? `${clean.slice(0, 59)}…` : clean;
}

const MOST_PROBLEMS = 10;

function shortened(problems: readonly string[]): readonly string[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), `and ${problems.length - MOST_PROBLEMS} more`];
}
