import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../forge/audit.ts';
import { ForgeError } from '../../forge/errors.ts';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { memoryRepository } from '../../forge/memory.ts';
import type { Forge } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { GENERATE_DEFAULTS } from '../../generator/config.ts';
import { generate } from '../../generator/index.ts';
import { PUBLISH_DEFAULTS } from '../../generator/publish/config.ts';
import { withEdits } from '../../generator/publish/edits.ts';
import { publish, standingQuestion } from '../../generator/publish/index.ts';
import { type Edit, markerOf } from '../../generator/publish/marker.ts';
import { ledgerFile } from '../../generator/refresh/ledger-file.ts';
import type { Ask } from '../gitlab/asking.ts';
import type { GitlabSimulator, LoggedRequest } from '../gitlab/port.ts';
import { wrongInAudit } from './audit.ts';

/** What becomes of a project after its first merge request was opened; of a `new` one nothing. */
const KINDS = ['new', 'refreshed', 'closed', 'answered'] as const;
type Kind = (typeof KINDS)[number];

/** A project that is published under faults, and all that happened to it. */
export interface FaultyProject {
  readonly id: number;
  readonly path: string;
  readonly kind: Kind;
  /** How each run ended: `created`, `failed timeout`. */
  readonly results: readonly string[];
  readonly requests: readonly LoggedRequest[];
  readonly audit: readonly AuditEntry[];
  /** What is not as it must be, once it was checked. */
  readonly wrong: readonly string[];
  /** Until it does not fail. */
  publish(): Promise<void>;
  /** What people do before it is published again. */
  change(): Promise<void>;
  check(requests: readonly LoggedRequest[], audit: readonly AuditEntry[]): Promise<void>;
}

/** Writes that change something, of the first publish and of the second. */
const CREATED = ['POST repository/commits', 'POST merge_requests'];
const WRITES: Readonly<Record<Kind, readonly string[]>> = {
  new: CREATED,
  refreshed: [...CREATED, 'POST repository/commits', 'PUT merge_requests/1'],
  closed: [...CREATED, 'POST merge_requests/1/notes', 'PUT merge_requests/1', 'DELETE repository/branches'],
  answered: [...CREATED, 'POST repository/commits', 'PUT merge_requests/1', 'POST merge_requests/1/notes'],
};
/** What our only comment says. */
const SAYS: Readonly<Record<Kind, string | undefined>> = {
  new: undefined,
  refreshed: undefined,
  closed: 'nothing left to merge',
  answered: 'Left out',
};
const BRANCH = PUBLISH_DEFAULTS.branch;
const MOST_RUNS = 10;

type Files = Readonly<Record<string, string>>;

/** @param number gives its name, its content and what is to become of it. */
export async function addFaultyProject(
  gitlab: GitlabSimulator,
  ada: Ask,
  forge: Forge,
  number: number,
): Promise<FaultyProject> {
  const path = `shop/cart${number}`;
  const files = cart(number);
  const { id, gitDir } = await gitlab.addProject({ path, files });
  return new Subject({ gitlab, ada, forge, gitDir }, { id, path, number, files });
}

class Subject implements FaultyProject {
  readonly id: number;
  readonly path: string;
  readonly kind: Kind;
  readonly results: string[] = [];
  readonly wrong: string[] = [];
  requests: readonly LoggedRequest[] = [];
  audit: readonly AuditEntry[] = [];
  readonly #gitlab: GitlabSimulator;
  readonly #ada: Ask;
  readonly #forge: Forge;
  readonly #gitDir: string;
  readonly #number: number;
  /** What stands on the default branch. */
  #files: Files;

  constructor(
    { gitlab, ada, forge, gitDir }: { gitlab: GitlabSimulator; ada: Ask; forge: Forge; gitDir: string },
    { id, path, number, files }: { id: number; path: string; number: number; files: Files },
  ) {
    this.#gitlab = gitlab;
    this.#ada = ada;
    this.#forge = forge;
    this.#gitDir = gitDir;
    this.#number = number;
    this.#files = files;
    this.id = id;
    this.path = path;
    this.kind = KINDS[number % KINDS.length]!;
  }

  async publish(): Promise<void> {
    for (let run = 1; run <= MOST_RUNS; run++) {
      const result = await publishOnce(this.#forge, this.path);
      this.results.push(result);
      if (!result.startsWith('failed')) return;
    }
    this.wrong.push(`still fails after ${MOST_RUNS} runs`);
  }

  async change(): Promise<void> {
    if (this.kind === 'refreshed') await this.#push(cart(this.#number, { typecheck: 'tsc --noEmit' }));
    if (this.kind === 'closed') await this.#push(await proposed(this.#files));
    if (this.kind === 'answered') {
      const body = 'agentsmd: drop "Lint: npm run lint"';
      await this.#ada('POST', `/projects/${this.id}/merge_requests/1/notes`, { body });
    }
  }

  async #push(files: Files): Promise<void> {
    this.#files = { ...this.#files, ...files };
    await this.#gitlab.push(this.path, { branch: 'main', user: 'ada', message: 'Work', files });
  }

  async check(requests: readonly LoggedRequest[], audit: readonly AuditEntry[]): Promise<void> {
    this.requests = requests;
    this.audit = audit;
    await this.#checkRepository();
    await this.#checkMergeRequest();
    const applied = requests.filter((request) => request.applied);
    this.#expect('writes that were applied', applied.map(nameOf).toSorted(), WRITES[this.kind].toSorted());
    const same = Map.groupBy(applied, ({ method, path, body }) => JSON.stringify([method, path, body]));
    for (const [write, { length }] of same) if (length > 1) this.wrong.push(`applied ${length} times: ${write}`);
    this.wrong.push(...wrongInAudit(requests, audit));
  }

