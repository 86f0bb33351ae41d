/** What may stand behind a pipe: it reads, and runs nothing. */
const READS = /^\s*(?:grep|egrep|fgrep|head|tail|sort|uniq|wc|cut|tr|cat|tee|column|jq)(?=\s|$)/;
const SHELL = /(?:^|[\s;&|(/])(?:ba|z|da|k|c|tc|fi|a)?sh(?:\.exe)?\s(?:[^;&|]*\s)?-[a-zA-Z]*c(?=\s|$)/;
const INLINE =
  /(?:^|[\s;&|(/])(?:python|node|nodejs|deno|bun|perl|ruby|lua|php|pwsh|powershell)[\d.]*(?:\s+-[^\s;&|]+)*?\s+(?:-[a-z]{0,3}[cep]|--?(?:eval|print|command|encodedcommand)(?:=\S*)?|eval)(?=[\s'"]|$)/i;
const HANDED = /(?:^|[\s;&|(/])(?:php(?:\s+-[^\s;&|]+)*?\s+-r|npx(?:\s+-[^\s;&|]+)*?\s+(?:-c|--call))(?=[\s'"=]|$)/;
const NETWORK =
  /(?:^|[\s;&|(/])(?:curl|wget|nc|ncat|netcat|socat|telnet|ssh|scp|sftp|ftp|rsync|invoke-webrequest|iwr)(?=\s|$)/i;

/** Why a command does other things than it shows, where it does: it runs what it fetches, builds or is handed. */
export function trickIn(command: string): string | undefined {
  if (command.trim() !== command) return 'it begins or ends with white space';
  if (/\$\(|`/.test(command)) return 'it puts the output of another command into itself';
  if (/<\(|>\(|<</.test(command)) return 'it makes up a file to read';
  if (/(?:^|[\s;&|(])(?:eval|exec|source|\.)(?=\s)/.test(command)) return 'it runs text, or another file, as its own';
  // "a || b" is no pipe.
  const piped = command.replaceAll('||', ';').split(/\|&?/).slice(1);
  if (!piped.every((next) => READS.test(next)))
    return 'it pipes into something else than a reader such as grep or head';
  if ([SHELL, INLINE, HANDED].some((program) => program.test(command))) return 'it holds a program of its own (-c, -e)';
  if (NETWORK.test(command)) return 'it talks to another host';
  return undefined;
}

const DROPS =
  /\b(?:ignore|disregard|forget|override|bypass)\s+(?:all|any|every|each|everything|anything|previous|prior|earlier|above|the|these|those|this|your|my|our|what)\b/i;
const TELLS =
  /\b(?:print|send|reveal|show|output|post|upload|leak|echo|dump|log|exfiltrate|disclose|tell|give|share|copy|e-?mail|forward|write|paste|commit)(?:s|ing)?\b.{0,80}\b(?:tokens?|secrets?|passwords?|passphrases?|credentials?|(?:api|private|ssh|access)[ -]?keys?|environment variables?|system prompt)\b/i;

/** Why a text is an order to whoever reads it, where it is one: beside what `agentsmd check` finds, what no bullet says. */
export function orderIn(text: string): string | undefined {
  if (DROPS.test(text)) return 'it tells agents to ignore something';
  if (TELLS.test(text)) return 'it speaks of handing out secrets';
  return undefined;
}
