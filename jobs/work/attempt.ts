import { ForgeError } from '../../forge/errors.ts';
import type { Forge, Project, Publisher, Standing } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { Learned } from '../../generator/learned.ts';
import {
  type KeptLedger,
  outOfScope,
  type PublishInput,
  type PublishResult,
  publish,
  standingQuestion,
} from '../../generator/publish/index.ts';
import { fatesIn, type ItemFate } from '../outcomes/fates.ts';
import type { Asking, Deferral, Gate, Permit } from '../rollout/port.ts';
import type { Cause } from '../store/tables.ts';
import type { Policy, World } from '../world.ts';
import { isReviewed } from './coverage.ts';

/** A repository as the state knows it. */
export interface Subject extends Asking {
  /** `Project.id` */
  readonly project: string;
  readonly cause: Cause;
  /** A merge request of ours is open there, as far as we know. */
  readonly hasOpen: boolean;
  readonly ledger: KeptLedger;
  /** Merge requests that left its file stale. */
  readonly staleBy: readonly number[];
  /** What people made of what we said there. @param now in ms since 1970. */
  readonly learned?: (now: number) => Promise<Learned>;
}

/** What came of a repository. Nothing of it is kept yet. */
export interface Attempt {
  readonly result: PublishResult | Gone;
  /** As the forge tells it now; absent where it was not asked. */
  readonly project?: Project;
  /** What it was worked out with. */
  readonly policy?: Policy;
  /** Whether its CI includes the review component; `null`: not looked at. */
  readonly reviewed: boolean | null;
  /** What people made of what was merged of ours, and in which stack; absent where nobody looked. */
  readonly merged?: { readonly items: readonly ItemFate[]; readonly stack: readonly string[] };
  /** The rollout and wave of a merge request that was opened. */
  readonly opened?: Pick<Permit, 'campaign' | 'wave'>;
  /** As the catalog names them. */
  readonly owner?: string;
  /** Its default branch moved meanwhile, as far as that was free to ask. */
  readonly moved: boolean;
}

/** The forge does not know the project any more, or does not show it to us. */
export type Gone = Pick<PublishResult, 'project' | 'problems' | 'answered'> & {
  readonly kind: 'skipped';
  readonly reason: 'gone';
  readonly message: string;
};

/**
 * Brings one repository up to date. May be repeated, wherever the one before it stopped.
 *
 * @throws {ForgeError} where the forge could not be asked; the signal's reason once it aborts.
 */
export async function attempt(world: World, gate: Gate, subject: Subject, signal: AbortSignal): Promise<Attempt> {
  signal.throwIfAborted();
  const early = await heldBack(gate, subject);
  if (early) return { result: { ...plain(subject.path), kind: 'deferred', ...early }, reviewed: null, moved: false };
  const forge = held(await world.forge(subject.instance), world, signal);
  const { publish: config } = world.config;
  let standing: Standing;
  try {
    standing = await forge.standing({ id: subject.project, path: subject.path }, standingQuestion(config, subject));
  } catch (error) {
    if (!(error instanceof ForgeError) || error.reason !== 'not-found') throw error;
    const gone = { ...plain(subject.path), kind: 'skipped', reason: 'gone', message: error.message } as const;
    return { result: gone, reviewed: null, moved: false };
  }
  return await attemptAt(world, gate, { subject, forge, standing });
}

/** Why nothing is to be asked of the forge. What people said has to be heard whether or not a merge request may be opened. */
async function heldBack(gate: Gate, subject: Subject): Promise<Deferral | undefined> {
  const deferral = await gate.mayWork(subject);
  if (deferral || subject.hasOpen || subject.cause === 'replied') return deferral;
  return await gate.mayOpen(subject);
}

interface Begun {
  readonly subject: Subject;
  readonly forge: Forge;
  readonly standing: Standing;
}

