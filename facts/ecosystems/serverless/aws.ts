import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import { nodeTool } from './node-tool.ts';

/** Functions of a template whose files are looked for. */
const MAX_FUNCTIONS = 20;
/** Lambda names a runtime and its version in one word: `python3.12`, `nodejs22.x`. */
const RUNTIME = /^(python|nodejs|ruby|java)(\d[\d.]*?)(?:\.x)?$/;
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'py', 'rb'];

/** AWS SAM. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html */
export function* sam(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const tree = file.yaml();
  const transform = tree?.get('Transform');
  if (!tree || !transform?.texts().includes('AWS::Serverless-2016-10-31')) return;
  const { dir } = file;
  const settings = repo.file(at(dir, 'samconfig.toml'));
  const shown = [file.at(transform.keyLine), ...(settings ? [settings.at(1)] : [])];
  yield plain('build-system', 'sam', dir, shown);
  yield command('build', 'sam build', dir, shown);
  yield command('lint', 'sam validate --lint', dir, shown, { weight: -1 });
  const functions = (tree.get('Resources')?.entries() ?? []).filter(
    ([, resource]) => resource.get('Type')?.text === 'AWS::Serverless::Function',
  );
  const hasApi = functions.some(([, each]) =>
    (each.get('Properties', 'Events')?.entries() ?? []).some(([, event]) => /Api$/.test(event.get('Type')?.text ?? '')),
  );
  if (hasApi) yield command('run', 'sam local start-api', dir, shown, { weight: -1 });
  yield* runtimes(file, [tree.get('Globals', 'Function'), ...functions.map(([, each]) => each.get('Properties'))]);
  for (const [, each] of functions.slice(0, MAX_FUNCTIONS)) {
    const handler = each.get('Properties', 'Handler') ?? tree.get('Globals', 'Function', 'Handler');
    const folder = joinPath(
      dir,
      each.get('Properties', 'CodeUri')?.text ?? tree.get('Globals', 'Function', 'CodeUri')?.text ?? '.',
    );
    const path = folder === undefined ? undefined : handlerFile(repo, folder, handler?.text);
    if (handler && path) yield plain('entrypoint', path, dir, file.at(handler.line));
  }
}

/** The Serverless Framework; its `offline` needs the plugin of that name. https://www.serverless.com/framework/docs */
export function* serverlessFramework(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const { dir } = file;
  const tree = /\.ya?ml$/.test(file.name) ? file.yaml() : undefined;
  const provider = tree?.get('provider') ?? tree?.get('service');
  const line = provider?.keyLine ?? (tree ? undefined : file.find(/\bserverless\b/i));
  if (line === undefined) return;
  yield plain('build-system', 'serverless', dir, file.at(line));
  yield command('build', nodeTool(repo, dir, 'serverless package'), dir, file.at(line), { weight: -2 });
  const offline = file.find('serverless-offline');
  if (offline)
    yield command('run', nodeTool(repo, dir, 'serverless offline'), dir, file.at(offline), {
      source: 'config',
      weight: -1,
    });
  if (tree) yield* runtimes(file, [tree.get('provider')], 'runtime');
}

/** The AWS CDK: `app` says what makes the templates. https://docs.aws.amazon.com/cdk/v2/guide/cli.html */
export function* cdk(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const { dir } = file;
  const app = file.json()?.get('app');
  if (!app?.text) return;
  const line = file.at(app.keyLine);
  const isNode = /\b(?:ts-node|tsx|node|bun)\b/.test(app.text);
  yield plain('build-system', 'cdk', dir, line);
  const run = isNode ? nodeTool(repo, dir, 'cdk synth') : 'cdk synth';
  yield command('build', run, dir, line, { weight: -2 });
  const entry = app.text.split(/\s+/).find((word) => /\.(?:ts|mts|js|py)$/.test(word));
  const path = entry && joinPath(dir, entry);
  if (path && repo.paths.isFile(path)) yield plain('entrypoint', path, dir, line);
}

function* runtimes(file: SourceFile, places: readonly (Tree | undefined)[], key = 'Runtime'): Iterable<Signal> {
  for (const place of places) {
    const at = place?.get(key);
    const [, name, version] = RUNTIME.exec(at?.text ?? '') ?? [];
    if (!at || !name || !version) continue;
    yield plain(`runtime.${name === 'nodejs' ? 'node' : name}`, version, file.dir, file.at(at.keyLine), { weight: -1 });
  }
}

/** `src/app.lambdaHandler` is exported by `src/app.ts`. */
function handlerFile(repo: RepoView, folder: string, handler: string | undefined): string | undefined {
  const module = handler?.replace(/\.[^./]+$/, '');
  if (!module || module === handler) return undefined;
  return ENDINGS.map((ending) => joinPath(folder, `${module}.${ending}`)).find(
    (path) => path && repo.paths.isFile(path),
  );
}
