import { imageCommand } from '../commands/tool-tables/images.ts';
import { ecosystem } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { ciJob } from './ci-jobs.ts';
import { branchFits, OCCASIONS, type Occasion, triggerOf } from './ci-occasions.ts';
import { scriptLines, scriptStep } from './ci-scripts.ts';

/**
 * Drone and Woodpecker, which grew from it: what the steps of each pipeline run and when.
 * https://docs.drone.io/pipeline/overview/ and https://woodpecker-ci.org/docs/usage/workflow-syntax
 */
export const drone = ecosystem({
  id: 'drone',
  title: 'Drone and Woodpecker',
  files: [
    '/.drone.yml',
    '/.drone.yaml',
    ...['.yml', '.yaml', '/*.yml', '/*.yaml', '/*/*.yml', '/*/*.yaml'].map((end) => `/.woodpecker${end}`),
  ],
  *detect(repo) {
    for (const file of repo.files) {
      for (const pipeline of file.yamlDocuments()) yield* pipelineSignals(pipeline, file);
    }
  },
});

function* pipelineSignals(pipeline: Tree, file: SourceFile): Iterable<Signal> {
  const occasions = OCCASIONS.filter((each) => fits(pipeline.get('trigger'), each) && fits(pipeline.get('when'), each));
  for (const { name, step, line } of stepsOf(pipeline)) {
    const own = occasions.filter((each) => fits(step.get('when'), each));
    const trigger = triggerOf(own);
    const commands = scriptLines(step.get('commands'));
    // A plugin's settings are no commands, but a tool's image may be handed its words.
    const entry = step.get('entrypoint') === undefined ? step.get('command') : undefined;
    const words = commands.length === 0 ? (entry?.texts() ?? []) : [];
    const handed = words.length === 0 ? '' : imageCommand(step.get('image')?.text ?? '', words.join(' '));
    if (commands.length === 0 && handed === '') continue;
    if (trigger === 'merge-request') yield ciJob(name, file.at(line));
    const lines = commands.length > 0 ? commands : [{ text: handed, line: entry!.line }];
    const dir = step.get('directory')?.text ?? '';
    const place = {
      path: file.path,
      dir: /^[\w.-][\w./-]*$/.test(dir) ? dir : '',
      pipeline: file.name,
      job: name,
      trigger,
    };
    yield* scriptStep(lines, place);
  }
}

interface PipelineStep {
  readonly name: string;
  readonly step: Tree;
  readonly line: number;
}

/** A list of steps with names, or a map of them, which older files call `pipeline`. */
function stepsOf(pipeline: Tree): readonly PipelineStep[] {
  const steps = pipeline.get('steps') ?? pipeline.get('pipeline');
  const named = (steps?.entries() ?? []).map(([name, step]) => ({ name, step, line: step.keyLine }));
  return [
    ...named,
    ...(steps?.items() ?? []).map((step) => {
      const name = step.get('name');
      return { name: name?.text ?? '', step, line: name?.line ?? step.line };
    }),
  ].filter(({ name }) => name !== '');
}

const EVENTS: Readonly<Record<Occasion['trigger'], readonly string[]>> = {
  'merge-request': ['pull_request', 'push'],
  push: ['push'],
  release: ['tag', 'release'],
  schedule: ['cron'],
  manual: ['manual', 'custom', 'deployment', 'promote'],
  human: [],
};

/** Whether conditions let an occasion in; of several (a list) one is enough. A push to a feature branch checks a change as its request does. */
function fits(when: Tree | undefined, occasion: Occasion): boolean {
  if (when === undefined) return occasion.trigger !== 'manual' || occasion.request;
  if (when.kind === 'list') return when.items().some((each) => fits(each, occasion));
  if (when.get('status') !== undefined && when.entries().length === 1) return true;
  const events = listed(when.get('event'));
  const names = EVENTS[occasion.trigger];
  const request = occasion.request && allows(events, ['pull_request']);
  if (!request && !allows(events, names)) return false;
  // A pull request's branch is the one it is for.
  const branches = listed(when.get('branch'));
  if (occasion.request) return request || branchFits(branches, occasion);
  return branchFits(branches, occasion);
}

interface Listed {
  readonly only: readonly string[];
  readonly ignore: readonly string[];
}

/** A text, a list, or `include` and `exclude`. */
function listed(value: Tree | undefined): Listed {
  if (value?.kind !== 'map') return { only: value?.texts() ?? [], ignore: [] };
  return { only: value.get('include')?.texts() ?? [], ignore: value.get('exclude')?.texts() ?? [] };
}

function allows({ only, ignore }: Listed, names: readonly string[]): boolean {
  const left = names.filter((name) => !ignore.includes(name));
  return left.length > 0 && (only.length === 0 || left.some((name) => only.includes(name)));
}
