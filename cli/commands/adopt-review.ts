import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import type { RecordWrite, WriteRequest } from '../../forge/write-request.ts';
import { type AdoptResult, adoptReview, type Candidate, parseComponent, type Settled } from '../../jobs/adopt/index.ts';
import { keyOf } from '../../jobs/key.ts';
import type { Gate } from '../../jobs/rollout/port.ts';
import type { State } from '../../jobs/store/tables.ts';
import type { World } from '../../jobs/world.ts';
import { adoptText, countsText, deferredText } from '../adopt-text.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withFleet } from '../fleet-at-work.ts';
import { assertRepositories } from '../fleet-folder.ts';
import { withKnownFleet } from '../fleet-known.ts';
import { openWorld } from '../fleet-world.ts';
import { projectAddress } from '../forges.ts';
import { inOrder } from '../in-order.ts';
import { requestsText } from '../publish-text.ts';
import { codeOfInterruption } from '../signals.ts';
import { groupPath, wholeNumber } from '../sweep-options.ts';

/** Opens a merge request in each project that adds the include of the review component to its CI file. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { fleet } = loaded.values;
  assertScope(input);
  const component = componentOf(input, loaded);
  const limit = wholeNumber(input, 'limit', 1, 1_000_000);
  const dryRun = input.flag('dryRun');
  const requests: WriteRequest[] = [];
  const results: AdoptResult[] = [];
  const folder = input.text('dir');
  // As long as the list may be, each of it is told where it is short, or all that comes of it is what is told.
  const isEach = out.verbosity === 'verbose' || (dryRun && folder !== undefined);
  const untold: AdoptResult[] = [];
  const told = inOrder(({ result, isNamed }: Told) => {
    results.push(result);
    if (out.json) return;
    if (isNamed || isEach || SHOWN.has(result.kind)) out.result(adoptText(result, dryRun, out.style));
    else untold.push(result);
  });
  let looked = 0;
  const on = (result: AdoptResult, { isNamed }: Choice, position: number): void => {
    looked += 1;
    if (!out.json) out.progress(`${looked} projects looked at`);
    told.at(position, { result, isNamed });
  };
  const stopping = input.stopping();
  const adopting = async (world: World, gate: Gate, db?: State): Promise<void> => {
    const { concurrency } = fleet;
    const options = { component, concurrency, dryRun, stop: stopping.stop, ...(limit === undefined ? {} : { limit }) };
    try {
      await adoptReview(world, gate, db, candidates({ input, loaded, world }), options, on);
    } finally {
      told.end();
    }
  };
  if (dryRun) await rehearsed(input, loaded, (request) => requests.push(request), adopting);
  else await withFleet(loaded, input, { folder }, ({ engine, world, gate }) => adopting(world, gate, engine.db));
  out.progress('');
  if (out.json) {
    const document = { schema: 'agentsmd/adopt-review/1', component: component.ref, dryRun, results };
    out.document({ ...document, ...(dryRun ? { requests } : {}) });
  } else {
    out.result(deferredText(untold, out.style));
    if (dryRun && out.verbosity === 'verbose') out.result(`\n${requestsText(requests, out.style)}`);
    out.note(countsText(results, dryRun));
    if (dryRun && requests.length > 0 && out.verbosity !== 'verbose') out.note('-v prints what would be sent');
    if (limit !== undefined && results.filter(({ kind }) => kind === 'created').length >= limit)
      out.note(`--limit ${limit} is reached; what is left was not looked at`);
  }
  const interrupted = codeOfInterruption(stopping);
  if (interrupted) return interrupted;
  return results.some(({ kind }) => kind === 'refused' || kind === 'failed') ? 1 : 0;
};

/** Nothing is sent and nothing kept. */
async function rehearsed(
  input: CommandInput,
  loaded: LoadedConfig,
  record: RecordWrite,
  adopting: (world: World, gate: Gate) => Promise<void>,
): Promise<void> {
  const world = await openWorld(loaded, input, { folder: input.text('dir'), record });
  try {
    const { openGate } = await import('../../jobs/rollout/gate.ts');
    await withKnownFleet(input, (db) => adopting(world, openGate(db, world)));
  } finally {
    await world.close();
  }
}

