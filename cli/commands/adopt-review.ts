import { ForgeError } from '../../forge/errors.ts';
import type { Forge } from '../../forge/port.ts';
import type { RecordWrite, WriteRequest } from '../../forge/write-request.ts';
import { type AdoptResult, adoptReview, type Candidate, parseComponent } from '../../jobs/adopt/index.ts';
import type { Gate } from '../../jobs/rollout/port.ts';
import type { State } from '../../jobs/store/tables.ts';
import type { World } from '../../jobs/world.ts';
import { adoptText, countsText } from '../adopt-text.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withFleet } from '../fleet-at-work.ts';
import { withKnownFleet } from '../fleet-known.ts';
import { openWorld } from '../fleet-world.ts';
import { projectAddress } from '../forges.ts';
import { printableLine } from '../printable.ts';
import { requestsText } from '../publish-text.ts';
import { codeOfInterruption } from '../signals.ts';
import { wholeNumber } from '../sweep-options.ts';

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
  const isNamed = input.list('project').length > 0;
  const on = (result: AdoptResult): void => {
    results.push(result);
    if (out.json) return;
    out.progress(`${results.length} projects looked at`);
    if (isNamed || out.verbosity === 'verbose' || SHOWN.has(result.kind))
      out.result(adoptText(result, dryRun, out.style));
  };
  const stopping = input.stopping();
  const adopting = async (world: World, gate: Gate, db?: State): Promise<void> => {
    const { concurrency } = fleet;
    const options = { component, concurrency, dryRun, stop: stopping.stop, ...(limit === undefined ? {} : { limit }) };
    await adoptReview(world, gate, db, candidates(input, loaded, world, on), options, on);
  };
  const folder = input.text('dir');
  if (dryRun) await rehearsed(input, loaded, (request) => requests.push(request), adopting);
  else await withFleet(loaded, input, { folder }, ({ engine, world, gate }) => adopting(world, gate, engine.db));
  out.progress('');
  if (out.json) {
    const document = { schema: 'agentsmd/adopt-review/1', component: component.ref, dryRun, results };
    out.document({ ...document, ...(dryRun ? { requests } : {}) });
  } else {
    if (dryRun) out.result(requestsText(requests, out.style));
    out.note(countsText(results, dryRun));
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
    throw new UsageError('name projects (group/name), --all for every one in fleet.groups, or --dir FOLDER');
  if (count > 1) throw new UsageError('projects, --all and --dir exclude each other');
  if (input.text('dir') === '') throw new UsageError('--dir: name a folder that holds git repositories');
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

async function* candidates(
  input: CommandInput,
  loaded: LoadedConfig,
  world: World,
  on: (result: AdoptResult) => void,
): AsyncGenerator<Candidate> {
  const projects = input.list('project');
  if (projects.length === 0) {
    for (const instance of world.instances) yield* listed(await world.forge(instance), loaded, input);
    return;
  }
  for (const text of projects) {
    const address = projectAddress(text, loaded, process.env);
    if (!address)
      throw new UsageError(
        `${printableLine(text)}: no project of GitLab (group/name, or its address); --dir is about folders`,
      );
    const forge = await world.forge(address.instance.url.replace(/\/+$/, ''));
    try {
      yield { forge, project: await forge.project(address.path) };
    } catch (error) {
      if (!(error instanceof ForgeError) || !OF_ONE.has(error.reason)) throw error;
      on({ kind: 'refused', project: address.path, reason: error.reason, message: error.message });
    }
  }
}

const OF_ONE: ReadonlySet<string> = new Set(['not-found', 'forbidden']);

async function* listed(forge: Forge, { values }: LoadedConfig, input: CommandInput): AsyncGenerator<Candidate> {
  const { groups } = values.fleet;
  const isWhole = groups.length === 0 || input.text('dir') !== undefined;
  for await (const project of forge.projects({ archived: false, ...(isWhole ? {} : { groups }) }))
    yield { forge, project };
}
