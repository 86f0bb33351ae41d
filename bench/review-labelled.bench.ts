import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from './run.ts';

export const title = 'review: what it says of real commits, by how much people labelled them to matter';

const ROOT = join(import.meta.dirname, '..');

interface Labelled {
  readonly repo: string;
  readonly sha: string;
  readonly parent: string;
  readonly label: 'HIGH' | 'MEDIUM' | 'LOW';
  readonly uncertain?: boolean;
  /** A claim of an agent document that was there became false. */
  readonly leftAgentDocStale?: boolean;
}

interface Reviewed {
  readonly decision: string | null;
  readonly findings: readonly {
    readonly agent: string;
    readonly suggestion: string | null;
    readonly trivial: boolean;
  }[];
  readonly dropped: readonly unknown[];
  readonly offer: { readonly stale: readonly unknown[] } | null;
}

/**
 * `AGENTSMD_LABELS` names a file with a labelled commit on each line: `{ "repo": "owner/name", "sha", "parent", "label" }`;
 * `AGENTSMD_REPOS` the folder with the repositories, as `owner+name/repo`.
 */
export async function run(): Promise<Measurement[]> {
  const { AGENTSMD_LABELS: labels, AGENTSMD_REPOS: folder } = process.env;
  if (!labels || !folder) throw new Error('needs AGENTSMD_LABELS and AGENTSMD_REPOS: see the comment in this file');
  const commits = readFileSync(labels, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Labelled)
    .filter(({ uncertain }) => !uncertain);
  const reviewed = commits.flatMap((commit) => {
    const dir = join(folder, commit.repo.replace('/', '+'), 'repo');
    return existsSync(dir) ? [{ commit, review: reviewOf(dir, commit) }] : [];
  });
  const rows: Measurement[] = [
    {
      name: 'commits',
      value: reviewed.length,
      unit: '',
      note: `${commits.length - reviewed.length} whose repository is not there`,
    },
  ];
  for (const label of ['HIGH', 'MEDIUM', 'LOW'] as const) {
    const own = reviewed.filter(({ commit }) => commit.label === label);
    const having = (holds: (review: Reviewed) => boolean) => own.filter(({ review }) => holds(review)).length;
    rows.push(
      { name: `${label}: commits`, value: own.length, unit: '' },
      {
        name: `${label}: with a line of AGENTS.md that became false`,
        value: having(({ findings }) => findings.some(({ agent }) => agent === 'agents-md')),
        unit: '',
      },
      { name: `${label}: with an offer of an AGENTS.md`, value: having(({ offer }) => offer !== null), unit: '' },
      {
        name: `${label}: with a broken rule`,
        value: having(({ findings }) => findings.some(({ agent, trivial }) => agent !== 'agents-md' && !trivial)),
        unit: '',
        note: `${having(({ findings }) => findings.some(({ agent, trivial }) => agent !== 'agents-md' && trivial))} with a note`,
      },
      { name: `${label}: without a decision`, value: having(({ decision }) => decision === null), unit: '' },
    );
  }
  const stale = reviewed.filter(({ commit }) => commit.leftAgentDocStale);
  const found = stale.filter(({ review }) =>
    review.findings.some(({ agent, suggestion }) => agent === 'agents-md' && suggestion !== null),
  );
  const dropped = reviewed.reduce((sum, { review }) => sum + review.dropped.length, 0);
  return [
    ...rows,
    { name: 'left a claim false, by the label', value: stale.length, unit: '' },
    { name: 'of these: found, with the corrected line', value: found.length, unit: '' },
    { name: 'findings dropped as unfounded', value: dropped, unit: '' },
  ];
}

function reviewOf(dir: string, { parent, sha, repo }: Labelled): Reviewed {
  const built = join(ROOT, 'dist/cli/bin.js');
  const program = existsSync(built) ? built : join(ROOT, 'cli/bin.ts');
  const args = [program, 'review', dir, '--base', parent, '--head', sha, '--json', '--mode', 'advisory'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 256 << 20 });
  if (status !== 0) throw new Error(`${repo} ${sha}: ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Reviewed;
}
