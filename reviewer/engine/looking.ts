import type { ToolForm } from '../../models/call.ts';
import type { Tool } from '../../models/port.ts';
import { jsonSchemaOf } from '../../models/structured.ts';
import { openCommitTools, openPatches, openReaderTools, openTools } from '../../models/tools/index.ts';
import type { EngineSettings } from './port.ts';

/** The tools that questions may have, run where the repository is. Whoever opens them closes them. */
export interface Looking {
  readonly tools: ReadonlyMap<string, Tool>;
  /** What models are told of them. */
  readonly forms: readonly ToolForm[];
  close(): Promise<void>;
}

/** @throws RepositoryError where there is no such repository, folder or commit, or the patches cannot be read. */
export async function openLooking({ sees, patches }: Pick<EngineSettings, 'sees' | 'patches'>): Promise<Looking> {
  const { tools, close } = await toolsFor(sees);
  try {
    const all = [...tools, ...(patches === null ? [] : [await openPatches(patches)])];
    const forms = all.map(async ({ name, description, input }) => ({
      name,
      description,
      schema: await jsonSchemaOf(input),
    }));
    return { tools: new Map(all.map((tool) => [tool.name, tool])), forms: await Promise.all(forms), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function toolsFor(sees: EngineSettings['sees']) {
  if ('repo' in sees) return await openCommitTools(sees);
  const tools = 'folder' in sees ? await openTools({ root: sees.folder }) : await openReaderTools(sees.reader);
  return { tools, close: async () => {} };
}
