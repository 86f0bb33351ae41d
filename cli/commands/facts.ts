import { analyze } from '../../facts/index.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { factsText } from '../facts-text.ts';
import { openTarget } from '../open-target.ts';
import { warnOfProblems } from '../problems.ts';

/** Prints what is true of a repository. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const { values } = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const reader = await openTarget(input, values);
  try {
    const facts = await analyze(reader, { agentDocs: input.flag('agentDocs') });
    if (out.json) {
      out.document(facts);
      return 0;
    }
    out.result(factsText(facts, out.style));
    if (facts.facts.length === 0) out.note('nothing was found that says how this repository is worked on');
    warnOfProblems(facts.problems, out);
    return 0;
  } finally {
    await reader.close();
  }
};
