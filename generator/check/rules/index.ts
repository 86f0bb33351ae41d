import type { Rule } from '../rule.ts';
import { missingPath } from './amd101-missing-path.ts';
import { staleScript } from './amd102-stale-script.ts';
import { staleTarget } from './amd103-stale-target.ts';
import { deadLink } from './amd104-dead-link.ts';
import { wrongPackageManager } from './amd105-wrong-package-manager.ts';
import { wrongTestFramework } from './amd106-wrong-test-framework.ts';
import { runtimeVersionMismatch } from './amd107-runtime-version-mismatch.ts';
import { ciClaimWithoutCi } from './amd108-ci-claim-without-ci.ts';
import { missingEnvDoc } from './amd109-missing-env-doc.ts';
import { factLedgerDrift } from './amd110-fact-ledger-drift.ts';
import { versionClaimMismatch } from './amd111-version-claim-mismatch.ts';
import { unknownVerb } from './amd112-unknown-verb.ts';
import { toolWithoutCommand } from './amd201-tool-without-command.ts';
import { noTestCommand } from './amd202-no-test-command.ts';
import { commandsTooLate } from './amd203-commands-too-late.ts';
import { noSingleTestForm } from './amd204-no-single-test-form.ts';
import { maskedExitStatus } from './amd205-masked-exit-status.ts';
import { destructiveCommand } from './amd206-destructive-command.ts';
import { tooLong } from './amd301-too-long.ts';
import { byteBudget } from './amd302-byte-budget.ts';
import { tooManyInstructions } from './amd303-too-many-instructions.ts';
import { directoryTree } from './amd304-directory-tree.ts';
import { overviewProse } from './amd305-overview-prose.ts';
import { genericFiller } from './amd306-generic-filler.ts';
import { readmeRedundancy } from './amd307-readme-redundancy.ts';
import { inferableFact } from './amd308-inferable-fact.ts';
import { lintEnforcedStyle } from './amd309-lint-enforced-style.ts';
import { lineNumbersOrHashes } from './amd310-line-numbers-or-hashes.ts';
import { absoluteOrHomePath } from './amd311-absolute-or-home-path.ts';
import { secret } from './amd401-secret.ts';
import { hiddenUnicode } from './amd402-hidden-unicode.ts';
import { injectionText } from './amd403-injection-text.ts';
import { urlCredentials } from './amd404-internal-url-with-token.ts';
import { approvalBypass } from './amd405-approval-bypass.ts';
import { unknownCodexId } from './amd501-unknown-codex-id.ts';
import { retiredCodexId } from './amd502-retired-codex-id.ts';
import { uncitedConvention } from './amd503-uncited-convention.ts';
import { inapplicableCodexId } from './amd504-inapplicable-codex-id.ts';
import { nestedConflict } from './amd601-nested-conflict.ts';
import { nestedDuplicate } from './amd602-nested-duplicate.ts';
import { shadowedByClaudeMd } from './amd603-shadowed-by-claude-md.ts';
import { siblingDivergence } from './amd604-sibling-divergence.ts';
import { overrideCommitted } from './amd605-override-committed.ts';
import { frontmatterPresent } from './amd701-frontmatter-present.ts';
import { unclosedFence } from './amd702-unclosed-fence.ts';
import { markerIntegrity } from './amd703-marker-integrity.ts';
import { stub } from './amd704-stub.ts';
import { deadDocumentLink } from './amd705-dead-document-link.ts';
import { unreadableDocument } from './amd706-unreadable-document.ts';
import { badSuppression } from './amd791-bad-suppression.ts';
import { unusedSuppression } from './amd792-unused-suppression.ts';

/** Every rule, by its ID. `docs/rules.md` lists them; a new one is a file here, its test beside it, and a line. */
export const RULES: readonly Rule[] = [
  missingPath,
  staleScript,
  staleTarget,
  deadLink,
  wrongPackageManager,
  wrongTestFramework,
  runtimeVersionMismatch,
  ciClaimWithoutCi,
  missingEnvDoc,
  factLedgerDrift,
  versionClaimMismatch,
  unknownVerb,
  toolWithoutCommand,
  noTestCommand,
  commandsTooLate,
  noSingleTestForm,
  maskedExitStatus,
  destructiveCommand,
  tooLong,
  byteBudget,
  tooManyInstructions,
  directoryTree,
  overviewProse,
  genericFiller,
  readmeRedundancy,
  inferableFact,
  lintEnforcedStyle,
  lineNumbersOrHashes,
  absoluteOrHomePath,
  secret,
  hiddenUnicode,
  injectionText,
  urlCredentials,
  approvalBypass,
  unknownCodexId,
  retiredCodexId,
  uncitedConvention,
  inapplicableCodexId,
  nestedConflict,
  nestedDuplicate,
  shadowedByClaudeMd,
  siblingDivergence,
  overrideCommitted,
  frontmatterPresent,
  unclosedFence,
  markerIntegrity,
  stub,
  deadDocumentLink,
  unreadableDocument,
  badSuppression,
  unusedSuppression,
];
