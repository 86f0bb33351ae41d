import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fresh, SnapshotContent } from './content.ts';
import { areAlike, countOf, doubtOf } from './doubt.ts';
import { CatalogError } from './errors.ts';

export interface SnapshotPlan {
  /** `undefined`: nothing is kept. */
  readonly file: string | undefined;
  /** A copy of another address is never used. */
  readonly baseUrl: string;
  /** What was asked, as text: a copy of another question is read again, and serves only where that fails. */
  readonly question: string;
  readonly ttlMinutes: number;
  readonly shrinkPercent: number;
  /** Ask now, however young the copy is. */
  readonly refresh?: boolean | undefined;
  /** Believe a catalog that has shrunk. */
  readonly acceptShrunk?: boolean | undefined;
  readonly now: () => Date;
}

/** The content that is in force. */
export interface Believed extends SnapshotContent {
  /** See `Catalog.stale`. */
  readonly stale?: string;
}

const VERSION = 1;

/** The file of a Backstage's copy in a folder. */
export function snapshotFile(folder: string, baseUrl: string): string {
  return join(folder, `${createHash('sha256').update(baseUrl).digest('hex').slice(0, 16)}.json`);
}

/**
 * A young copy, else what `read` gives, which is then kept. The older copy stays in force where `read` fails, sends less than it
 * announced, or lost more of any kind or more relations than `shrinkPercent`: an API that has just been restarted answers 200 with a
 * catalog that is empty or in parts, and nothing in the answer says so. Without a copy such an answer is used, marked, and not kept;
 * one that looks whole is kept, and proven by the next one that is like it. A single entity is gone when two readings lack it.
 *
 * @param read told whether there is nothing to compare with.
 * @throws what `read` throws, where there is no copy.
 */
export async function believed(plan: SnapshotPlan, read: (first: boolean) => Promise<Fresh>): Promise<Believed> {
  const kept = await load(plan);
  const notes = kept.note === undefined ? [] : [kept.note];
  const old = kept.content;
  if (old && isYoung(old, plan)) return old;
  let fresh: Fresh;
  try {
    fresh = await read(old === undefined);
  } catch (error) {
    if (!old || !(error instanceof CatalogError)) throw error;
    return inForce(old, error.message);
  }
  const doubt = plan.acceptShrunk ? undefined : doubtOf(old, fresh, plan.shrinkPercent);
  if (old && doubt !== undefined) return inForce(old, `${doubt}; remove ${plan.file} if that is right`);
  const proven = plan.acceptShrunk || (old && (!old.unproven || areAlike(old, fresh)));
  const listed = new Set(fresh.entities.map(({ ref }) => ref));
  const vanished = plan.acceptShrunk ? [] : (old?.entities ?? []).filter(({ ref }) => !listed.has(ref));
  const told = {
    ...fresh,
    ...(!proven && { unproven: true as const }),
    ...(vanished.length > 0 && { vanished }),
  };
  const content = { ...told, problems: [...notes, ...fresh.problems] };
  if (doubt !== undefined)
    return {
      ...content,
      stale: `${doubt}; nothing is concluded from what is missing`,
    };
  if (countOf(fresh, 'Component') === 0)
    return {
      ...content,
      stale:
        'Backstage lists no components: it was just restarted, or the token may see none; nothing is concluded from that',
    };
  const failed = await save(plan, told);
  return failed === undefined ? content : { ...content, problems: [...content.problems, failed] };
}

interface Kept extends SnapshotContent {
  readonly question: string;
}

function isYoung(old: Kept, { refresh, question, ttlMinutes, now }: SnapshotPlan): boolean {
  const age = now().getTime() - Date.parse(old.fetchedAt);
  return !refresh && old.question === question && age >= 0 && age < ttlMinutes * 60_000;
}

function inForce(old: Kept, why: string): Believed {
  return { ...old, stale: `the copy of ${old.fetchedAt} is used: ${why}` };
}

async function load({ file, baseUrl }: SnapshotPlan): Promise<{ readonly content?: Kept; readonly note?: string }> {
  if (file === undefined) return {};
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    return {
      note: `${file}: the copy of the catalog cannot be read (${(error as NodeJS.ErrnoException).code}); it is made anew`,
    };
  }
  const data = await checked(text);
  if (data === undefined)
    return { note: `${file}: the copy of the catalog is damaged or of another version; it is made anew` };
  return data.baseUrl === baseUrl ? { content: data } : { note: `${file}: a copy of another catalog; it is made anew` };
}

async function checked(text: string): Promise<(Kept & { readonly baseUrl: string }) | undefined> {
  const z = await import('zod');
  const texts = z.record(z.string(), z.string());
  const words = z.string().exactOptional();
  const entity = z.strictObject({
    ref: z.string(),
    kind: z.enum(['Component', 'System', 'Domain', 'Group', 'Resource', 'API']),
    name: z.string(),
    namespace: z.string(),
    title: words,
    description: words,
    type: words,
    lifecycle: words,
    tier: words,
    owner: words,
    system: words,
    domain: words,
    tags: z.array(z.string()),
    labels: texts,
    annotations: texts,
    relations: z.array(z.strictObject({ type: z.string(), target: z.string() })),
    email: words,
    unsettled: z.literal(true).exactOptional(),
    hash: z.string(),
  });
  const score = z.strictObject({ id: z.string(), name: z.string(), passed: z.boolean() });
  const snapshot = z.strictObject({
    version: z.literal(VERSION),
    baseUrl: z.string(),
    question: z.string(),
    fetchedAt: z.iso.datetime(),
    entities: z.array(entity),
    scores: z.array(z.tuple([z.string(), z.array(score)])),
    problems: z.array(z.string()),
    unproven: z.literal(true).exactOptional(),
    vanished: z.array(entity).exactOptional(),
  });
  try {
    return snapshot.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whole or not at all. @returns what went wrong: it only saves nothing. */
async function save({ file, baseUrl, question }: SnapshotPlan, fresh: Fresh): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { fetchedAt, entities, scores, problems, unproven, vanished } = fresh;
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const content = { version: VERSION, baseUrl, question, fetchedAt, entities, scores, problems, unproven, vanished };
    await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
    await rename(temporary, file);
    return undefined;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    return `${file}: the copy of the catalog cannot be written (${(error as NodeJS.ErrnoException).code}); it is read again each time`;
  }
}
