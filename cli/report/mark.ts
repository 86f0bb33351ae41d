import { html } from '../../forge/render/html/page.ts';

/** Stands in every page that we wrote, so that no other file is replaced by one. */
export const MARK = html`<!-- agentsmd report -->`;
