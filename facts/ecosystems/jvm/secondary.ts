import { depthOf, type PathIndex } from '../../path-index.ts';

const SECONDARY =
  /^(?:.*[-_])?(?:examples?|samples?|demos?|docs?|documentation|site|website|benchmarks?|perf|tests?|integration[-_]?tests?|functional[-_]?tests?|smoke[-_]?tests?|it|its|e2e|playground|archetypes?|archetype-resources|resources|testing-builds)$/i;

/** True below a folder of examples, tests or documentation: a build there is not how the repository is worked on. */
export function isSecondary(dir: string): boolean {
  return dir.split('/').some((part) => SECONDARY.test(part));
}

const ROOT_MANIFESTS =
  /^(?:package\.json|go\.mod|Cargo\.toml|pyproject\.toml|setup\.(?:py|cfg)|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|build\.sbt|Gemfile|composer\.json|mix\.exs|CMakeLists\.txt|MODULE\.bazel|WORKSPACE|.+\.slnx?)$/;

/**
 * The folders whose builds people work in. Builds of examples count only in a repository of examples: at its top
 * level, with no build of any kind at the root.
 */
export function primaryDirs(dirs: readonly string[], paths: PathIndex): readonly string[] {
  const primary = dirs.filter((dir) => !isSecondary(dir));
  if (primary.length > 0 || paths.entries.some(({ path }) => ROOT_MANIFESTS.test(path))) return primary;
  return dirs.filter((dir) => depthOf(dir) === 0);
}
