import { joinPath, type PathIndex } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';

const SOURCE = /\.(?:py|js|mjs|cjs|ts|mts|rb|php|pl|sh|jl|R|exs|lua)$/;

/**
 * The file of the repository that an image starts: `CMD ["node", "server.js"]` where there is a `server.js` beside the
 * Dockerfile or at the root. What the image copies and builds is not followed.
 */
export function entryFile(
  file: SourceFile,
  paths: PathIndex,
): { readonly path: string; readonly line: number } | undefined {
  let found: { path: string; line: number } | undefined;
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    const start = text.length < 1_000 ? /^\s*(?:CMD|ENTRYPOINT)\s+(.+)$/i.exec(text)?.[1] : undefined;
    for (const word of start?.match(/[^\s"',[\]]+/g) ?? []) {
      if (!SOURCE.test(word) || /[$*]/.test(word)) continue;
      // Images put their files into a folder of their own: `/app/server.js`.
      const inside = word.replace(/^\/(?:usr\/src\/app|usr\/src|app|src|srv|code|opt\/app|workspace)\//, '');
      const path = [file.dir, ''].map((dir) => joinPath(dir, inside)).find((each) => each && paths.isFile(each));
      if (path && !inside.startsWith('/')) found = { path, line };
    }
  }
  // The last stage is the one that is shipped.
  return found;
}
