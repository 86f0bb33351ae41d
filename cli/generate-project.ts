import type { Forge, Project, Standing } from '../forge/port.ts';
import type { WriteRequest } from '../forge/write-request.ts';
import type { GenerateConfig } from '../generator/config.ts';
import type { GenerateResult } from '../generator/index.ts';
import { type PublishResult, publish, standingQuestion } from '../generator/publish/index.ts';
import { openKnownCatalog } from './catalog-context.ts';
import { codexFor } from './codex-context.ts';
import type { CommandInput, ExitCode } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { assertOwnConfig } from './config/servers.ts';
import { openDrafting } from './drafting.ts';
import { type ProjectAddress, withGitlab, withRepository } from './forges.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { isUncertain, narrowed, onlyChosen, type Proposing, propose } from './propose.ts';
import { dryRunText, publishText, requestsText } from './publish-text.ts';

/** Where a command was pointed at: a project of GitLab, or a local repository as if it were one. */
export type PublishTarget = ProjectAddress | { readonly folder: string };

/** What was done, and the requests that a dry run would have sent. */
interface Published {
  readonly result: PublishResult;
  readonly requests: readonly WriteRequest[];
}

/**
 * Opens, refreshes or closes the merge request of a project, or with `dryRun` prints what that would send.
 * @throws {PublishError} where it could not be done.
 */
export async function publishOne(
  input: CommandInput,
  loaded: LoadedConfig,
  target: PublishTarget,
  dryRun: boolean,
): Promise<ExitCode> {
  const { out } = input;
  assertOwnConfig(loaded, 'folder' in target ? target.folder : undefined);
  const { result: whole, requests } = await published(input, loaded, target, dryRun);
  const { seen: _, ...result } = whole;
  if (out.json) out.document({ schema: 'agentsmd/publish/1', dryRun, result, ...(dryRun ? { requests } : {}) });
  else if (dryRun) out.result(requestsText(requests, out.style));
  else if (result.kind !== 'refused' && result.kind !== 'failed') out.result(publishText(result, out.style));
  for (const problem of result.problems) out.warn(printableLine(problem));
  if (dryRun && !out.json) out.note(`${dryRunText(result, requests.length)}; nothing was sent`);
  if (result.kind === 'refused' || result.kind === 'failed')
    throw new PublishError(
      `${printableLine(result.project)}: ${printableLine(withoutName(result.message, result.project))}`,
    );
  return 0;
}

/** Messages of a forge begin with the project, as those of a list of projects need not. */
function withoutName(message: string, project: string): string {
  return message.startsWith(`${project}: `) ? message.slice(project.length + 2) : message;
}

/** The forge or the repository did not let us. */
class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly exitCode = 3;
}

async function published(
  input: CommandInput,
  loaded: LoadedConfig,
  target: PublishTarget,
  dryRun: boolean,
): Promise<Published> {
  const requests: WriteRequest[] = [];
  const record = dryRun ? (request: WriteRequest) => void requests.push(request) : undefined;
  const drafting = await openDrafting(loaded, input);
  const result = await withTarget(
    target,
    async (forge, path) => {
      const { project, standing } = await standingOf(forge, path, loaded);
      const reader = standing.head === null ? undefined : await forge.open(project, standing.head, readingOf(loaded));
      try {
        const seen = reader && (await narrowed(reader, loaded));
        const known = await openKnownCatalog(loaded, seen ? [{ project, reader: seen }] : [], input.out);
        const people = known.peopleOf(project);
        return await publish(forge, project, {
          config: loaded.values.publish,
          generate: configAsked(input, loaded.values.generate),
          standing,
          reader: seen,
          propose: (at, config, _ledger, open) => {
            const codex = async () => onlyChosen(await codexFor(input, loaded));
            const by = { drafting, project: project.path };
            const given = { ...asked(input, config), ...about(known.contextOf(project)) };
            return propose(at, { ...given, codex, drafting: by, ...(open === undefined ? {} : { open }) });
          },
          uncertain: isUncertain(known.contextOf(project)),
          ...(people === undefined ? {} : { people }),
        });
      } finally {
        await reader?.close();
      }
    },
    input.out,
    record,
  );
  return { result, requests };
}

/** Writes the AGENTS.md of a project to be looked at: nothing is sent. */
export async function generateOfProject(
  input: CommandInput,
  loaded: LoadedConfig,
  target: ProjectAddress,
): Promise<GenerateResult> {
  const drafting = await openDrafting(loaded, input);
  return await withTarget(
    target,
    async (forge, path) => {
      const { project, standing } = await standingOf(forge, path, loaded);
      if (standing.head === null) throw new EmptyProject(project);
      const reader = await forge.open(project, standing.head, readingOf(loaded));
      try {
        const seen = await narrowed(reader, loaded);
        const known = await openKnownCatalog(loaded, [{ project, reader: seen }], input.out);
        const options = { ...asked(input, loaded.values.generate), ...about(known.contextOf(project)) };
        const by = { drafting, project: project.path };
        return await propose(seen, { ...options, codex: () => codexFor(input, loaded), drafting: by });
      } finally {
        await reader.close();
      }
    },
    input.out,
  );
}

export class EmptyProject extends Error {
  override readonly name = 'EmptyProject';
  readonly exitCode = 2;

  constructor({ path, repositoryEnabled }: Project) {
    super(`${path}: ${repositoryEnabled ? 'the repository has no commit' : 'its repository is switched off'}`);
  }
}

function withTarget<T>(
  target: PublishTarget,
  use: (forge: Forge, path: string) => Promise<T>,
  out: Output,
  record?: (request: WriteRequest) => void,
): Promise<T> {
  if ('folder' in target) return withRepository(target.folder, use, record);
  return withGitlab(target.instance, (forge) => use(forge, target.path), out, record);
}

/** The project and where it stands: one request where the forge can. */
export async function standingOf(
  forge: Forge,
  path: string,
  { values }: LoadedConfig,
): Promise<{ readonly project: Project; readonly standing: Standing }> {
  if (forge.kind === 'gitlab') {
    const standing = await forge.standing({ id: '', path }, standingQuestion(values.publish, { path }));
    return { project: standing.project, standing };
  }
  const project = await forge.project(path);
  return { project, standing: await forge.standing(project, standingQuestion(values.publish, project)) };
}

export function readingOf({ values }: LoadedConfig): { readonly limits: LoadedConfig['values']['facts']['limits'] } {
  return { limits: values.facts.limits };
}

/** What the command line says of it. */
function asked(input: CommandInput, config: GenerateConfig): Omit<Proposing, 'codex'> {
  return {
    fresh: input.flag('fresh'),
    adopt: input.flag('adopt'),
    config: configAsked(input, config),
  };
}

/** The settings with what the command line says instead of them. */
export function configAsked(input: CommandInput, config: GenerateConfig): GenerateConfig {
  const draft = input.text('draft');
  return {
    ...config,
    ...(input.flag('companion') ? { companion: 'claude' as const } : {}),
    ...(draft === undefined ? {} : { draft: draft === 'model' ? 'model' : 'none' }),
  };
}

function about(catalog: Proposing['catalog'] | undefined): Pick<Proposing, 'catalog'> {
  return catalog === undefined ? {} : { catalog };
}
