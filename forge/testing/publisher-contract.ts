import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../audit.ts';
import { ForgeError } from '../errors.ts';
import type { CommitPlan, MergeRequest, MergeRequestPlan, Publisher } from '../port.ts';
import type { SafeText } from '../render/safe-text.ts';
import type { RecordWrite } from '../write-request.ts';

/** One repository of a forge, whose default branch `main` holds {@link START}, and a look at it from outside. */
export interface PublishingPlace {
  readonly publisher: Publisher;
  /** A publisher that only takes down. */
  dryRun(record: RecordWrite): Promise<Publisher>;
  /** The commit of `main`. */
  readonly base: string;
  /** In the repository itself. */
  git(...args: readonly string[]): Promise<string>;
  /** As a person: a commit on the branch, made from `main` where it is new. Its id. */
  push(branch: string, files: Readonly<Record<string, string | null>>): Promise<string>;
  mergeRequests(branch: string): Promise<readonly MergeRequest[]>;
  /** Everything that was said on it, in one text. */
  notes(iid: number): Promise<string>;
  readonly audit: readonly AuditEntry[];
  close(): Promise<void>;
}

export const START = { 'README.md': '# Shop\n', 'run.sh': '#!/bin/sh\n', 'docs/old.md': 'old\n' };

const DATE = /^\d{4}-\d\d-\d\dT/;

export const BRANCH = 'agentsmd/refresh';