  async #checkRepository(): Promise<void> {
    const git = (...args: string[]) => testGit(this.#gitDir, args);
    const refs = await git('for-each-ref', '--format=%(refname:lstrip=2) %(objectname) %(parent)', 'refs/heads');
    const branches = refs.split('\n').map((line) => line.split(' ') as [name: string, tip: string, ...string[]]);
    const names = branches.map(([name]) => name);
    this.#expect('branches', names, this.kind === 'closed' ? ['main'] : [BRANCH, 'main']);
    const [[, , ...parents], main] = [branches[0]!, branches.at(-1)!];
    if (!names.includes(BRANCH)) return;
    this.#expect('parents of the only commit', parents, [main[1]]);
    const files = await proposed(this.#files, this.kind === 'answered' ? [DROPPED] : []);
    const changed = (await git('diff', '--raw', '--no-abbrev', 'main', BRANCH)).split('\n');
    const blobs = changed.map((line) => /^:\d+ \d+ \w+ (\w+) [AM]\t(.*)$/.exec(line)?.slice(1).toReversed());
    const wanted = Object.entries(files).map(([path, text]) => [path, blobId(text)]);
    this.#expect('files', blobs.toSorted(), wanted.toSorted());
  }

  async #checkMergeRequest(): Promise<void> {
    const at = `/projects/${this.id}/merge_requests`;
    const all: readonly RestMergeRequest[] = (await this.#ada('GET', `${at}?state=all`)).body;
    const state = this.kind === 'closed' ? 'closed' : 'opened';
    this.#expect(
      'merge requests',
      all.map((one) => `${one.state} ${one.source_branch}`),
      [`${state} ${BRANCH}`],
    );
    const [mergeRequest] = all;
    if (!mergeRequest) return;
    const marker = await markerOf(mergeRequest);
    this.#expect('tip in its description', marker?.tip, mergeRequest.sha);
    this.#expect('edits in its description', marker?.edits.length, this.kind === 'answered' ? 1 : 0);
    const notes: readonly RestNote[] = (await this.#ada('GET', `${at}/${mergeRequest.iid}/notes?per_page=100`)).body;
    const ours = notes.filter(({ system, author }) => !system && author.username.startsWith('bot'));
    const says = SAYS[this.kind];
    this.#expect('our comments', ours.length, says === undefined ? 0 : 1);
    if (says && !ours[0]?.body.includes(says)) this.wrong.push(`our comment does not say "${says}"`);
  }

  #expect(what: string, got: unknown, wanted: unknown): void {
    const [is, should] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (is !== should) this.wrong.push(`${what}: ${is} instead of ${should}`);
  }
}

interface RestMergeRequest {
  readonly iid: number;
  readonly state: string;
  readonly source_branch: string;
  readonly sha: string;
  readonly description: string;
}

interface RestNote {
  readonly system: boolean;
  readonly author: { readonly username: string };
  readonly body: string;
}

/** One run as `agentsmd generate project --publish` does it. */
async function publishOnce(forge: Forge, path: string): Promise<string> {
  let reader: RepoReader | undefined;
  try {
    const standing = await forge.standing({ id: '', path }, standingQuestion(PUBLISH_DEFAULTS, { path }));
    reader = await forge.open(standing.project, standing.head!);
    const result = await publish(forge, standing.project, {
      config: PUBLISH_DEFAULTS,
      generate: GENERATE_DEFAULTS,
      standing,
      reader,
      propose: (at) => generate(at, { fresh: false, version: '1' }),
    });
    return 'reason' in result ? `${result.kind} ${result.reason}` : result.kind;
  } catch (error) {
    if (error instanceof ForgeError) return `failed ${error.reason} before it began`;
    throw error;
  } finally {
    await reader?.close();
  }
}

/** What must stand in the merge request over these files, worked out without a forge. */
async function proposed(files: Files, edits: readonly Edit[] = []): Promise<Files> {
  const reader = memoryRepository(files, { commit: 'c'.repeat(40) });
  const { result } = withEdits(await generate(reader, { fresh: false, version: '1' }), edits);
  const ledger = await ledgerFile(reader, result);
  return Object.fromEntries([...result.files, ...(ledger ? [ledger] : [])].map(({ path, text }) => [path, text]));
}

const DROPPED: Edit = { path: 'AGENTS.md', key: 'command.lint', text: null, note: '1' };

/** A repository of whose facts some are its own. */
function cart(number: number, more: Files = {}): Files {
  const scripts = { test: 'node tools/test.js', lint: 'eslint .', build: 'tsc -b', ...more };
  const manifest = { name: `cart-${number}`, engines: { node: `>=20.${number}.0` }, scripts };
  return {
    'package.json': `${JSON.stringify({ ...manifest, devDependencies: { eslint: '9.0.0' } }, null, 2)}\n`,
    'package-lock.json': '{ "lockfileVersion": 3 }\n',
    'tools/test.js': `run(${number});\n`,
  };
}

/** As git names the bytes of a file. */
function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** `PUT merge_requests/1`. */
function nameOf({ method, path }: LoggedRequest): string {
  const below = path.replace(/^\/api\/v4\/projects\/\d+\//, '').replace(/(?<=branches)\/.*/, '');
  return `${method} ${below}`;
}
