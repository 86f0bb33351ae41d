import { keyMateriality, lesser } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import type { Kind, Side } from '../comparison.ts';

/** Where each system keeps its pipelines. https://docs.* of each; one line each. */
const SYSTEMS: readonly (readonly [name: string, path: RegExp])[] = [
  ['GitHub Actions', /^\.github\/workflows\/[^/]+\.ya?ml$/],
  ['GitLab CI', /^\.gitlab-ci\.yml$/],
  ['Buildkite', /^\.buildkite\/.*\.(?:ya?ml|json)$/],
  ['CircleCI', /^\.circleci\/config\.ya?ml$/],
  ['Travis CI', /^\.travis\.ya?ml$/],
  ['Azure Pipelines', /^(?:\.azure-pipelines|\.azuredevops|\.pipelines)\/.*\.ya?ml$|^\.?azure-pipelines[^/]*\.ya?ml$/],
  ['Jenkins', /^(?:\.?jenkins\/)?Jenkinsfile[^/]*$/],
  ['Bitbucket Pipelines', /^bitbucket-pipelines\.ya?ml$/],
  ['Drone', /^\.drone\.(?:ya?ml|jsonnet|star)$/],
  ['Woodpecker', /^\.woodpecker(?:\.ya?ml$|\/.*\.ya?ml$)/],
  ['Cirrus CI', /^\.cirrus\.(?:ya?ml|star)$/],
  ['AppVeyor', /^\.?appveyor\.ya?ml$/],
  ['Forgejo Actions', /^\.(?:forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/],
  ['TeamCity', /^\.teamcity\//],
  ['Semaphore', /^\.semaphore\/.*\.ya?ml$/],
  ['Bazel CI', /^\.bazelci\/.*\.ya?ml$/],
  ['SourceHut builds', /^\.builds?(?:\.yml$|\/.*\.yml$)/],
  ['Tekton', /^\.tekton\/.*\.ya?ml$/],
  ['Prow', /^\.prow(?:\.ya?ml$|\/.*\.ya?ml$)/],
  ['Codefresh', /^codefresh\.ya?ml$/],
  ['Wercker', /^wercker\.yml$/],
];

/**
 * What runs the pipelines. A system counts where one of its pipelines runs commands; the last of its files gone is the
 * system gone. One more beside another makes nothing false.
 */
export const ciSystems: Kind = {
  id: 'CI system replaced',
  *find({ before, after, touched }): Generator<FactChange> {
    const old = systemsOf(before);
    const now = systemsOf(after);
    const added = [...now].filter(([name, path]) => !old.has(name) && touched.has(path));
    const removed = [...old].filter(([name]) => !now.has(name) && !hasFiles(after, name));
    for (const [name, path] of removed) {
      const [successor] = added.length > 0 ? added : [...now];
      yield {
        key: 'ci.system',
        dir: '',
        from: name,
        to: successor?.[0] ?? null,
        materiality: keyMateriality('ci.system'),
        evidence: [{ path: added[0]?.[1] ?? path, line: 1 }],
      };
    }
    if (removed.length > 0) return;
    for (const [name, path] of added) {
      if (hasFiles(before, name)) continue;
      yield {
        key: 'ci.system',
        dir: '',
        from: null,
        to: name,
        materiality: lesser(keyMateriality('ci.system')),
        evidence: [{ path, line: 1 }],
      };
    }
  },
};

/** The systems whose pipelines run commands, with the first file of each that does. */
function systemsOf({ survey }: Side): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const signal of survey.signals) {
    if (signal.kind !== 'step' || signal.trigger === 'human') continue;
    const name = systemOf(signal.pipeline) ?? systemOf(signal.path);
    if (name !== undefined && !found.has(name)) found.set(name, signal.path);
  }
  return found;
}

function hasFiles({ survey }: Side, name: string): boolean {
  const pattern = SYSTEMS.find(([system]) => system === name)?.[1];
  return pattern !== undefined && survey.paths.entries.some(({ path }) => pattern.test(path));
}

function systemOf(path: string): string | undefined {
  return SYSTEMS.find(([, pattern]) => pattern.test(path))?.[0];
}
