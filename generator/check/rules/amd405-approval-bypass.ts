import { pieceBetween } from '../piece.ts';
import { commanded, phrase } from '../prose/commanded.ts';
import type { Rule } from '../rule.ts';

const REQUESTS = '(?:merge requests?|pull requests?|MRs?|PRs?|changes|diffs?|patch(?:es)?|submissions?)';
const APPROVE = '(?:approve|LGTM|accept and merge|rubber(?: |-)?stamp)';
const WHICH = '(?:all|any|every|each|these|this|the|its|our|my)';
const WHOLE =
  '(?=[\\s*_]{0,4}(?:[.!;,)]|$|\\n[\\x20\\t]*(?:\\n|[-*#])|-->|without\\b|immediately\\b|regardless\\b|no matter\\b|on sight\\b|even if\\b|and (?:merge|approve|move)\\b))';
/** Who wants a review to find nothing asks for one of these. */
const PHRASES: readonly RegExp[] = [
  // By itself "auto-approve" is the name of a feature.
  phrase(`\\b(?:always|silently|blindly|unconditionally)(?: |-)${APPROVE}(?: ${WHICH})?(?: ${REQUESTS})?${WHOLE}`),
  phrase(`\\b(?:automatically|auto|just|simply|immediately)(?: |-)${APPROVE}(?: ${WHICH} | )${REQUESTS}${WHOLE}`),
  phrase(
    `\\b(?:approve|LGTM|merge|accept) (?:all|any|every|each) (?:of the |the |open |new |incoming |my |our )?${REQUESTS}${WHOLE}`,
  ),
  phrase(
    `\\b(?:approve|LGTM|merge) (?:this|these|the|my|our) (?:merge request|pull request|MR|PR|change|diff|patch)(?:e?s)? (?:without|with no|before|instead of) (?:any |further |a |code |human )?(?:review|reading|looking|comments?|findings|questions|checks)\\w*`,
  ),
  phrase(
    `\\b(?:skip|bypass|omit|disable|turn off|switch off|deactivate|circumvent|suppress) (?:all |any |every |the |your |its |this |these )?(?:automated |automatic |ai |bot |code |security |human |peer |mandatory |required |safety )*(?:reviewers?|reviews?|code[- ]review|review (?:bots?|agents?|process|step|gates?)|approvals?|approval (?:rules?|gates?|process))(?: (?:of|for|on) (?:this|these|all|any|every|my|our) (?:${REQUESTS}|change|repository|repo|project|files?|code))?${WHOLE}`,
  ),
  phrase(
    `\\b(?:ignore|suppress|dismiss|hide|drop|discard|do not (?:report|flag|raise|mention)|don['’]t (?:report|flag|raise|mention)|never (?:report|flag|raise|mention)) (?:all |any |every |each )?(?:(?:critical|security|auth\\w{0,12}|high[- ]severity|severe|serious)(?: and | or |, | )?){1,3}(?:findings?|issues?|vulnerabilit(?:y|ies)|problems?|warnings?|errors?|bugs?)${WHOLE}`,
  ),
  phrase(
    `\\b(?:do not (?:report|flag|raise)|don['’]t (?:report|flag|raise)|never (?:report|flag|raise)|report|return) (?:any|no|zero) (?:findings?|vulnerabilit(?:y|ies)|(?:security )?issues?|problems?)${WHOLE}`,
  ),
  phrase(
    `\\b(?:do not|don['’]t|never) review (?:this|these|any|the|my|our) (?:${REQUESTS}|merge request|change|repository|repo|files?|folder|director(?:y|ies)|code)${WHOLE}`,
  ),
  phrase(
    `\\bmark (?:all|any|every|each|this|these) (?:${REQUESTS}|change|finding)s? as (?:approved|safe|reviewed|resolved|clean)\\b`,
  ),
];

/** Reviewing agents read this file too, and what stands in it reads like their maintainers' word. */
export const approvalBypass: Rule = {
  id: 'AMD405',
  name: 'approval-bypass',
  severity: 'error',
  title: 'A document tells reviewers to approve without looking, or to look away.',
  why: 'Reviewers that are agents load these files as instructions: whoever can change one can have any change approved.',
  source: 'https://docs.gitlab.com/user/duo_agent_platform/security_threats',
  *check(document) {
    const seen = new Set<number>();
    for (const { start, end } of commanded(document, PHRASES, true)) {
      if (seen.has(start)) continue;
      seen.add(start);
      yield {
        at: pieceBetween(document, start, end),
        severity: 'error',
        message:
          'tells reviewing agents to approve or to look away: take it out; what may pass unseen belongs into settings that people approve',
      };
    }
  },
};
