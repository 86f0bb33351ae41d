/** A line that fetches what developers need, not one that puts the program where users find it. */
export const INSTALLS =
  /\b(?:npm|pnpm|yarn|bun) (?:ci|install|i)\b|\bpip3? install (?:-e|-r|--editable|--requirement|\.)|\b(?:poetry|pdm|bundle|composer|pre-commit) install\b|\buv sync\b|\bgo mod download\b|\bcargo fetch\b/;
