import { FULL_ID } from '../../forge/object-id.ts';
import type { MergeRequest } from '../../forge/port.ts';
import {
  bullets,
  code,
  codeBlock,
  commitMessage,
  heading,
  md,
  paragraph,
  type RenderPolicy,
  type SafeText,
  title,
} from '../../forge/render/index.ts';
import { ownDescription, ownMarkerIn } from '../../generator/publish/own-description.ts';
import type { Settings } from '../../generator/publish/settings.ts';
import { CI_FILE, type CiEdit } from './ci-file.ts';
import type { Component } from './component.ts';

/** What the next run must know of a merge request of ours: hidden in its description. */
export interface AdoptMarker {
  readonly v: 1;
  /** The component that it includes. */
  readonly component: string;
  /** The tip of the branch that we wrote. */
  readonly tip: string;
  /** The branch that we wanted it merged into: another one is people's choice. */
  readonly target: string;
  readonly title: string;
}

export type Edited = CiEdit & { readonly kind: 'edited' };

const TITLE = 'Review merge requests with agentsmd';

/** See {@link ownMarkerIn}. */
export async function adoptMarkerOf(of: Pick<MergeRequest, 'description'>): Promise<AdoptMarker | null> {
  return await ownMarkerIn(of, MARKER_NAME, (z) =>
    z.strictObject({
      v: z.literal(1),
      component: z.string().min(1).max(1000),
      tip: z.string().regex(FULL_ID),
      target: z.string().min(1).max(1000),
      title: z.string().max(255),
    }),
  );
}

const MARKER_NAME = 'adopt';

export function titleFor({ titlePrefix }: Pick<Settings, 'titlePrefix'>): SafeText {
  return title(`${titlePrefix}${TITLE}`);
}

export function commitMessageFor(
  { path, version }: Component,
  { how }: Pick<Edited, 'how'>,
  { titlePrefix, ciSkip }: Pick<Settings, 'titlePrefix' | 'ciSkip'>,
): SafeText {
  const what = how === 'file' ? `Adds ${CI_FILE} with an include of` : 'Includes';
  const body = `${what} the component ${path}, version ${version}.`;
  return commitMessage(`${titlePrefix}${TITLE}`, body, { skipCi: ciSkip });
}

export interface Described {
  readonly settings: Settings;
  readonly policy: RenderPolicy;
  readonly edit: Edited;
  /** Where the team says what it wants, or would. */
  readonly teamFile: string;
  /** Whether people can reply there. */
  readonly hasComments: boolean;
}

/** @param known the description it has, of which people's own words stay. */
export function descriptionFor(
  { settings, policy, edit, teamFile, hasComments }: Described,
  marker: AdoptMarker,
  known = '',
): SafeText {
  const [topic] = settings.optOutTopics;
  const ways = [
    ...(topic === undefined || !hasComments ? [] : [md`the project topic ${code(topic)}`]),
    ...(settings.teamMaySet.includes('enabled') ? [md`${code('enabled: false')} in ${code(teamFile)}`] : []),
  ];
  const blocks = [
    paragraph(
      md`This adds one include to ${code(CI_FILE)}: every later merge request of this project is then reviewed by a job of its own, which compares it with what the repository and its rules say. Nothing else of the file changes.`,
    ),
    codeBlock(`include:\n  - component: ${marker.component}`, 'yaml'),
    paragraph(WHAT_CHANGES[edit.how]()),
    ...(edit.how === 'file'
      ? [
          heading(3, md`What a first ${code(CI_FILE)} starts`),
          bullets([
            md`Merge requests of this project get a pipeline from now on, with the job of this component in it; other pushes start none by it.`,
            md`Auto DevOps, where it is on, stops: GitLab uses it only for projects without such a file.`,
            md`Where the settings of the project (Settings, CI/CD, General pipelines) name another CI file, this one is not read: then close this, and add the include there.`,
          ]),
        ]
      : [
          paragraph(
            settings.ciSkip
              ? md`No pipeline runs for this commit, as the organisation wants it; the first one after the merge shows that all fits together.`
              : md`The pipeline of this merge request shows that all fits together. Where ${code('workflow: rules')} of this project keep merge requests without pipelines, the review does not run.`,
          ),
        ]),
    heading(3, md`What happens next`),
    paragraph(
      hasComments
        ? md`Commit to its branch, and it is yours: it is left alone from then on. Close it, and no other follows, unless somebody replies ${code('agentsmd: try again')} here.`
        : md`Commit to its branch, and it is yours: it is left alone from then on. Close it, and no other follows.`,
    ),
    ...(ways.length === 0
      ? []
      : [paragraph(md`To opt out of everything: ${ways.reduce((all, way) => md`${all}, or ${way}`)}.`)]),
  ];
  return ownDescription(policy, blocks, { name: MARKER_NAME, data: marker }, known);
}

const WHAT_CHANGES = {
  item: () => md`The project has a list of includes already: this is one more item of it.`,
  list: () => md`The project has one include already: it becomes the first item of a list, and this one the second.`,
  first: () => md`The project has no other include.`,
  file: () => md`The project has no such file yet.`,
} as const;
