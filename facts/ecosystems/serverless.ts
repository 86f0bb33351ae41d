import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead } from './native/side-folders.ts';
import { cdk, sam, serverlessFramework } from './serverless/aws.ts';
import { manifestsAbove } from './serverless/node-tool.ts';
import { firebase, netlify, vercel } from './serverless/sites.ts';
import { wrangler } from './serverless/wrangler.ts';

/** A repository of templates has hundreds; the first ones say how it is done. */
const MAX_PROJECTS = 40;

/**
 * Runtimes at the edge and in the cloud. What is said is what runs on one's own machine: to build, to look and to start
 * it locally. To deploy is no answer to anything.
 */
export const serverless = ecosystem({
  id: 'serverless',
  title: 'Serverless and edge (Workers, SAM, CDK, Serverless, Netlify, Vercel, Firebase, Functions, Pulumi)',
  files: [
    ...['wrangler.toml', 'wrangler.json', 'wrangler.jsonc', 'cdk.json', 'samconfig.toml', 'firebase.json', 'host.json'],
    ...['template.yaml', 'template.yml', 'serverless.yml', 'serverless.yaml', 'serverless.ts', 'serverless.js'],
    ...['netlify.toml', 'vercel.json', 'Pulumi.yaml', '.cfnlintrc', '.cfnlintrc.yaml', '.cfnlintrc.yml'],
  ],
  depth: 3,
  *follow(repo) {
    for (const file of projects(repo)) {
      yield* manifestsAbove(file.dir);
      if (file.name.startsWith('wrangler.')) yield at(file.dir, 'worker-configuration.d.ts');
    }
  },
  *detect(repo) {
    for (const file of projects(repo)) yield* project(repo, file);
  },
});

function projects(repo: RepoView): readonly SourceFile[] {
  return repo.files.filter(({ dir }) => dir === '' || !isNoLead(dir)).slice(0, MAX_PROJECTS);
}

function project(repo: RepoView, file: SourceFile): Iterable<Signal> {
  if (file.name.startsWith('wrangler.')) return wrangler(repo, file);
  if (file.name.startsWith('template.')) return sam(repo, file);
  if (file.name.startsWith('serverless.')) return serverlessFramework(repo, file);
  if (file.name.startsWith('.cfnlintrc')) return cfnLint(file);
  return PROJECTS[file.name]?.(repo, file) ?? [];
}

const PROJECTS: Readonly<Record<string, (repo: RepoView, file: SourceFile) => Iterable<Signal>>> = {
  'cdk.json': cdk,
  'netlify.toml': netlify,
  'vercel.json': (_, file) => vercel(file),
  'firebase.json': (_, file) => firebase(file),
  'host.json': (_, file) => azureFunctions(file),
  'Pulumi.yaml': (_, file) => pulumi(file),
};

/** https://learn.microsoft.com/azure/azure-functions/functions-host-json */
function* azureFunctions(file: SourceFile): Iterable<Signal> {
  const version = file.json()?.get('version');
  const own = ['extensionBundle', 'logging', 'extensions', 'functionTimeout', 'routePrefix'];
  if (version?.text !== '2.0' || !own.some((key) => file.json()?.get(key))) return;
  yield command('run', 'func start', file.dir, file.at(version.keyLine), { weight: -2 });
}

/** Pulumi programs are built by their own language: only that it is Pulumi is said. */
function* pulumi(file: SourceFile): Iterable<Signal> {
  const runtime = file.yaml()?.get('runtime');
  if (runtime) yield plain('build-system', 'pulumi', file.dir, file.at(runtime.keyLine));
}

function* cfnLint(file: SourceFile): Iterable<Signal> {
  const templates = file.yaml()?.get('templates');
  yield plain('linter', 'cfn-lint', file.dir, file.at(file.find(/\S/) ?? 1));
  if (templates) yield command('lint', 'cfn-lint', file.dir, file.at(templates.keyLine), { weight: -1 });
}
