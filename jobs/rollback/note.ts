import { code, md, note, paragraph, type SafeText } from '../../forge/render/index.ts';

/** Why a merge request is closed that nobody of the team closed. */
export function rolledBackText(instance: string): SafeText {
  return note({ instance, hosts: [] }, [
    paragraph(
      md`This came with a run that was taken back as a whole, so I close it; nobody had touched it yet. The same is not proposed again, unless somebody says ${code('agentsmd: try again')} here.`,
    ),
  ]);
}