/** What every `Publisher` promises, whatever stands behind it. */
export function describePublisherContract(subject: string, open: () => Promise<PublishingPlace>): void {
  describe(`Publisher contract: ${subject}`, () => {
    const opened: PublishingPlace[] = [];
    let place: PublishingPlace;
    beforeEach(async () => {
      place = await open();
      opened.push(place);
    });
    afterAll(async () => {
      for (const each of opened.splice(0)) await each.close();
    });
    const commit = (over: Partial<CommitPlan> = {}) => place.publisher.ensureCommit(commitPlan(place, over), WHY);
    const openOne = (over: Partial<MergeRequestPlan> = {}, known?: MergeRequest) =>
      place.publisher.ensureMergeRequest({ ...PLAN, ...over }, WHY, known);

    describe('ensureCommit', () => {
      it('makes the branch: one commit over the base with exactly the files', async () => {
        const made = await commit({
          files: [
            { path: 'AGENTS.md', text: AGENTS, exists: false },
            { path: 'README.md', text: '# The shop\n', exists: true },
            { path: 'docs/old.md', text: null, exists: true },
          ],
        });
        expect(made.outcome).toBe('created');
        const { sha } = made.value;
        expect(await place.git('rev-parse', BRANCH)).toBe(sha);
        expect(await place.git('rev-parse', `${sha}^@`)).toBe(place.base);
        expect(await place.git('diff-tree', '-r', '--name-status', place.base, sha)).toBe(
          'A\tAGENTS.md\nM\tREADME.md\nD\tdocs/old.md',
        );
        expect(await place.git('show', `${sha}:AGENTS.md`)).toBe(AGENTS.trimEnd());
      });

      it('keeps every character of a text', async () => {
        const text = 'tab\tquote " \\ é \u{1f600} \u2028 &amp; %20\n\n\nend without a line end';
        const { value } = await commit({ files: [{ path: 'dir with blank/ä & b?.md', text, exists: false }] });
        expect(await place.git('show', `${value.sha}:dir with blank/ä & b?.md`)).toBe(text);
      });

      it('keeps control characters', async () => {
        const text = 'escape \x1b[1m bell \x07\n';
        const { value } = await commit({ files: [{ path: 'odd.txt', text, exists: false }] });
        expect(await place.git('cat-file', 'blob', `${value.sha}:odd.txt`)).toBe(text.trimEnd());
      });

      it('writes the message with the trailer of its run, and the author', async () => {
        const author = { name: 'Bot', email: 'bot@example.com' };
        const { value } = await commit({ author });
        const told = await place.git('log', '-1', '--format=%an <%ae>%n%B', value.sha);
        expect(told).toMatch(
          /^Bot <bot@example\.com>\nAdd AGENTS\.md\n\nWhy it is there\.\n\nAgentsmd-Run: [0-9a-f]{20}\n?$/,
        );
        expect(await place.git('log', '-1', '--format=%(trailers:key=Agentsmd-Run,valueonly)', value.sha)).toMatch(
          /^[0-9a-f]{20}/,
        );
      });

      it('does nothing the second time', async () => {
        const first = await commit();
        const second = await commit({ expectedTip: first.value.sha });
        expect(second).toEqual({ outcome: 'unchanged', value: first.value });
        expect(await place.git('rev-list', '--count', `${place.base}..${BRANCH}`)).toBe('1');
      });

      it('takes a commit that an earlier run left behind for its own', async () => {
        const first = await commit();
        expect(await commit({ expectedTip: null })).toEqual({ outcome: 'unchanged', value: first.value });
      });

      it('replaces its own commit, so that there is one over a base that moved', async () => {
        const first = await commit();
        const moved = await place.push('main', { 'new.txt': 'new\n' });
        const second = await commit({ expectedTip: first.value.sha, base: moved });
        expect(second.outcome).toBe('updated');
        expect(await place.git('rev-parse', `${BRANCH}^@`)).toBe(moved);
        expect(await place.git('ls-tree', '--name-only', BRANCH)).toContain('new.txt');
      });

      it('replaces its own commit on the same base', async () => {
        const first = await commit();
        const files = [{ path: 'AGENTS.md', text: 'other\n', exists: false }];
        const second = await commit({ expectedTip: first.value.sha, files });
        expect(second.outcome).toBe('updated');
        expect(await place.git('rev-parse', `${BRANCH}^@`)).toBe(place.base);
        expect(await place.git('show', `${BRANCH}:AGENTS.md`)).toBe('other');
      });

      it('leaves a branch alone that somebody else has written to', async () => {
        const first = await commit();
        const theirs = await place.push(BRANCH, { 'AGENTS.md': 'by hand\n' });
        const files = [{ path: 'AGENTS.md', text: 'other\n', exists: false }];
        await refused(commit({ expectedTip: first.value.sha, files }), 'conflict');
        expect(await place.git('rev-parse', BRANCH)).toBe(theirs);
      });

      it('leaves a branch alone that somebody made meanwhile', async () => {
        const theirs = await place.push(BRANCH, { 'theirs.txt': 'x\n' });
        await refused(commit(), 'conflict');
        expect(await place.git('rev-parse', BRANCH)).toBe(theirs);
      });

      it('does not make a branch anew that somebody deleted', async () => {
        const first = await commit();
        await place.git('update-ref', '-d', `refs/heads/${BRANCH}`);
        await refused(commit({ expectedTip: first.value.sha, message: safe('Another') }), 'conflict');
        expect(await place.git('for-each-ref', `refs/heads/${BRANCH}`)).toBe('');
      });

      it.each([
        ['is there', { path: 'README.md', text: 'x\n', exists: false }],
        ['is not there', { path: 'nowhere.md', text: 'x\n', exists: true }],
      ])('refuses a plan whose file %s, unlike it says', async (_, file) => {
        await refused(commit({ files: [file] }), 'conflict');
        expect(await place.git('for-each-ref', `refs/heads/${BRANCH}`)).toBe('');
      });

      it.each(NEVER_WRITTEN)('refuses to write to %s', async (branch, reason) => {
        const before = await place.git('for-each-ref');
        await refused(commit({ branch }), reason);
        await refused(commit({ branch, expectedTip: place.base }), reason);
        expect(await place.git('for-each-ref')).toBe(before);
        expect(place.audit).toEqual([]);
      });

      it('refuses a commit of nothing', async () => {
        await refused(commit({ files: [] }), 'invalid');
      });
    });

    describe('ensureMergeRequest', () => {
      beforeEach(async () => {
        await commit();
      });

      it('opens one', async () => {
        const { outcome, value } = await openOne();
        expect(outcome).toBe('created');
        const open = {
          iid: 1,
          state: 'opened',
          title: PLAN.title,
          description: PLAN.description,
          labels: ['agentsmd'],
          draft: false,
          source: BRANCH,
          target: 'main',
          head: await place.git('rev-parse', BRANCH),
        };
        expect(value.mergeRequest).toMatchObject(open);
        expect(await place.mergeRequests(BRANCH)).toMatchObject([open]);
      });

      it('opens a draft', async () => {
        const { value } = await openOne({ draft: true });
        expect(value.mergeRequest).toMatchObject({ draft: true, title: `Draft: ${PLAN.title}` });
      });

      it.each([
        ['known', true],
        ['not known', false],
      ])('does nothing the second time, where it is %s', async (_, isKnown) => {
        const { value } = await openOne();
        const second = await openOne({}, isKnown ? value.mergeRequest : undefined);
        expect(second.outcome).toBe('unchanged');
        expect(second.value.mergeRequest.iid).toBe(1);
        expect(await place.mergeRequests(BRANCH)).toHaveLength(1);
      });

      it('brings the text up to date, in place', async () => {
        const { value } = await openOne();
        const description = safe('Newer text');
        const second = await openOne({ description, title: safe('Newer title') }, value.mergeRequest);
        expect(second.outcome).toBe('updated');
        expect(await place.mergeRequests(BRANCH)).toMatchObject([{ iid: 1, description, title: 'Newer title' }]);
      });

      it('adds a label and takes none away', async () => {
        const { value } = await openOne();
        const { value: labelled } = await place.publisher.ensureLabels(value.mergeRequest, ["a person's"], WHY);
        const second = await openOne({ labels: ['agentsmd', 'docs'] }, labelled);
        expect(second.outcome).toBe('updated');
        expect(second.value.mergeRequest.labels.toSorted()).toEqual(["a person's", 'agentsmd', 'docs']);
        expect((await openOne({}, second.value.mergeRequest)).outcome).toBe('unchanged');
      });

      it('leaves it to the team whether it is a draft', async () => {
        const { value } = await openOne({ draft: true });
        expect((await openOne({ draft: false }, value.mergeRequest)).outcome).toBe('unchanged');
        const second = await openOne({ draft: false, title: safe('Newer title') }, value.mergeRequest);
        expect(second.value.mergeRequest).toMatchObject({ draft: true, title: 'Draft: Newer title' });
      });

      it('takes line ends and blanks at the end for no change', async () => {
        const { value } = await openOne();
        const description = safe(`${PLAN.description.replaceAll('\n', '\r\n')} \n\n`);
        expect((await openOne({ description }, value.mergeRequest)).outcome).toBe('unchanged');
      });

      it('opens another after one that was closed', async () => {
        const { value } = await openOne();
        await place.publisher.ensureClosed(value.mergeRequest, WHY);
        const second = await openOne();
        expect(second.outcome).toBe('created');
        const states = (await place.mergeRequests(BRANCH)).map(({ iid, state }) => `${iid} ${state}`);
        expect(states).toEqual(['2 opened', '1 closed']);
      });

      it('refuses where the branch is not there', async () => {
        await expect(openOne({ source: 'agentsmd/nowhere' })).rejects.toBeInstanceOf(ForgeError);
      });
    });

    it('says a thing once', async () => {
      await commit();
      const { value } = await openOne();
      const { iid } = value.mergeRequest;
      const first = await place.publisher.ensureNote(iid, 'closing-1', safe('Pointless by now.'), WHY);
      const second = await place.publisher.ensureNote(iid, 'closing-1', safe('Pointless, again.'), WHY);
      const third = await place.publisher.ensureNote(iid, 'closing-2', safe('Another thing.'), WHY);
      expect([first.outcome, second.outcome, third.outcome]).toEqual(['created', 'unchanged', 'created']);
      expect(second.value).toEqual(first.value);
      const notes = await place.notes(iid);
      expect(notes).toContain('Pointless by now.');
      expect(notes).toContain('Another thing.');
      expect(notes).not.toContain('again');
    });

    it('takes no marker that could end a comment', async () => {
      await refused(place.publisher.ensureNote(1, 'a --> b', safe('x'), WHY), 'invalid');
    });

    it('closes once', async () => {
      await commit();
      const { value } = await openOne();
      const { createdAt, endedAt } = value.mergeRequest;
      expect(createdAt).toMatch(DATE);
      expect(endedAt).toBeNull();
      const first = await place.publisher.ensureClosed(value.mergeRequest, WHY);
      const closed = { state: 'closed', createdAt, endedAt: expect.stringMatching(DATE) };
      expect(first).toMatchObject({ outcome: 'updated', value: closed });
      expect((await place.publisher.ensureClosed(first.value, WHY)).outcome).toBe('unchanged');
      expect(await place.mergeRequests(BRANCH)).toMatchObject([closed]);
    });

    it('labels once', async () => {
      await commit();
      const { value } = await openOne();
      const first = await place.publisher.ensureLabels(value.mergeRequest, ['declined', 'agentsmd'], WHY);
      expect(first.outcome).toBe('updated');
      expect(first.value.labels.toSorted()).toEqual(['agentsmd', 'declined']);
      expect((await place.publisher.ensureLabels(first.value, ['declined'], WHY)).outcome).toBe('unchanged');
    });

    it('takes its branch away once, and only as it knows it', async () => {
      const { value } = await commit();
      await refused(place.publisher.ensureBranchGone(BRANCH, place.base, WHY), 'conflict');
      expect(await place.git('rev-parse', BRANCH)).toBe(value.sha);
      expect((await place.publisher.ensureBranchGone(BRANCH, value.sha, WHY)).outcome).toBe('updated');
      expect(await place.git('for-each-ref', `refs/heads/${BRANCH}`)).toBe('');
      expect((await place.publisher.ensureBranchGone(BRANCH, value.sha, WHY)).outcome).toBe('unchanged');
    });

    it.each(NEVER_WRITTEN)('refuses to take %s away', async (branch, reason) => {
      const before = await place.git('for-each-ref');
      await refused(place.publisher.ensureBranchGone(branch, place.base, WHY), reason);
      expect(await place.git('for-each-ref')).toBe(before);
      expect(place.audit).toEqual([]);
    });

    it('has every write in the audit log, before and after, with who and why', async () => {
      await commit();
      await openOne();
      expect(place.audit.map(({ result }) => result)).toEqual(['sent', 'applied', 'sent', 'applied']);
      for (const entry of place.audit) {
        expect(entry).toMatchObject({ actor: expect.stringMatching(/./), why: WHY, attempt: 1 });
        expect(entry.project).toMatch(/shop$/);
        expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT/);
      }
    });

    it('has a refusal in the audit log', async () => {
      await refused(commit({ files: [{ path: 'README.md', text: 'x\n', exists: false }] }), 'conflict');
      expect(place.audit.map(({ result }) => result)).toEqual(['sent', 'refused']);
    });

    it('changes nothing in a dry run, and goes on as if it had', async () => {
      const before = await place.git('for-each-ref');
      const recorded: string[] = [];
      const publisher = await place.dryRun(({ method, path }) => recorded.push(`${method} ${path}`));
      expect((await publisher.ensureCommit(commitPlan(place), WHY)).outcome).toBe('created');
      const { value } = await publisher.ensureMergeRequest(PLAN, WHY);
      expect(value.mergeRequest).toMatchObject({ state: 'opened', title: PLAN.title, labels: ['agentsmd'] });
      await publisher.ensureNote(value.mergeRequest.iid, 'hello', safe('Hello.'), WHY);
      await publisher.ensureClosed(value.mergeRequest, WHY);
      expect(recorded).toHaveLength(4);
      expect(await place.git('for-each-ref')).toBe(before);
      expect(await place.mergeRequests(BRANCH)).toEqual([]);
      expect(place.audit).toEqual([]);
    });
  });
}

