#!/usr/bin/env node
/**
 * Where the installed program starts. No static imports, and nothing that an old Node cannot parse, so that it can say
 * which Node it needs instead of failing on syntax.
 */
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`agentsmd: needs Node.js 24 or newer, this is ${process.versions.node} (${process.execPath})\n`);
  process.exitCode = 2;
} else {
  import('./start.ts').then((start) => start.start());
}
