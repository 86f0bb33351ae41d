import { ecosystem } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal, Trigger } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { ciJob } from './ci-jobs.ts';
import { branchFits, OCCASIONS, triggerOf } from './ci-occasions.ts';
import { type ScriptLine, scriptLines, scriptStep } from './ci-scripts.ts';

/**
 * Bitbucket Pipelines: the scripts of each step, in parallel groups and stages too, and what starts them.
 * https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/
 */
export const bitbucketPipelines = ecosystem({
  id: 'bitbucket-pipelines',
  title: 'Bitbucket Pipelines',
  files: ['/bitbucket-pipelines.yml'],
  *detect(repo) {
    const said = new Set<string>();
    for (const file of repo.files) {
      for (const { trigger, items } of pipelinesOf(file.yaml())) {
        for (const step of stepsIn(items, 0)) {
          for (const signal of stepSignals(step, trigger, file)) {
            // Anchors make one step part of several pipelines.
            const key = `${signal.kind} ${trigger} ${signal.kind === 'step' ? signal.lines[0] : step.line}`;
            if (said.has(key)) continue;
            said.add(key);
            yield signal;
          }
        }
      }
    }
  },
});

interface Pipeline {
  readonly trigger: Trigger;
  readonly items: readonly Tree[];
}

/** `default` is for every branch that has no pipeline of its own, so for a change. */
function pipelinesOf(tree: Tree | undefined): readonly Pipeline[] {
  const pipelines = tree?.get('pipelines');
  const under = (kind: string, trigger: (pattern: string) => Trigger): readonly Pipeline[] =>
    (pipelines?.get(kind)?.entries() ?? []).map(([pattern, list]) => ({
      trigger: trigger(pattern),
      items: list.items(),
    }));
  return [
    { trigger: 'merge-request', items: pipelines?.get('default')?.items() ?? [] },
    ...under('pull-requests', () => 'merge-request'),
    ...under('branches', (pattern) =>
      triggerOf(OCCASIONS.filter((each) => each.branch !== null && branchFits({ only: [pattern], ignore: [] }, each))),
    ),
    ...under('tags', () => 'release'),
    ...under('custom', () => 'manual'),
  ];
}

/** Groups in groups are not allowed, but written. */
const MAX_NESTING = 5;

/** `- step:`, `- parallel: [...]`, `- parallel: { steps: [...] }`, `- stage: { steps: [...] }`. */
function stepsIn(items: readonly Tree[], nesting: number): readonly Tree[] {
  if (nesting > MAX_NESTING) return [];
  return items.flatMap((item) => {
    const step = item.get('step');
    if (step !== undefined) return [step];
    const group = item.get('parallel') ?? item.get('stage');
    return stepsIn(group?.get('steps')?.items() ?? group?.items() ?? [], nesting + 1);
  });
}

function* stepSignals(step: Tree, pipeline: Trigger, file: SourceFile): Iterable<Signal> {
  const name = step.get('name');
  const trigger = step.get('trigger')?.text === 'manual' || step.get('deployment') !== undefined ? 'manual' : pipeline;
  if (trigger === 'merge-request' && name?.text !== undefined) yield ciJob(name.text, file.at(name.line));
  const lines = (step.get('script')?.items() ?? []).flatMap((item): readonly ScriptLine[] =>
    item.kind === 'map' ? [] : scriptLines(item),
  );
  const place = { path: file.path, dir: '', pipeline: file.name, job: name?.text ?? '', trigger, title: name?.text };
  yield* scriptStep(lines, place);
}
