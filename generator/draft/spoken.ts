/** How a line speaks to whoever drafts. What it wants said is said by whoever put it there, and not by the repository. */
const SPEAKS =
  /\b(?:AGENTS|CLAUDE|GEMINI)\.md\b|\b(?:agents?|assistants?|llms?|ai|language models?|prompts?|instructions?|bots?)\b|\b(?:ignore|disregard|forget|override)\s+(?:all|any|every\w*|the|your|previous|prior|what)\b|\byou (?:are|must|should|will|have to)\b|\b(?:print|say|repeat|reply|respond|output|write|add|include)\s*(?:exactly|only|this|the following|:)/gi;

/** Whether a line of evidence speaks to models: in its comments, strings and sentences, and not in a part of its code. */
export function speaks(line: string): boolean {
  return [...line.matchAll(SPEAKS)].some(
    ({ 0: said, index }) => !isCode(said, line, index) && !(THING.test(said) && isAlone(said, line, index)),
  );
}

/** What code has as well: a parameter `agent`, a key `prompt` or `include:`, a page `agents.md`. */
const THING =
  /^(?:[Aa]gents?|[Aa]ssistants?|llms?|ai|[Pp]rompts?|[Ii]nstructions?|[Bb]ots?|(?:include|add):|[a-z]+\.md)$/;
/** A word as sentences have it, with what may begin and end it there; a string of one word is none. */
const PLAIN = /^(?!(["'`]).*\1)["'`(]?\p{L}[\p{L}'’-]*(?:[.,:;!?]|["'`][)\]};,]*)?$/u;
/** Next to a word, of those before and after it together: with fewer of them nothing is said. */
const FEWEST_WORDS = 2;

/** Whether a word stands by itself in code, `agent` in `(%Agent{} = agent, effects)`: there is no sentence around it. */
function isAlone(said: string, line: string, at: number): boolean {
  const before = line.slice(0, at).replace(/\S+$/, '').trim().split(/\s+/).toReversed();
  const after = line
    .slice(at + said.length)
    .replace(/^\S+/, '')
    .trim()
    .split(/\s+/);
  const words = [before, after].map((all) => {
    const end = all.findIndex((word) => !PLAIN.test(word));
    return end === -1 ? all.length : end;
  });
  return words[0]! + words[1]! < FEWEST_WORDS;
}

/** Where a word of code ends; what a comment or a string says begins anew. */
const BREAK = /\s|["'`]|\/\/|\/\*|<!--|#/;
/** A sign between two words. In sentences there is at most one kind of it in a row: `and/or`, `well-known`, `Note:this`. */
const JOINT = /(?<=[\p{L}\p{N}_)\]}])[^\p{L}\p{N}_\s]+(?=[\p{L}\p{N}_])/gu;
const JOINTS_OF_PROSE = /^[-/:,;'’]$/;

/**
 * Whether what was said is the beginning or the middle of a longer word of code, `output:` in `output:crd:dir=config/crd` or `agent`
 * in `self.agent.run(task)`. What ends in a word of its own counts as said: whoever wants to be heard writes it so.
 */
function isCode(said: string, line: string, at: number): boolean {
  if (/\s/.test(said)) return false;
  const [rest = ''] = line.slice(at + said.length).split(BREAK, 1);
  if (!/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]/u.test(rest) || /\.md$/i.test(said)) return false;
  const before = line.slice(0, at).split(new RegExp(BREAK, 'g')).at(-1) ?? '';
  const joints = [...`${before}${said}${rest}`.matchAll(JOINT)].map(([joint]) => joint);
  return joints.length > 1 && joints.some((joint) => !JOINTS_OF_PROSE.test(joint));
}
