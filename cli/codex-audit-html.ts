import type { AuditChange } from '../codex/audit/baseline.ts';
import type { Audit, RuleAudit, Verdict, Vote } from '../codex/audit/verdict.ts';
import { type Html, html, page } from '../forge/render/html/page.ts';
import { auditSummary, CHANGES, changeText, ORDER, placeOf, voteText, withVerdict } from './codex-audit-text.ts';

const CLASSES: Readonly<Record<Verdict, string>> = {
  'NON-COMPLIANT': 'bad',
  PARTIAL: 'fair',
  COMPLIANT: 'good',
  'NOT-APPLICABLE': 'none',
  'NOT-CHECKED': 'none',
};

/** An audit as a page that stands alone. */
export function auditHtml(audit: Audit, changes: readonly AuditChange[]): string {
  const { repository, commit, worktree, codex, rules, problems } = audit;
  return page(
    `Audit of ${repository}`,
    html`<h1>Audit of ${repository}</h1>
<p class="dim">At <code>${commit ?? 'no commit'}</code>${worktree ? ', its working tree' : ''}, by the codex ${codex.origin} (<code>${codex.revision}</code>).</p>
<ul class="tiles">${ORDER.map((verdict) => tile(verdict, rules))}</ul>
<p>${auditSummary(audit)}.</p>
${changes.length === 0 ? [] : [changesSection(changes)]}
${problems.length === 0 ? [] : [problemsSection(problems)]}
${ORDER.map((verdict) => section(verdict, rules))}`,
  );
}

function tile(verdict: Verdict, rules: readonly RuleAudit[]): Html {
  return html`<li class="${CLASSES[verdict]}"><b>${rules.filter((rule) => rule.verdict === verdict).length}</b>${verdict}</li>`;
}

function changesSection(changes: readonly AuditChange[]): Html {
  const rows = changes.map(
    (change) =>
      html`<tr><td>${CHANGES[change.kind]}</td><td><code>${change.rule}</code></td><td>${changeText(change)}</td></tr>`,
  );
  return html`<h2>Since the baseline</h2>
<div class="wide"><table><thead><tr><th>what</th><th>rule</th><th>verdict</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function problemsSection(problems: Audit['problems']): Html {
  const items = problems.map(
    ({ path, line, message }) => html`<li><code>${path}${line === undefined ? '' : `:${line}`}</code>: ${message}</li>`,
  );
  return html`<h2>Rules that cannot be read</h2><ul>${items}</ul>`;
}

function section(verdict: Verdict, rules: readonly RuleAudit[]): Html {
  const said = withVerdict(verdict, rules);
  if (said.length === 0) return html``;
  if (verdict === 'NOT-APPLICABLE') return html`<h2>${verdict}</h2>${elsewhere(said)}`;
  const isOpen = verdict === 'NON-COMPLIANT' || verdict === 'PARTIAL';
  const shown = said.map((rule) =>
    isOpen ? html`<details open>${rulePart(rule)}</details>` : html`<details>${rulePart(rule)}</details>`,
  );
  return html`<h2>${verdict}</h2>${shown}`;
}

/** Rules for others: so many that each is a line only. */
function elsewhere(rules: readonly RuleAudit[]): Html {
  const rows = rules.map(
    ({ rule, rev, title, reason }) =>
      html`<tr><td><code>${rule}@${rev}</code></td><td>${prose(title)}</td><td>${reason}</td></tr>`,
  );
  const number = `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}, and why not`;
  return html`<details><summary>${number}</summary>
<div class="wide"><table><thead><tr><th>rule</th><th>title</th><th>because</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function rulePart(said: RuleAudit): Html {
  const { rule, rev, level, status, title, verdict, reason, evidence, votes = [] } = said;
  const places = evidence.map((each) => {
    const quote = each.quote === '' ? [] : [html`<pre>${each.quote}</pre>`];
    return html`<li><code>${placeOf(each)}</code>${each.note === '' ? '' : ': '}${each.note}${quote}</li>`;
  });
  return html`<summary><span class="badge ${CLASSES[verdict]}">${verdict}</span> <b>${rule}@${rev}</b> <span class="dim">${level}, ${status}</span> ${prose(title)}</summary>
<p>${reason}</p>
${places.length === 0 ? [] : [html`<ul>${places}</ul>`]}
${toDo(said)}
${votes.length === 0 ? [] : [votesTable(votes)]}`;
}

/** Models say steps; a rule says what it asks for, and then why. */
function toDo({ by, steps }: RuleAudit): readonly Html[] {
  const [first, ...more] = steps;
  if (first === undefined) return [];
  if (by === 'models')
    return [html`<p><b>To do:</b></p><ol>${steps.map((step) => html`<li>${prose(step)}</li>`)}</ol>`];
  return [html`<p><b>To do:</b> ${prose(first)}</p>`, ...more.map((each) => html`<p class="dim">${prose(each)}</p>`)];
}

/** A sentence with its code set as such. */
function prose(text: string): readonly Html[] {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

function votesTable(votes: readonly Vote[]): Html {
  const rows = votes.map(
    (vote) => html`<tr><td>${vote.role}</td><td>${voteText(vote)}</td><td>${vote.reason}</td></tr>`,
  );
  return html`<div class="wide"><table><thead><tr><th>role</th><th>says</th><th>because</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
