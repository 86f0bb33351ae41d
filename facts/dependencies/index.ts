import type { Ecosystem } from '../ecosystem.ts';
import { bazelDependencies } from './bazel.ts';
import { cargoDependencies } from './cargo.ts';
import { denoDependencies } from './deno.ts';
import { goDependencies } from './go.ts';
import { gradleDependencies } from './gradle.ts';
import { helmDependencies } from './helm.ts';
import { hexDependencies } from './hex.ts';
import { mavenDependencies } from './maven.ts';
import { npmDependencies } from './npm.ts';
import { nugetDependencies } from './nuget.ts';
import { packagistDependencies } from './packagist.ts';
import { pubDependencies } from './pub.ts';
import { pypiDependencies } from './pypi.ts';
import { rubygemsDependencies } from './rubygems.ts';
import { swiftDependencies } from './swift.ts';
import { versionFiles } from './version-files.ts';

/**
 * Plugins that only say what a repository depends on and which version it gives itself. They read lock files, which costs
 * time, and no fact is made of them: they run where `survey` is asked for dependencies.
 */
export const DEPENDENCY_PLUGINS: readonly Ecosystem[] = [
  bazelDependencies,
  cargoDependencies,
  denoDependencies,
  goDependencies,
  gradleDependencies,
  helmDependencies,
  hexDependencies,
  mavenDependencies,
  npmDependencies,
  nugetDependencies,
  packagistDependencies,
  pubDependencies,
  pypiDependencies,
  rubygemsDependencies,
  swiftDependencies,
  versionFiles,
];
