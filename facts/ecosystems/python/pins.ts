import type { Evidence } from '../../fact.ts';
import type { Tree } from '../../parse/tree.ts';
import type { Signal } from '../../signal.ts';
import { commandOf, fileOf, iniSection, type PythonProject } from './project.ts';

/** Which Python a project is run with, the pin before the range. */
export function* runtimeSignals(project: PythonProject): Iterable<Signal> {
  const { toml, pyproject, setupPy, dir } = project;
  const pin = (value: string | undefined, at: Evidence, weight: number): Signal[] => {
    const version = value?.trim();
    if (!version || !/^[\w.*,<>=~^!|+@\- ]{1,80}$/.test(version)) return [];
    return [{ kind: 'fact', key: 'runtime.python', value: version, dir, source: 'config', evidence: [at], weight }];
  };
  const versionFile = fileOf(project, '.python-version');
  const line = versionFile?.find(/^\s*[^#\s]/);
  if (versionFile && line) yield* pin(versionFile.lines.line(line), versionFile.at(line), 3);
  const runtime = fileOf(project, 'runtime.txt');
  if (runtime) yield* pin(/^python-(\S{1,20})/.exec(runtime.lines.line(1))?.[1], runtime.at(1), 2);
  const pipfile = fileOf(project, 'Pipfile');
  const wanted =
    pipfile?.toml()?.get('requires', 'python_full_version') ?? pipfile?.toml()?.get('requires', 'python_version');
  if (pipfile && wanted) yield* pin(wanted.text, pipfile.at(wanted.line), 2);
  const declared = [toml?.get('project', 'requires-python'), toml?.get('tool', 'poetry', 'dependencies', 'python')];
  const range = declared.find((tree) => tree?.text) ?? toml?.get('tool', 'poetry', 'dependencies', 'python', 'version');
  if (pyproject && range) yield* pin(range.text, pyproject.at(range.keyLine), 1);
  const options = iniSection(project, 'setup.cfg', 'options');
  const requires = options?.tree.get('python_requires');
  if (options && requires) yield* pin(requires.text, options.file.at(requires.line), 1);
  const inSetup = setupPy?.find(/\bpython_requires\s?=/);
  if (setupPy && inSetup) {
    yield* pin(
      /python_requires\s?=\s?["']([^"']{1,80})["']/.exec(setupPy.lines.line(inSetup))?.[1],
      setupPy.at(inSetup),
      1,
    );
  }
}

/** The commands that a project installs; where there is one, that is how the project is run. */
export function* entrypointSignals(project: PythonProject): Iterable<Signal> {
  const { toml, pyproject, dir, manager } = project;
  const scripts: { readonly name: string; readonly target: string; readonly at: Evidence }[] = [];
  const add = (table: Tree | undefined): void => {
    for (const [name, tree] of table?.entries() ?? []) {
      const target = tree.text ?? tree.get('reference')?.text ?? tree.get('callable')?.text;
      if (target && pyproject && /^[\w.-]+$/.test(name)) scripts.push({ name, target, at: pyproject.at(tree.keyLine) });
    }
  };
  add(toml?.get('project', 'scripts'));
  if (scripts.length === 0) add(toml?.get('tool', 'poetry', 'scripts'));
  const setupCfg = iniSection(project, 'setup.cfg', 'options.entry_points');
  for (const { text, line } of setupCfg?.tree.get('console_scripts')?.textLines() ?? []) {
    const found = /^([\w.-]+)\s*=\s*(\S+)$/.exec(text);
    if (setupCfg && found) scripts.push({ name: found[1]!, target: found[2]!, at: setupCfg.file.at(line) });
  }
  for (const { name, target, at } of scripts.slice(0, MAX_SCRIPTS)) {
    yield { kind: 'fact', key: 'entrypoint', value: `${name} = ${target}`, dir, source: 'config', evidence: [at] };
  }
  const [only] = scripts;
  if (only && scripts.length === 1 && manager.launcher !== '') {
    yield commandOf(project, 'run', 'config')(`${manager.launcher} ${only.name}`, only.at, 0);
  }
}

/** A toolbox with dozens of commands is not described by them. */
const MAX_SCRIPTS = 8;