const SHOWN: ReadonlySet<AdoptResult['kind']> = new Set(['created', 'updated', 'closed', 'refused', 'failed']);

function assertScope(input: CommandInput): void {
  const named = [input.list('project').length > 0, input.flag('all'), input.text('dir') !== undefined];
  const count = named.filter(Boolean).length;
  if (count === 0)
    throw new UsageError('name projects (group/name) or groups, --all for every one in fleet.groups, or --dir FOLDER');
  if (count > 1) throw new UsageError('projects, --all and --dir exclude each other');
  const folder = input.text('dir');
  if (folder !== undefined) assertRepositories(folder);
}

function componentOf(input: CommandInput, { values }: LoadedConfig) {
  const named = input.text('component');
  if (named !== undefined) return parseComponent(named, '--component');
  const { reviewComponent } = values.fleet;
  if (reviewComponent !== '') return parseComponent(reviewComponent, 'fleet.reviewComponent');
  throw new UsageError(
    'which component? set fleet.reviewComponent, or name it: --component gitlab.example.com/platform/agentsmd/review@1',
  );
}

interface Told {
  readonly result: AdoptResult;
  readonly isNamed: boolean;
}

/** What is to be looked at; `isNamed`: by itself, not by its group. */
type Choice = (Candidate | Settled) & { readonly isNamed: boolean };

interface Choosing {
  readonly input: CommandInput;
  readonly loaded: LoadedConfig;
  readonly world: World;
}

async function* candidates({ input, loaded, world }: Choosing): AsyncGenerator<Choice> {
  const names = input.list('project');
  if (names.length === 0) {
    for (const instance of world.instances) yield* listed(await world.forge(instance), groupsOf(loaded, input));
    return;
  }
  const seen = new Set<string>();
  for (const text of names)
    for await (const choice of called(text, loaded, world)) {
      const key = 'project' in choice ? keyOf(choice.project) : `no ${choice.result.project}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield choice;
    }
}

/** A project, or what is in a group of that name. */
async function* called(text: string, loaded: LoadedConfig, world: World): AsyncGenerator<Choice> {
  const address = projectAddress(text, loaded, process.env);
  const path = address?.path ?? groupPath(text);
  const instances = address ? [address.instance.url.replace(/\/+$/, '')] : world.instances;
  let missing: ForgeError | undefined;
  let isThere = false;
  for (const instance of instances) {
    const forge = await world.forge(instance);
    try {
      if (path.includes('/')) {
        yield { forge, project: await forge.project(path), isNamed: true };
        return;
      }
    } catch (error) {
      if (!(error instanceof ForgeError) || !OF_ONE.has(error.reason)) throw error;
      missing = error;
    }
    try {
      yield* listed(forge, [path]);
      isThere = true;
    } catch (error) {
      if (!(error instanceof ForgeError) || !OF_ONE.has(error.reason)) throw error;
      missing ??= error;
    }
  }
  if (!missing || isThere) return;
  const { reason, message } = missing;
  yield { result: { kind: 'refused', project: path, reason, message }, isNamed: true };
}

const OF_ONE: ReadonlySet<string> = new Set(['not-found', 'forbidden']);

/** What is configured are groups of GitLab. */
function groupsOf({ values }: LoadedConfig, input: CommandInput): readonly string[] {
  return input.text('dir') === undefined ? values.fleet.groups : [];
}

async function* listed(forge: Forge, groups: readonly string[]): AsyncGenerator<Choice> {
  const scope = groups.length === 0 ? {} : { groups };
  for await (const project of forge.projects({ archived: false, ...scope })) yield { forge, project, isNamed: false };
}
