import { imageCommand } from '../../commands/tool-tables/images.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Step, Trigger } from '../../signal.ts';
import { type ScriptLine, scriptLines, scriptStep } from '../ci-scripts.ts';
import type { Job } from './jobs.ts';

/** What a step runs: its commands, else those of a plugin that runs some in a container. */
export function* scriptsOf({ step, path, pipeline, name }: Job, trigger: Trigger): Iterable<Step> {
  const own = ['command', 'commands', 'script'].flatMap((key) => scriptLines(step.get(key)));
  const plugins = pluginsOf(step);
  const workdir = plugins.map(({ settings }) => settings.get('workdir')?.text).find((dir) => dir !== undefined);
  const place = { path, pipeline, job: name, trigger, dir: folderOf(workdir), title: name === '' ? undefined : name };
  yield* scriptStep(own.map(asShell), place);
  if (own.length > 0) return;
  for (const { settings } of plugins) yield* scriptStep(containerLines(settings), place);
}

/** `$$` is how a pipeline writes a dollar that the agent leaves to the shell. */
function asShell({ text, line }: ScriptLine): ScriptLine {
  const plain = text.replaceAll('$$', '$');
  // On Windows agents: `bash .buildkite\steps\tests.sh`.
  return { text: plain.replace(/(?<=[\w.])\\(?=[\w.])/g, '/'), line };
}

interface Plugin {
  readonly name: string;
  readonly settings: Tree;
}

/** The plugins that run a command in a container, by their names without version. */
const CONTAINERS = /(?:^|\/)(?:docker|docker-compose)(?:-buildkite-plugin)?(?:#|$)/;

/** `plugins: [{ docker#v5: {...} }]`, or a map of them. */
function pluginsOf(step: Tree): readonly Plugin[] {
  const plugins = step.get('plugins');
  const maps = plugins?.kind === 'list' ? plugins.items() : plugins === undefined ? [] : [plugins];
  return maps
    .flatMap((map) => map.entries().map(([name, settings]) => ({ name, settings })))
    .filter(({ name }) => CONTAINERS.test(name));
}

/** `command: [golangci-lint, run]`, for an image whose entry point is a tool without the tool. */
function containerLines(settings: Tree): readonly ScriptLine[] {
  const command = settings.get('command');
  const words = command?.items().flatMap((word) => word.text ?? []) ?? [];
  if (command === undefined || words.length === 0) return [];
  // `["sh", "-c", "make test"]`: the script is one word.
  const text = words.map((word) => (/[\s;&|]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : word)).join(' ');
  if (text.includes('\n')) return [];
  return [{ text: imageCommand(settings.get('image')?.text ?? '', text), line: command.items()[0]!.line }];
}

/** The checkout is mounted somewhere: only a folder that is relative to it is known. */
function folderOf(workdir: string | undefined): string {
  return workdir === undefined || workdir.startsWith('/') || workdir.includes('$') ? '' : (joinPath('', workdir) ?? '');
}
