import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from './api.ts';
import { git, NOWHERE } from './git.ts';
import { mayPushTo, pushRuleBroken } from './push-check.ts';
import type { Project, RefChange } from './state.ts';
import type { World } from './world.ts';

/** What a push asks for: gitprotocol-pack(5), "Reference Update Request". */
export interface Push {
  readonly refs: readonly { readonly ref: string; readonly before: string; readonly after: string }[];
  readonly capabilities: readonly string[];
  readonly pack: Uint8Array;
}

export function parsePush(body: Buffer): Push {
  const refs: { ref: string; before: string; after: string }[] = [];
  let capabilities: string[] = [];
  let at = 0;
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (length < 4) {
      at += 4;
      break;
    }
    const [command = '', given] = body
      .toString('utf8', at + 4, at + length)
      .trimEnd()
      .split('\0');
    if (given !== undefined) capabilities = given.trim().split(' ');
    const [before = '', after = '', ref = ''] = command.split(' ');
    if (ref) refs.push({ before, after, ref });
    at += length;
  }
  return { refs, capabilities, pack: body.subarray(at) };
}

/** The branches among them. */
export function branchChanges(push: Push): RefChange[] {
  return push.refs
    .filter(({ ref }) => ref.startsWith('refs/heads/'))
    .map(({ ref, before, after }) => ({ branch: ref.slice('refs/heads/'.length), before, after }));
}

/** What GitLab has against the push, in its words; `undefined` for nothing. */
export async function pushRefused(
  world: World,
  actor: Actor,
  project: Project,
  push: Push,
): Promise<string | undefined> {
  for (const change of branchChanges(push)) {
    const deletes = change.after === NOWHERE;
    if (deletes && change.branch === project.defaultBranch && world.rule('default-branch-stays')) {
      return 'The default branch of a project cannot be deleted.';
    }
    if (!mayPushTo(world, actor, project, change.branch)) {
      return 'You are not allowed to push code to protected branches on this project.';
    }
  }
  if (Object.keys(project.pushRules).length === 0) return undefined;
  return inQuarantine(project, push.pack, async (env) => {
    for (const change of branchChanges(push)) {
      const broken = await pushRuleBroken(world, project, change, env);
      if (broken) return broken;
    }
    return undefined;
  });
}

/** Unpacks beside the repository, so that what is refused leaves nothing behind. */
async function inQuarantine<T>(
  project: Project,
  pack: Uint8Array,
  judge: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const objects = await mkdtemp(`${project.gitDir}-incoming-`);
  try {
    await mkdir(join(objects, 'pack'));
    const env = {
      GIT_OBJECT_DIRECTORY: objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(project.gitDir, 'objects'),
    };
    if (pack.length > 0) await git(project.gitDir, ['unpack-objects', '-q'], { input: pack, env });
    return await judge(env);
  } finally {
    await rm(objects, { recursive: true, force: true });
  }
}

/** The answer to a push of which nothing was taken: gitprotocol-pack(5), "Report Status". */
export function refusal(push: Push, reason: string): Buffer {
  const lines = ['unpack ok\n', ...push.refs.map(({ ref }) => `ng ${ref} pre-receive hook declined\n`)];
  const report = Buffer.concat([...lines.map((line) => packet(Buffer.from(line))), FLUSH]);
  if (!push.capabilities.includes('side-band-64k')) return report;
  const said = packet(Buffer.concat([Buffer.of(2), Buffer.from(`GitLab: ${reason}\n`)]));
  return Buffer.concat([said, packet(Buffer.concat([Buffer.of(1), report])), FLUSH]);
}

const FLUSH = Buffer.from('0000');

function packet(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, '0')), content]);
}
