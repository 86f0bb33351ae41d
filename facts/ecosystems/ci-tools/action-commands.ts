import { frozenInstall, joined, lockedManager, onlyWith, type ToolInputs, wrapped } from './mapping.ts';

// What actions with more than one input stand for. Each takes the inputs of a step.

export function ruff(inputs: ToolInputs): string {
  const args = inputs.with('args') || 'check';
  // Older versions took the paths as arguments, newer ones as `src`.
  return joined('ruff', args, inputs.with('src'));
}

export function cargo(inputs: ToolInputs): string | undefined {
  return onlyWith('cargo', joined(inputs.with('command'), inputs.with('args')));
}

/** Without arguments these actions only set Gradle up. */
export function gradle(inputs: ToolInputs): string | undefined {
  return wrapped('gradle', inputs, inputs.with('arguments'));
}

/** https://github.com/cypress-io/github-action: it installs, builds, starts and tests. */
export function cypress(inputs: ToolInputs): string {
  const install =
    inputs.with('install') === 'false'
      ? ''
      : inputs.with('install-command') || frozenInstall(lockedManager(inputs)) || '';
  const run = inputs.with('runTests') === 'false' ? '' : inputs.with('command') || 'npx cypress run';
  return [install, inputs.with('build'), run].filter(Boolean).join('\n');
}

export function xcodebuild(inputs: ToolInputs): string | undefined {
  const scheme = inputs.with('scheme');
  return scheme === '' ? undefined : joined('xcodebuild', inputs.with('action') || 'test', '-scheme', scheme);
}

export function cmakePresets(inputs: ToolInputs): string | undefined {
  const [configure, build, test] = ['configurePreset', 'buildPreset', 'testPreset'].map((input) => inputs.with(input));
  const commands = [
    configure && `cmake --preset ${configure}`,
    build && `cmake --build --preset ${build}`,
    test && `ctest --preset ${test}`,
  ].filter(Boolean);
  return commands.length === 0 ? undefined : commands.join('\n');
}

export function cmakeFolders(inputs: ToolInputs): string {
  const build = inputs.with('build-dir') || 'build';
  const configure = `cmake -S ${inputs.with('source-dir') || '.'} -B ${build}`;
  return inputs.with('run-build') === 'false' ? configure : `${configure}\ncmake --build ${build}`;
}

/** A context that is not a folder of the repository is somebody else's. */
export function dockerBuild(inputs: ToolInputs): string | undefined {
  const context = inputs.with('context') || '.';
  if (/[{:]/.test(context)) return undefined;
  const [file, target] = [inputs.with('file').replace(/^\.\//, ''), inputs.with('target')];
  return joined('docker build', file && `-f ${file}`, target && `--target ${target}`, context);
}

export function markdownlint(inputs: ToolInputs): string {
  const globs = inputs.with('globs').split(/\s+/).filter(Boolean);
  return ['markdownlint-cli2', ...(globs.length > 0 ? globs : ['*.{md,markdown}']).map((glob) => `"${glob}"`)].join(
    ' ',
  );
}

/** Its linters are switched on one by one. */
const SWITCHES: Readonly<Record<string, string>> = {
  autopep8: 'autopep8 .',
  black: 'black --check .',
  clippy: 'cargo clippy',
  dotnet_format: 'dotnet format',
  erblint: 'erblint --lint-all',
  eslint: 'eslint .',
  flake8: 'flake8',
  gofmt: 'gofmt -l .',
  mypy: 'mypy .',
  php_codesniffer: 'phpcs',
  prettier: 'prettier --check .',
  pylint: 'pylint .',
  rubocop: 'rubocop',
  rustfmt: 'cargo fmt --check',
  stylelint: 'stylelint "**/*.css"',
  swiftlint: 'swiftlint',
  tsc: 'tsc --noEmit',
  xo: 'xo',
};

export function lintAction(inputs: ToolInputs): string | undefined {
  const on = Object.entries(SWITCHES).filter(([name]) => inputs.with(name) === 'true');
  return on.length === 0 ? undefined : on.map(([, command]) => command).join('\n');
}
