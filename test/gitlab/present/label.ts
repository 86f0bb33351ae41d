import type { Project } from '../state.ts';

/** Of lib/api/entities/project_label.rb. Their numbers follow from the project's, so that nothing more is kept of them. */
export function presentLabels(project: Project, titles: readonly string[]) {
  return titles.map((name) => ({
    id: project.id * 1000 + project.labels.indexOf(name) + 1,
    name,
    description: null,
    description_html: '',
    text_color: '#FFFFFF',
    color: '#6699cc',
    archived: false,
  }));
}
