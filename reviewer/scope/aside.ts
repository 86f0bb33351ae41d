import { partsOf } from './words.ts';

/**
 * Whether a file is no part of what runs for users: a test, its fixtures, documentation, a style sheet, a picture or a translation. What such a file
 * is called, and what it says, makes no change security-sensitive; what steers agents, pipelines and reviews is asked for first.
 */
export function isAside(path: string): boolean {
  const { folders, name } = partsOf(path);
  return EXTENSIONS.test(name) || isTest(path) || folders.some((folder) => FOLDERS.test(folder));
}

/** A test, or what only tests use, by the customs of the languages. */
export function isTest(path: string): boolean {
  const { folders, name } = partsOf(path);
  if (folders.some((folder) => TEST_FOLDERS.test(folder))) return true;
  return NAMES.test(name) || CLASSES.test(name);
}

/** Whether a file says which packages and versions are used, or how a build goes; what they are called is no sign of what a change does. */
export function isManifest(path: string): boolean {
  return MANIFESTS.test(partsOf(path).name);
}

/** Whether a file says what a page looks like: a template, or a component. */
export function isView(path: string): boolean {
  return VIEWS.test(path);
}

/** Whether a file never is text, by its name: a picture, a font, a recording, a store of keys. */
export function isOpaque(path: string): boolean {
  return OPAQUE.test(path);
}

const OPAQUE =
  /\.(?:png|jpe?g|gif|webp|avif|ico|icns|bmp|tiff?|psd|heic|woff2?|ttf|otf|eot|mp[34]|m4[av]|wav|ogg|flac|webm|mov|avi|pdf|docx?|xlsx?|pptx?|crt|cer|der|p12|pfx|jks|keystore|kdbx)$/i;
const VIEWS =
  /\.(?:vue|svelte|astro|tsx|jsx|html?|html\.\w+|erb|haml|slim|twig|jelly|hbs|handlebars|mustache|ejs|pug|liquid|h?eex|leex|cshtml|razor|jsp|ftl|blade\.php|component\.ts)$|\/res\/layout\//i;
const EXTENSIONS =
  /\.(?:md|mdx|rst|txt|adoc|svg|png|jpe?g|gif|webp|ico|css|scss|sass|less|snap|po|pot|xliff|arb|ftl)$|\.s?css\.\w+$/i;
const FOLDERS = /^(?:docs?|documentation|locales?|lang|langs|translations|i18n|l10n|\.changeset|changelogs?)$/i;
const TEST_FOLDERS =
  /^(?:tests?|__tests__|specs?|e2e|testdata|test[-_](?:data|fixtures|utils)|fixtures|__fixtures__|mocks|__mocks__|__snapshots__)$/i;
const NAMES = /[._-](?:test|tests|spec|e2e|mock|stories)\.[^.]+$|^(?:test_|conftest\.)|_(?:test|spec)\.[^.]+$/i;
// `OrderServiceTest.java`, `RefundsIT.java`; not `Latest.java`, for which the capital letter is needed.
const CLASSES =
  /(?:\p{Ll}|\d|^)(?:Tests?|TestCase|Spec|IT|ITCase)\.(?:java|kt|kts|scala|groovy|cs|fs|vb|php|swift|dart)$/u;
const MANIFESTS = new RegExp(
  [
    '^(?:package|composer|bower|deno|global|renv)\\.json$',
    '^(?:go\\.(?:mod|work)|go_deps\\.bzl|repositories\\.bzl|MODULE\\.bazel|mix\\.exs|rebar\\.config|pubspec\\.ya?ml|Chart\\.yaml|Package\\.swift)$',
    '^(?:Cargo|pyproject|Pipfile|Project|libs\\.versions|[\\w.-]+\\.versions)\\.toml$|^Pipfile$|^setup\\.(?:py|cfg)$|^requirements.*\\.(?:txt|in)$',
    '^(?:Gemfile|.+\\.gemspec|.+\\.podspec|Podfile|Cartfile)$|^pom\\.xml$|^(?:build|settings|dependencies)\\.gradle(?:\\.kts)?$|^build\\.sbt$',
    '\\.(?:cs|fs|vb)proj$|^(?:Directory\\.\\w+|Versions?|packages)\\.(?:props|targets|config)$|^Version\\.Details\\.xml$|^pnpm-workspace\\.yaml$',
    '^(?:webpack|vite|vitest|rollup|esbuild|babel|jest|eslint|prettier|postcss|tailwind|tsconfig)(?:[.-][\\w.-]+)?\\.(?:[cm]?[jt]s|json)$',
  ].join('|'),
  'i',
);