async function attemptAt(world: World, gate: Gate, { subject, forge, standing }: Begun): Promise<Attempt> {
  const { project, head } = standing;
  const { publish: config, generate, limits } = world.config;
  const policy = await world.policy(project);
  const out = outOfScope(project, config);
  // What the list says of `opted-out` its team may say otherwise.
  const isRead = head !== null && (out === undefined || out.reason === 'opted-out');
  let reader: RepoReader | undefined;
  let proposed = false;
  let opened: Attempt['opened'];
  let merged: Attempt['merged'];
  try {
    reader = isRead ? await forge.open(project, head, { limits }) : undefined;
    const about = reader && (await world.about(project, reader));
    const input: PublishInput = {
      config,
      generate,
      standing,
      reader,
      ledger: subject.ledger,
      now: () => world.now(),
      uncertain: about?.uncertain ?? false,
      again: subject.cause === 'retry',
      staleBy: subject.staleBy,
      ...(about?.people === undefined ? {} : { people: about.people }),
      propose: async (at, own, ledger, open) => {
        proposed = true;
        const { enabled } = world.config.fleet.learning;
        const learned = enabled ? await subject.learned?.(world.now()) : undefined;
        const made = await world.propose(project, at, own, { ledger, open, learned });
        merged = { items: fatesIn(made), stack: made.stack ?? [] };
        return made;
      },
      permit: async (what) => {
        const permit = await gate.take({ ...subject, path: project.path }, what);
        if ('reason' in permit) {
          const { reason: deferred, ...why } = permit;
          return { deferred, ...why };
        }
        return {
          use: async () => {
            if (what === 'open') opened = { campaign: permit.campaign, wave: permit.wave };
            await permit.use();
          },
          giveBack: () => permit.giveBack(),
        };
      },
    };
    const result = await publish(forge, project, input);
    return {
      result,
      project,
      policy,
      reviewed: proposed && reader ? await reviewed(reader, world) : null,
      ...(opened && { opened }),
      ...(merged && { merged }),
      ...(about?.owner === undefined ? {} : { owner: about.owner }),
      moved: await hasMoved(forge, project, result.seen?.head),
    };
  } finally {
    await reader?.close();
  }
}

/** It was read already, as a rule; where it cannot be now, what was done counts all the same. */
async function reviewed(reader: RepoReader, { config }: World): Promise<boolean | null> {
  try {
    return await isReviewed(reader, config.fleet.reviewComponent);
  } catch (error) {
    if (error instanceof ForgeError) return null;
    throw error;
  }
}

/** Of a folder, where it takes no request. Elsewhere the next sweep finds out. */
async function hasMoved(forge: Forge, project: Project, seen: string | null | undefined): Promise<boolean> {
  if (forge.kind !== 'folder' || seen === undefined) return false;
  return (await forge.standing(project, { branch: 'HEAD', files: [] })).head !== seen;
}

/** A forge that shows repositories as they are to be seen, and does nothing once the task is somebody else's. */
function held(forge: Forge, world: World, signal: AbortSignal): Forge {
  const checked = onlyUntil(signal, forge);
  const { limits } = world.config;
  const own: Pick<Forge, 'open' | 'publisher'> = {
    open: async (project, commit, options) =>
      world.narrowed(await checked.open(project, commit, { limits, ...options })),
    publisher: (project) => onlyUntil(signal, checked.publisher(project)),
  };
  return new Proxy(checked, { get: (of, name) => Reflect.get(name in own ? own : of, name) });
}

/** The same, but that every call throws once the signal has aborted. */
function onlyUntil<T extends Forge | Publisher>(signal: AbortSignal, target: T): T {
  return new Proxy(target, {
    get: (of, name) => {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        signal.throwIfAborted();
        return value.apply(of, given);
      };
    },
  });
}

function plain(project: string): Pick<Gone, 'project' | 'problems' | 'answered'> {
  return { project, problems: [], answered: 0 };
}
