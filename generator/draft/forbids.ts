import { generatedBy } from '../generated-paths.ts';
import { type Claim, holdsName } from './claim.ts';
import type { Ground } from './ground.ts';
import { isKeptByPipeline } from './pipelines.ts';
import { pathsOf, soughtFor } from './span-gates.ts';

const FORBIDS = /\b(?:never|not|don['’]t|cannot|must|only|no|without|avoid)\b/i;
/** What a program or a file does, said of it: nobody is told to do it. */
const DOES = '(?:runs|makes|reads|writes|reaches|finds|applies|takes|holds|gets|says|works)';
/** Words that would forbid, where they only say what something does. */
const DESCRIBES: readonly RegExp[] = [
  // `pnpm test` runs `test-unit` only; a file runs only when a step names it; `make it` only reads.
  new RegExp(String.raw`(?<=¤ |\p{L} )(?:${DOES}(?: ¤| \p{L}+){0,3} only|only ${DOES})\b`, 'giu'),
  // Browsers that are not secure; keys that it does not name; a field that is only there; a test is found only when it is listed.
  /\b(?:that|which|who|where|because|since|if|unless) (?:\p{L}+ |¤ )?(?:is|are|was|were|does|has|have) (?:not|only)\b/giu,
  /\b(?:is|are) \p{L}+ only (?:when|where|if)\b/giu,
  // Without one no job runs them; without it the record is passed on.
  new RegExp(String.raw`\bwithout (?:it|one|them|that),? (?:no \p{L}+ ${DOES}|(?:the|an?|its) \p{L}+)\b`, 'giu'),
];
/** Tests run what is built, not the sources. `Run what is built, not the sources` is told to somebody. */
const CONTRAST =
  /(?<=(?:^|[.;:] )(?:(?:an?|the|each|every|all) |¤|\p{Lu}\p{L}*[^s\W]s )[^.;:]*), not (?:(?:by|from|with) )?(?:(?:the|an?) )?(?!to\b)[\p{L}-]+/giu;

/** How files say that something is not to be done, or is done by somebody else. */
const SAYS_SO =
  /\b(?:never|not|don['’]?t|cannot|must|only|no|without|avoid|forbid\w*|disallow\w*|restrict\w*|deny|error|throw|generated|auto-?generated|vendored|deprecated|legacy|frozen|internal|private|read-?only|sealed|immutable|append-?only|exclud\w*|ignor\w*|fail(?:s|ed|ure)?|reject(?:s|ed)?|rather than|instead)\b|linguist-/i;
/** An option of a command, and what it is given, says what the command does, and forbids nobody anything. */
const OPTION = /(?<=^|[\s"'`[(,])--?[a-z][\w-]*(?:=\S+| (?!-)\S+)?/gi;
/** A comment speaks of the lines around it. */
const NEAR = 5;

/** Whether a bullet forbids something that none of its evidence forbids, and that no pipeline does for everybody. */
export function unforbidden(claim: Claim, ground: Ground): string | undefined {
  if (claim.section !== 'Boundaries' && !FORBIDS.test(withoutDescriptions(claim.prose))) return undefined;
  if (isForbidden(claim, ground) || isKeptByPipeline(claim, ground)) return undefined;
  const isGenerated = generatedBy(ground.facts);
  return claim.evidence.some(({ path }) => isGenerated(path)) ? undefined : 'no line of its evidence forbids anything';
}

function withoutDescriptions(prose: string): string {
  return [...DESCRIBES, CONTRAST].reduce((text, pattern) => text.replace(pattern, ' '), prose);
}

/** Whether a line says so, and is about something that the bullet names: the file it lies in, or a name on it or close to it. */
function isForbidden({ spans, evidence }: Claim, { paths, lines }: Ground): boolean {
  const names = spans.map(soughtFor);
  return evidence.some(({ path, line, quote }) => {
    if (!SAYS_SO.test(quote.replace(OPTION, ' '))) return false;
    const around = (lines(path) ?? []).slice(Math.max(0, line - 1 - NEAR), line + NEAR).join('\n');
    return (
      names.some((name) => holdsName(around, name)) ||
      spans.some((span) => pathsOf(span, paths).some((each) => path === each || path.startsWith(`${each}/`)))
    );
  });
}
