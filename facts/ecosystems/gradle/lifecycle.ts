import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import type { Say } from '../jvm/speaker.ts';
import { testedVariant } from './android.ts';
import { type Build, scriptsOf } from './builds.ts';
import { ANDROID, JVM, MULTIPLATFORM } from './tools.ts';

/** What every build offers, and how its tests are run: by the kind of its projects. */
export function* lifecycle(
  repo: RepoView,
  build: Build,
  ids: ReadonlySet<string>,
  manifest: Evidence,
  say: Say,
): Iterable<Signal> {
  const android = [...ANDROID].some((id) => ids.has(id));
  const multiplatform = ids.has(MULTIPLATFORM);
  const jvm = [...JVM].some((id) => ids.has(id)) || (!android && !multiplatform);
  const main = mainKind(repo, build, { android, multiplatform, jvm });

  yield say('build', 'build', manifest);
  if (android) yield say('build', 'assembleDebug', manifest, 'lifecycle', main === 'android' ? 1 : -1);
  yield say('build', 'assemble', manifest, 'lifecycle', -2);
  const variant = testedVariant(scriptsOf(build).map(({ script }) => script));
  // With flavours `test` runs each test once for every one of them.
  const less = main === 'multiplatform' || (main === 'android' && variant !== 'Debug') ? -1 : 0;
  if (jvm || android) yield say('test', 'test', manifest, 'lifecycle', less);
  if (multiplatform) yield say('test', 'allTests', manifest, 'lifecycle', main === 'multiplatform' ? 1 : -1);
  yield say('test', 'check', manifest, 'lifecycle', -2);

  // `test` takes no filter where it only gathers other tasks, as in Android and multiplatform projects.
  const task = main === 'android' ? `test${variant}UnitTest` : main === 'multiplatform' ? 'jvmTest' : 'test';
  const named = build.modules.find(({ at }) => at.path === build.settings?.file.path);
  if (build.modules.length)
    yield say('test-single', `:<name>:${task} --tests "<pattern>"`, named?.at ?? manifest, 'lifecycle', 1);
  yield say('test-single', `${task} --tests "<pattern>"`, manifest);
}

type Kind = 'jvm' | 'android' | 'multiplatform';

/** What most projects are. Convention plugins hide what a module applies: its plugins' names and its folders still tell. */
function mainKind(repo: RepoView, build: Build, has: Readonly<Record<Kind, boolean>>): Kind {
  if (!has.jvm && !has.android) return 'multiplatform';
  if (!has.jvm && !has.multiplatform) return 'android';
  const projects = [
    { dir: build.dir, script: build.root },
    ...build.modules.map((module) => ({ dir: module.dir, script: build.own.get(module) })),
  ];
  const share = (test: (project: (typeof projects)[number]) => boolean): number =>
    projects.filter(test).length / projects.length;
  const below = (dir: string, path: string): boolean => repo.paths.hasDir(dir === '' ? path : `${dir}/${path}`);
  const applies = (pattern: RegExp) => (project: (typeof projects)[number]) =>
    project.script?.plugins.some(({ id, applied }) => applied && pattern.test(id)) ?? false;
  if (has.multiplatform && share(({ dir }) => below(dir, 'src/commonMain') || below(dir, 'common/src')) >= MOST)
    return 'multiplatform';
  if (has.multiplatform && share(applies(/multiplatform|\bkmp\b/)) >= MOST) return 'multiplatform';
  if (has.android && share(applies(/\bandroid\b/)) >= MOST) return 'android';
  return has.jvm ? 'jvm' : has.android ? 'android' : 'multiplatform';
}

/** Of the projects of a build; gathering and documentation projects are none of these. */
const MOST = 1 / 3;
