import { stemOf } from './patterns.ts';

/** Written by a tool from a manifest, or a record that every release touches. */
const BY_TOOL =
  /(?:^|\/)(?:[\w.-]*[.-]lock(?:b|file)?(?:\.\w+)*|[\w-]*lock\.(?:json|ya?ml|hcl)|go\.(?:sum|work\.sum)|npm-shrinkwrap\.json|Package\.resolved|gradle\.lockfile|MODULE\.bazel\.lock|\.terraform\.lock\.hcl|CHANGE(?:LOG|S)(?:\.\w+)?|HISTORY(?:\.\w+)?|NEWS(?:\.\w+)?|RELEASE[\w-]*(?:\.\w+)?|VERSION(?:\.\w+)?|version\.\w+|_version\.\w+|\.release-please-manifest\.json|CONTRIBUTORS(?:\.\w+)?|AUTHORS(?:\.\w+)?|\.all-contributorsrc)$/i;
/** What a release bumps. */
const MANIFEST =
  /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml|pom\.xml|[\w.-]+\.gradle(?:\.kts)?|gradle\.properties|composer\.json|mix\.exs|pubspec\.yaml|Chart\.yaml|go\.(?:mod|work)|[\w.-]+\.(?:csproj|fsproj|gemspec|nuspec|podspec)|Directory\.[\w.]+\.props|Gemfile|requirements[\w.-]*\.txt|CITATION\.cff)$/i;

/** Two files that go together without anybody deciding so: a release touches both, or a tool writes one of them. */
export function coupledByTool(when: string, also: string): boolean {
  return BY_TOOL.test(also) || BY_TOOL.test(when) || (MANIFEST.test(when) && MANIFEST.test(also));
}

/** `a.c` and `a.h`, `a.ts` and `a.test.ts`: their names say it. */
export function sameStem(a: string, b: string): boolean {
  const plain = (path: string): string =>
    stemOf(path)
      .toLowerCase()
      .replace(/^(?:test|spec)[_.-]|[_.-]?(?:tests?|spec)$/g, '')
      .replaceAll(/[_.-]/g, '');
  return plain(a) === plain(b);
}
