import type { Commit, Forge, Project, Standing } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { LEDGER_PATH, type Ledger } from '../refresh/ledger.ts';
import type { GenerateResult } from '../result.ts';
import type { Known, Question } from './decide.ts';
import { saidOf } from './description.ts';
import type { EditOutcome } from './edits.ts';
import { type PublishInput, standingQuestion } from './input.ts';
import { keptLedger, proposedLedger } from './ledgers.ts';
import { listen } from './listen.ts';
import type { Edit, Marker } from './marker.ts';
import { materialSince } from './material.ts';
import type { Conversation, Reply } from './notes.ts';
import { askedBefore, buriedBefore, lastOf, type OwnMergeRequest } from './own-merge-request.ts';
import { type Proposal, proposalOf } from './proposal.ts';
import { type Request, requestsOf, type SpokenOf } from './requests.ts';
import type { PublishResult, Seen } from './result.ts';
import { seenAfter } from './seen-after.ts';
import { type Settings, settingsFor, withTeam } from './settings.ts';
import { TEAM_FILES, type TeamSettings, teamSettings } from './team.ts';
import { isBranchOurs } from './whose-commits.ts';

/** A proposal, and what of it answers what the team said. */
export interface Prepared {
  readonly proposal: Proposal;
  readonly said: string;
  readonly requests: readonly Request[];
  /** What the team asked for, as the next run must know it. */
  readonly edits: readonly Edit[];
}

/** What people said that was not answered, and what came of it. */
export interface Heard {
  readonly requests: readonly Request[];
  readonly spokenOf: SpokenOf;
  readonly outcomes: readonly EditOutcome[];
}

/** What one run knows of a project: each thing is asked for once, when a decision needs it. */
export class Knowledge {
  readonly forge: Forge;
  readonly input: PublishInput;
  readonly standing: Standing;
  readonly settings: Settings;
  readonly team: TeamSettings | null;
  readonly own: Known['own'];
  readonly last: OwnMergeRequest | null;
  /** What the team asked for before, and under which numbers. */
  readonly asked: Pick<Marker, 'numbers' | 'edits'>;
  readonly #reader: () => Promise<RepoReader>;
  #conversation: Conversation | undefined;
  /** What our answers say that was done, where a description forgot it. */
  #recalled: readonly Edit[] = [];
  /** What is merged, where the repository does not keep it itself. */
  #ledger: Ledger | null | undefined;
  #generated: GenerateResult | undefined;
  #prepared: Prepared | undefined;
  #commits: readonly Commit[] | undefined;
  #material: boolean | undefined;
  #mirror: boolean | undefined;

  private constructor(
    fields: Pick<Knowledge, 'forge' | 'input' | 'standing' | 'settings' | 'team' | 'own' | 'last' | 'asked'>,
    reader: () => Promise<RepoReader>,
  ) {
    this.forge = fields.forge;
    this.input = fields.input;
    this.standing = fields.standing;
    this.settings = fields.settings;
    this.team = fields.team;
    this.own = fields.own;
    this.last = fields.last;
    this.asked = fields.asked;
    this.#reader = reader;
  }