/** @throws where it is not refused for that reason. */
async function refused(promise: Promise<unknown>, reason: ForgeError['reason']): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ForgeError);
  expect((error as ForgeError).reason, (error as ForgeError).message).toBe(reason);
}

const NEVER_WRITTEN: readonly (readonly [branch: string, reason: ForgeError['reason']])[] = [
  ['main', 'protected-branch'],
  ['Main', 'protected-branch'],
  ['refs/heads/main', 'protected-branch'],
  ['HEAD', 'invalid'],
  ['@', 'invalid'],
  ['refs/heads/agentsmd/refresh', 'invalid'],
  ['0123456789abcdef0123456789abcdef01234567', 'invalid'],
  ['0123456789ABCDEF'.repeat(4), 'invalid'],
  ['', 'invalid'],
];

const WHY = 'the repository has no AGENTS.md';
const AGENTS = '# AGENTS.md\n\nSome `text`.\n';

const PLAN: MergeRequestPlan = {
  source: BRANCH,
  target: 'main',
  title: safe('Add AGENTS.md'),
  description: safe('What it is.\n\n- one\n- two'),
  labels: ['agentsmd'],
  draft: false,
  assignees: [],
  reviewers: [],
  removeSourceBranch: true,
  squash: false,
};

function commitPlan({ base }: PublishingPlace, over: Partial<CommitPlan> = {}): CommitPlan {
  return {
    branch: BRANCH,
    base,
    expectedTip: null,
    message: safe('Add AGENTS.md\n\nWhy it is there.'),
    files: [{ path: 'AGENTS.md', text: AGENTS, exists: false }],
    ...over,
  };
}

function safe(text: string): SafeText {
  return text as SafeText;
}
