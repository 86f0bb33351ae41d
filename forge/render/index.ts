/**
 * The renderer of text for GitLab: every title, description, comment, suggestion and commit message goes through it.
 *
 * Foreign text (of a repository, a merge request, a model) is data. A builder says where it stands, and it is made harmless
 * for that place; the result is looked at again by a gate (`assertSafe`) that parses it and refuses what is not listed.
 *
 * | what foreign text may try | what becomes of it |
 * |---|---|
 * | quick actions | prose: a code span; code: no line of ours begins with `/`, fences stand one space in |
 * | mentions, references, commits, issue keys, addresses, images, HTML, formulas, macros, includes, `%{…}` | prose: only words that can mean nothing else stay, the rest is a code span; titles and commit messages: a space inside |
 * | words that close an issue, in code too | a no-break space before the issue |
 * | fences, pipes, headings, definitions, footnotes, front matter | cannot begin: code spans and fences are longer than any run inside |
 * | hidden characters, terminal sequences, carriage returns, NUL | taken away; a suggestion with them is refused, for it is committed as it is |
 * | secrets | masked but for what says their kind; a suggestion with one is refused |
 * | links | http(s) without user to the instance's files and the listed hosts, no `]:` in the label; else the label alone |
 * | markers (`<!-- agentsmd:… -->`) | only `marker` writes a line that `markersIn` reads; who wrote the text is for the reader to check |
 * | drafts, `[skip ci]`, trailers | only by an option of ours |
 * | length | a limit for each piece and for the whole, said in the text; what is cut is made harmless again |
 *
 * Left alone: emoji and their names (`:x:` is a code span by its colons), bare numbers of seven digits in titles, issue keys
 * in code (GitLab for Jira links every key in the raw description: lib/atlassian/jira_issue_key_extractor.rb).
 */
export { type Block, bullets, details, heading, paragraph, quote, table } from './block.ts';
export { codeBlock, suggestion } from './code-block.ts';
export { assertSafe, type GatePolicy } from './gate.ts';
export { code, type Inline, link, md, mention, reference, text } from './inline.ts';
export { between } from './kept.ts';
export { marker, markersIn } from './marker.ts';
export { note } from './note.ts';
export { commitMessage, label, plainText, title } from './plain.ts';
export type { RenderPolicy } from './policy.ts';
export type { SafeText } from './safe-text.ts';
export { UnsafeTextError } from './unsafe-text.ts';
