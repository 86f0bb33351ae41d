import type { LoggedRequest, NewProject, SimulatorOptions } from '../../../../test/gitlab/port.ts';
import { openReview, type ReviewPlace } from '../../../../test/gitlab/review-place.ts';
import type { AuditEntry } from '../../../audit.ts';
import type { Project } from '../../../port.ts';
import type { TextPosition } from '../../../positions/position.ts';
import type { SafeText } from '../../../render/safe-text.ts';
import type { MergeRequestReview, NewNote, NewReply } from '../../../review-port.ts';
import type { RecordWrite } from '../../../write-request.ts';
import { Capabilities } from '../../capabilities.ts';
import { openHttp } from '../../http/open.ts';
import type { GitlabHttp } from '../../http/port.ts';
import { findProject } from '../../project.ts';
import { selfOf } from '../../self.ts';
import { gitlabReview } from '../review.ts';

/** A merge request of `ann`'s on a simulator, which `bot` reviews. */
export interface GitlabReviewPlace extends Omit<ReviewPlace, 'position'> {
  readonly http: GitlabHttp;
  readonly review: MergeRequestReview;
  /** As another process would, that knows nothing. */
  begun(over?: Partial<GitlabHttp>, record?: RecordWrite): MergeRequestReview;
  /** What was waited, in ms, instead of waiting. */
  readonly waits: readonly number[];
  /** Happens in each wait. */
  onWait: () => Promise<void>;
  readonly audit: readonly AuditEntry[];
  readonly requests: readonly LoggedRequest[];
  /** Method and path below the merge request of each request. */
  asked(): readonly string[];
  /** Its tip now. */
  head(): Promise<string>;
  position(lines: Pick<TextPosition, 'old_line' | 'new_line'>): Promise<TextPosition>;
  /** The first line of each comment that is there, but for those of GitLab itself, in their order. */
  said(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ReviewPlaceOptions {
  readonly simulator?: SimulatorOptions;
  readonly project?: Partial<NewProject>;
  /** In s. */
  readonly timeout?: number;
}

export async function openReviewPlace(options: ReviewPlaceOptions = {}): Promise<GitlabReviewPlace> {
  const opened = await openReview(options.simulator, options.project);
  const { gitlab, bot, one } = opened;
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
    await place.onWait();
  };
  const clock = { now: () => 1_700_000_000_000, sleep, random: () => 0 };
  const token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
  const settings = { url: gitlab.url, token: { env: 'TOKEN' }, requestsPerMinute: 1e9, timeout: options.timeout };
  const http = openHttp(settings, { env: { TOKEN: token }, clock });
  const project: Project = await findProject(http, 'team/app');
  const audit: AuditEntry[] = [];
  const begun: GitlabReviewPlace['begun'] = (over = {}, record) => {
    const own = { ...http, ...over };
    const self = selfOf(own);
    return gitlabReview(
      {
        http: own,
        audit: { append: (entry) => void audit.push(entry) },
        capabilities: new Capabilities(),
        self: async () => {
          const { id, username } = await self();
          return { id, username };
        },
        clock,
        ...(record && { record }),
      },
      project,
      1,
    );
  };
  gitlab.forget();
  const place: GitlabReviewPlace = {
    ...opened,
    http,
    review: begun(),
    begun,
    waits,
    onWait: async () => {},
    audit,
    requests: gitlab.requests,
    asked: () =>
      gitlab.requests.map(({ method, path }) => `${method} ${path.replace(/^\/api\/v4/, '').replace(one, '')}`),
    head: async () => (await opened.refs()).head_sha,
    position: async (lines) => (await opened.position(lines)) as unknown as TextPosition,
    said: async () => {
      const { body } = await bot('GET', `${one}/notes?sort=asc&per_page=100`);
      const notes = body as readonly { readonly system: boolean; readonly body: string }[];
      return notes.filter(({ system }) => !system).map((note) => note.body.split('\n')[0]!);
    },
    close: async () => {
      await http.close();
      await gitlab.close();
    },
  };
  return place;
}

/** A note whose key is its own. */
export function newNote(name: string, ...positions: NewNote['positions']): NewNote {
  return { key: keyOf(name), body: textOf(name), positions };
}

export function newReply(name: string, thread: string, resolve: boolean): NewReply {
  return { key: keyOf(name), body: textOf(name), thread, resolve };
}

export function keyOf(name: string): string {
  return `<!-- agentsmd:finding {"id":"${name}"} -->`;
}

export function textOf(name: string): SafeText {
  return safe(`${name}\n\n${keyOf(name)}`);
}

/** Text that did not go through the renderer. */
export function safe(text: string): SafeText {
  return text as SafeText;
}
