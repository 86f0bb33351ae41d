import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import { isNegated, isWrong } from '../../documents/negation.ts';
import { spansOf } from '../../documents/spans.ts';
import type { Found, Rule } from '../rule.ts';

interface Danger {
  readonly severity: Found['severity'];
  readonly message: string;
}

/** Agents run what stands here, without a hand that hesitates. */
export const destructiveCommand: Rule = {
  id: 'AMD206',
  name: 'destructive-command',
  severity: 'error',
  title:
    'A document tells to run a command that destroys what cannot be brought back, or that runs code from anywhere.',
  why: 'Agents run documented commands as they stand and with the rights of the person who started them.',
  source:
    'https://github.com/OWASP/www-project-top-10-for-large-language-model-applications/blob/main/2_0_vulns/LLM06_ExcessiveAgency.md',
  *check(document) {
    for (const command of commandsOf(document)) {
      if (command.negated || isCautious(command)) continue;
      const danger = dangerOf(command);
      if (danger) yield { at: command.piece, ...danger };
    }
    for (const span of spansOf(document)) {
      if ((span.kind !== 'code' && span.kind !== 'block') || span.text.length > LONGEST) continue;
      const piped = PIPED_SHELL.exec(span.text);
      if (!piped || (span.kind === 'block' ? isWrong(span.place) : isNegated(span.place))) continue;
      if (KNOWN_INSTALLERS.test(piped.groups!.host!)) continue;
      yield {
        at: span,
        severity: 'warning',
        message: `this runs whatever ${piped.groups!.host} answers with: name a package with a version, or a checksum`,
      };
    }
  },
};

const LONGEST = 2000;
const PIPED_SHELL =
  /(?:curl|wget)\s[^|;&]{0,500}?https?:\/\/(?<host>[\w.-]{1,253})[^|;]{0,500}\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:ba|z|da|k)?sh\b/;
/** Installers that their makers document in this very form. */
const KNOWN_INSTALLERS =
  /^(?:sh\.rustup\.rs|(?:[\w-]+\.)*rust-lang\.org|astral\.sh|get\.docker\.com|bun\.(?:sh|com)|deno\.land|get\.pnpm\.io|get\.volta\.sh|fnm\.vercel\.app|get\.sdkman\.io|get-ghcup\.haskell\.org|mise\.run|mise\.jdx\.dev|starship\.rs|install\.python-poetry\.org|pixi\.sh|pdm-project\.org|get\.nexte\.st|(?:install\.)?determinate\.systems|nixos\.org|releases\.nixos\.org|get\.helm\.sh|get\.k3s\.io|get\.opentofu\.org|apt\.llvm\.org|elixir-lang\.org|moonrepo\.dev|proto\.dev|taskfile\.dev|just\.systems|raw\.githubusercontent\.com|github\.com|gitlab\.com|get\.gravitational\.com|cli\.github\.com|get\.anchore\.io|dot\.net|dl\.google\.com|sdk\.cloud\.google\.com|foundry\.paradigm\.xyz|localhost)$/;

/** Everything, or everything of one person. */
const EVERYTHING =
  /^(?:\/|\/\*|\/\.|~|~\/|~\/\*|\$HOME\/?\*?|\$\{HOME\}\/?\*?|\/(?:etc|usr|var|home|Users|bin|lib|boot|opt)(?:\/\*?)?|--no-preserve-root)$/;
const MAIN = /^(?:\+?(?:HEAD:)?(?:refs\/heads\/)?)(?:main|master|trunk|production|prod|release)$/;

function dangerOf({ words: all }: SaidCommand): Danger | undefined {
  const words = all[0] === 'sudo' ? all.slice(1) : all;
  const [program = '', ...rest] = words;
  const flags = rest.filter((word) => word.startsWith('-'));
  if (program === 'rm') {
    const recursive = flags.some((flag) => /^-[a-zA-Z]*[rR]|^--recursive$/.test(flag));
    if (recursive && rest.some((word) => EVERYTHING.test(word)))
      return {
        severity: 'error',
        message: 'this deletes the whole machine or home folder: name the folder that is meant',
      };
  }
  if (program === 'git' && rest[0] === 'push') return pushDanger(rest.slice(1));
  if (program === 'dd' && rest.some((word) => /^of=\/dev\/(?:sd|nvme|hd|disk|mmcblk)/.test(word)))
    return { severity: 'error', message: 'this overwrites a disk: take it out' };
  if (/^mkfs(?:\.\w+)?$/.test(program) && rest.some((word) => word.startsWith('/dev/')))
    return { severity: 'error', message: 'this formats a disk: take it out' };
  if (
    (program === 'chmod' || program === 'chown') &&
    flags.includes('-R') &&
    rest.some((word) => EVERYTHING.test(word))
  )
    return {
      severity: 'error',
      message: 'this changes the rights of the whole machine or home folder: name the folder that is meant',
    };
  if (
    /^(?:terraform|tofu|terragrunt)$/.test(program) &&
    rest.includes('destroy') &&
    flags.some((flag) => /^--?auto-approve/.test(flag))
  )
    return { severity: 'warning', message: 'this destroys infrastructure without a question: let people run it' };
  return undefined;
}

/** Without a branch it may be one's own; with a lease nobody's work is lost. */
function pushDanger(rest: readonly string[]): Danger | undefined {
  const forced = rest.some((word) => word === '--force' || /^-[a-z]*f[a-z]*$/.test(word));
  const branches = rest.filter((word) => !word.startsWith('-')).slice(1);
  if (branches.some((branch) => MAIN.test(branch)) && (forced || branches.some((branch) => branch.startsWith('+'))))
    return {
      severity: 'error',
      message: 'this overwrites what others pushed to the main branch: push to a branch and open a merge request',
    };
  if (!forced || branches.some((branch) => /[/<]/.test(branch))) return undefined;
  return {
    severity: 'warning',
    message: 'this overwrites what others pushed: use `--force-with-lease`, and name the branch',
  };
}

/** Told with a condition, or as something to ask about first. */
function isCautious({ span }: SaidCommand): boolean {
  const { before, after, around, within } = span.place;
  return /\b(?:ask|approval|permission|confirm\w*|only (?:if|when|after|with)|explicit\w*|dangerous|destructive|careful\w*|caution|warning|irreversible|last resort|deny|denied|block\w*)\b/i.test(
    within === 'code' ? around : `${before} ${after}`,
  );
}
