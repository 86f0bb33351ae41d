import { LINTS, lintCodex } from '../../codex/lint/index.ts';
import type { Lint, LintFinding } from '../../codex/lint/lint.ts';
import { loadCodexFiles } from '../../codex/load.ts';
import { codeQuality } from '../code-quality.ts';
import { codexArgument, pathPrefix } from '../codex-folder.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { lintSummary, lintsText, lintText } from '../lint-text.ts';
import { printableJson } from '../printable.ts';
import { type SarifFinding, type SarifRule, sarif } from '../sarif.ts';
import { homepage, version } from '../version.ts';

type Format = 'text' | 'json' | 'sarif' | 'code-quality';

/** Finds what is wrong with a codex itself. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const format = formatOf(input);
  if (input.flag('list')) {
    if (format === 'json') out.document({ schema: 'agentsmd/codex-lints/1', lints: LINTS.map(described) });
    else out.result(lintsText(LINTS));
    return 0;
  }
  const source = await codexArgument(input);
  const files = await loadCodexFiles(source, { brokenLedger: 'problem' });
  const findings = await lintCodex(files, {
    today: new Date().toISOString().slice(0, 10),
    progress: (done, of) => out.progress(`${done} of ${of} rules proven`),
  });
  const rules = files.read.length;
  if (format === 'json') {
    const { origin, revision } = files.codex;
    out.document({ schema: 'agentsmd/codex-lint/1', codex: origin, revision, rules, findings });
  } else if (format === 'text') out.result(lintText(findings, pathPrefix(source), out.style));
  else out.result(printableJson(report(format, findings, pathPrefix(source))));
  out.note(lintSummary(findings, rules, files.codex.origin));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
};

function formatOf(input: CommandInput): Format {
  const format = input.text('format') as Format | undefined;
  if (input.json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return input.json ? 'json' : (format ?? 'text');
}

function described({ id, name, severity, title, why }: Lint): object {
  return { id, name, severity, title, why };
}

/** With paths from the current folder: in a pipeline that is the root of the repository. */
function report(format: 'sarif' | 'code-quality', findings: readonly LintFinding[], prefix: string): object {
  const told = findings.map(
    ({ lint, file, line, severity, message }): SarifFinding => ({
      rule: lint,
      path: `${prefix}${file}`,
      line,
      column: 1,
      severity,
      message,
      subject: message,
    }),
  );
  if (format === 'code-quality') return codeQuality(told);
  return sarif({ version: version(), home: homepage(), rules: LINTS.map(sarifRule), findings: told });
}

function sarifRule({ id, name, severity, title, why }: Lint): SarifRule {
  return { id, name, severity, title, description: `${title} ${why}`, help: { text: why, markdown: why } };
}