  /** @param reader opens the project as it stands, once. */
  static async of(
    forge: Forge,
    listed: Project,
    input: PublishInput,
    reader: (standing: Standing) => Promise<RepoReader>,
  ): Promise<Knowledge> {
    const question = standingQuestion(input.config, listed);
    let standing = input.standing ?? (await forge.standing(listed, question));
    // It moved below another group, where another branch is ours.
    const there = standingQuestion(input.config, standing.project);
    if (there.branch !== question.branch) standing = await forge.standing(standing.project, there);
    const { config } = input;
    const self = await forge.self(standing.project.path);
    const lower = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));
    const own = {
      users: lower([self.username, ...config.ownUsers]),
      emails: lower([self.email, ...config.ownEmails]),
    };
    const settings = settingsFor(config, standing.project.path, input.generate);
    const hasFile = standing.head !== null && TEAM_FILES.some((path) => standing.blobs.has(path));
    const team = hasFile ? await teamSettings(await reader(standing), settings.teamMaySet) : null;
    const last = await lastOf(standing.mergeRequests, own.users);
    const asked = last?.marker ?? (await askedBefore(standing.mergeRequests, own.users));
    const fields = { forge, input, standing, settings: withTeam(settings, team), team, own, last, asked };
    return new Knowledge(fields, () => reader(standing));
  }

  /** As far as it was asked for. */
  get known(): Known {
    const { settings, standing, own, last } = this;
    const proposal = this.#prepared && { ...this.#prepared.proposal, said: this.#prepared.said };
    return {
      settings,
      standing,
      own,
      last,
      lately: this.#lately,
      ...(this.#conversation && { conversation: this.#conversation }),
      ...(proposal && { proposal }),
      ...(this.#commits && { commits: this.#commits }),
      ...(this.#material !== undefined && { material: this.#material }),
      ...(this.#mirror !== undefined && { mirror: this.#mirror }),
      ...(this.input.uncertain && { uncertain: true }),
      ...(this.input.again && { again: true }),
      ...(this.forge.kind === 'folder' && { isLocal: true }),
    };
  }

  /** @param result what was done with what is known here. */
  seenAfter(result: PublishResult): Seen {
    const { standing, own, last, input } = this;
    const about = { standing, own, last, proposal: this.#prepared?.proposal, conversation: this.#conversation };
    return seenAfter(result, { ...about, ledger: this.#ledger, earlier: input.ledger?.proposed ?? null });
  }

  get teamFile(): string {
    return this.team?.path ?? TEAM_FILES[1];
  }

  /** What the open merge request names stays named. */
  get staleBy(): readonly number[] {
    const { last, input } = this;
    const before = last?.mergeRequest.state === 'opened' ? (last.marker?.staleBy ?? []) : [];
    return [...new Set([...before, ...(input.staleBy ?? [])])].slice(-MOST_STALE_BY);
  }

  get problems(): readonly string[] {
    return this.team?.problems ?? [];
  }

  get heard(): Heard {
    const { proposal, requests } = this.#prepared ?? {};
    const spokenOf = { bullets: proposal?.bullets ?? [], numbers: [] };
    const aboutItself = requestsOf(this.#open(), spokenOf).filter(({ command }) => ABOUT_ITSELF.has(command.kind));
    return { requests: requests ?? aboutItself, spokenOf, outcomes: proposal?.outcomes ?? [] };
  }

  #open(): readonly Reply[] {
    const { replies = [], answered } = this.#conversation ?? {};
    return replies.filter(({ note }) => !answered!.has(note));
  }

  /** GitLab counts comments, too; a forge that does not tell costs little to ask. */
  get #lately(): boolean {
    const at = this.last?.mergeRequest.updatedAt ?? null;
    return at === null || (this.input.now ?? Date.now)() - Date.parse(at) < LATELY;
  }

  /** Only after it was asked for. */
  get prepared(): Prepared {
    return this.#prepared!;
  }

  reader(): Promise<RepoReader> {
    return this.#reader();
  }

  async isBranchOurs(): Promise<boolean> {
    if (!this.#commits) await this.ask('commits');
    return isBranchOurs(this.known, this.#commits!);
  }

  async ask(what: Question): Promise<void> {
    const { project, head } = this.standing;
    switch (what) {
      case 'conversation':
        ({ conversation: this.#conversation, recalled: this.#recalled } = await listen(this));
        // What people said goes into the proposal.
        if (this.#prepared) this.#prepared = await this.#prepare();
        return;
      case 'proposal':
        this.#prepared = await this.#prepare();
        return;
      case 'commits':
        this.#commits = await this.forge.commits(project, this.settings.branch, head!);
        return;
      case 'mirror':
        this.#mirror = (await this.forge.project(project.id)).mirror ?? false;
        return;
      case 'material': {
        const { base } = this.last!.marker!;
        const now = await this.reader();
        const { materialSince: asked } = this.input;
        this.#material = asked
          ? await asked(base, now, this.forge, project)
          : await materialSince(this.forge, project, base, now);
        return;
      }
    }
  }

  /** What the team asked for, as far as the ledger does not know it. */
  async #asked(reader: RepoReader): Promise<readonly Edit[]> {
    const { last, standing, own } = this;
    const buried = await buriedBefore(standing.mergeRequests, own.users);
    const there = async () => (await reader.read([LEDGER_PATH])).get(LEDGER_PATH)?.ok === true;
    const lost = buried.length > 0 && (this.#ledger === undefined ? !(await there()) : this.#ledger === null);
    const open = last?.mergeRequest.state === 'merged' ? [] : [...this.asked.edits, ...this.#recalled];
    return lost ? [...buried, ...open] : open;
  }

  async #prepare(): Promise<Prepared> {
    const reader = await this.reader();
    const { settings, problems, teamFile, staleBy } = this;
    this.#ledger = await keptLedger(this, reader);
    this.#generated ??= await this.input.propose(reader, settings.generate, this.#ledger, await proposedLedger(this));
    const { numbers } = this.asked;
    const known = await this.#asked(reader);
    const isOneFile = this.#ledger === undefined || settings.ledger === 'repository';
    const proposed = (edits: readonly Edit[]) => proposalOf(this.#generated!, edits, reader, numbers, isOneFile);
    const before = await proposed(known);
    const requests = requestsOf(this.#open(), { bullets: before.bullets, numbers });
    const wanted = requests.flatMap(({ edit }) => edit ?? []);
    const proposal = wanted.length === 0 ? before : await proposed([...known, ...wanted]);
    const edits = proposal.outcomes
      .filter(({ edit, refused }) => refused === undefined || !wanted.includes(edit))
      .map(({ edit }) => edit);
    return { proposal, said: saidOf({ proposal, problems, settings, teamFile, staleBy }), requests, edits };
  }
}

/** As many as a marker takes. */
const MOST_STALE_BY = 100;

/** Milliseconds: so long after the last event on a merge request that is merged people are still listened to, in every run. */
const LATELY = 14 * 24 * 3_600_000;

/** Commands that need no proposal to be understood. */
const ABOUT_ITSELF: ReadonlySet<string> = new Set(['stop', 'try-again']);
