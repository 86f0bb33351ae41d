import { IDS_PATH, type IdEntry } from '../ids.ts';
import { isReused, repointed, wasInUse } from '../ids-identity.ts';
import { type IdTag, updateLedger } from '../ids-update.ts';
import type { Lint } from './lint.ts';

const noLedger: Lint = {
  id: 'CDX111',
  name: 'no-ledger',
  severity: 'warning',
  title: 'A codex without a ledger of its IDs.',
  why: 'Nothing remembers the IDs of rules that are gone: they are given away again, and old citations mean something else.',
  *find({ files }) {
    if (!files.ledger && !files.paths.has(IDS_PATH) && files.read.length > 0)
      yield { file: IDS_PATH, line: 1, message: `there is no ${IDS_PATH}; codex ids --write makes it` };
  },
};

const notInLedger: Lint = {
  id: 'CDX112',
  name: 'not-in-ledger',
  severity: 'error',
  title: 'A rule whose ID the ledger does not hold.',
  why: 'Another branch can give the same ID away.',
  *find({ files: { ledger }, rules }) {
    for (const { rule, lineOf } of rules)
      if (ledger && !Object.hasOwn(ledger.ids, rule.id))
        yield {
          file: rule.file,
          line: lineOf(['id']),
          message: `${rule.id} is not in ${IDS_PATH}; codex ids --write enters it`,
        };
  },
};

const missingTombstone: Lint = {
  id: 'CDX113',
  name: 'missing-tombstone',
  severity: 'error',
  title: 'An ID of the ledger whose file is gone.',
  why: 'Who finds it cited must be able to read what it was and what took its place.',
  *find({ files: { ledger }, byId, unread }) {
    for (const [id, { status, title }] of Object.entries(ledger?.ids ?? {}))
      if (status !== 'removed' && !byId.has(id) && !unread.has(id))
        yield {
          file: IDS_PATH,
          line: 1,
          message: `${id} (${title}) has no file any more; bring it back as status: deprecated, or say it is gone with codex ids --write`,
        };
  },
};

const reused: Lint = {
  id: 'CDX114',
  name: 'reused-id',
  severity: 'error',
  title: 'The ID of a retired or removed rule on a rule in use.',
  why: 'IDs are never given away twice: what cites the old rule would cite the new one.',
  *find({ files: { ledger }, rules }) {
    for (const { rule, lineOf } of rules) {
      const entry = entryOf(ledger?.ids, rule.id);
      if (entry && isReused(rule, entry))
        yield {
          file: rule.file,
          line: lineOf(['status']),
          message: `${rule.id} was ${entry.status} (${entry.title}) and is ${rule.status} again; give the rule a new ID`,
        };
    }
  },
};

const repointedId: Lint = {
  id: 'CDX115',
  name: 'repointed-id',
  severity: 'error',
  title: 'An ID that means another rule than the ledger says.',
  why: 'What cites the ID was agreed on for the old rule. A rule may be reworded; another rule takes another ID.',
  *find({ files: { ledger }, rules }) {
    for (const { rule, lineOf } of rules) {
      const entry = entryOf(ledger?.ids, rule.id);
      if (entry && !isReused(rule, entry) && repointed(rule, entry))
        yield {
          file: rule.file,
          line: lineOf(['title']),
          message: `${rule.id} was ${JSON.stringify(entry.title)}; another rule takes another ID`,
        };
    }
  },
};

const staleRevision: Lint = {
  id: 'CDX116',
  name: 'stale-revision',
  severity: 'warning',
  title: 'A rule whose meaning changed since its revision was counted.',
  why: 'Citations of ID@revision mean what was agreed on; a rule that asks something else needs a new revision.',
  *find({ files: { ledger, codex } }) {
    if (!ledger) return;
    const { changes } = updateLedger(codex.rules, ledger);
    for (const { id, tags, file, detail } of changes) {
      const entry = entryOf(ledger.ids, id);
      if (file !== undefined && entry && wasInUse(entry) && tags.some((tag) => NEW_MEANING.has(tag)))
        yield {
          file,
          line: 1,
          message: `${id}: ${tags.join(', ').toLowerCase()}${detail === undefined ? '' : ` (${detail})`}; codex ids --write counts it`,
        };
    }
  },
};

const brokenLedger: Lint = {
  id: 'CDX117',
  name: 'broken-ledger',
  severity: 'error',
  title: 'A ledger of IDs that cannot be read.',
  why: 'Nothing tells whether IDs are given away twice, and their revisions are not known.',
  *find({ files }) {
    for (const { kind, file, line = 1, message } of files.codex.problems)
      if (kind === 'ledger') yield { file, line, message };
  },
};

const NEW_MEANING: ReadonlySet<IdTag> = new Set([
  'OBLIGATION RAISED',
  'OBLIGATION LOWERED',
  'SCOPE WIDENED',
  'SCOPE NARROWED',
  'MODIFIED',
]);

export const LEDGER_LINTS: readonly Lint[] = [
  noLedger,
  notInLedger,
  missingTombstone,
  reused,
  repointedId,
  staleRevision,
  brokenLedger,
];

function entryOf(ids: Readonly<Record<string, IdEntry>> | undefined, id: string): IdEntry | undefined {
  return ids && Object.hasOwn(ids, id) ? ids[id] : undefined;
}
