import { readTranscript } from '../../models/transcript/read.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { openCosts, sumOf } from '../models-cost.ts';
import { modelsCostText } from '../models-cost-text.ts';
import { transcriptFiles } from '../models-transcripts.ts';

/** Prints what models took, by agent and model. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const files = transcriptFiles(input.list('transcript'), loaded);
  const costs = openCosts();
  const damaged: { readonly file: string; readonly message: string }[] = [];
  for (const [at, file] of files.entries()) {
    out.progress(`reading ${at + 1} of ${files.length} transcripts`);
    try {
      for await (const event of readTranscript(file)) costs.add(event);
    } catch (error) {
      const { message } = error as Error;
      damaged.push({ file, message: message.includes(file) ? message : `${file}: ${message}` });
    }
    costs.endOfTranscript();
  }
  out.progress('');
  const rows = costs.rows();
  if (out.json)
    out.document({ schema: 'agentsmd/models-cost/1', transcripts: files.length, rows, all: sumOf(rows), damaged });
  else if (rows.length > 0) out.result(modelsCostText(rows, out.style));
  for (const { message } of damaged) out.warn(`${message}; what stands before that is counted`);
  if (files.length === 0) out.note('no transcript there');
  else if (rows.length === 0) out.note(`no call of a model in ${files.length} transcripts`);
  return damaged.length > 0 ? 1 : 0;
};
