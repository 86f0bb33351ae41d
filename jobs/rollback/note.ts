import { code, md, note, paragraph, type SafeText } from '../../forge/render/index.ts';
import { isShared } from '../rollout/scope.ts';

/** Why a merge request is closed that nobody of the team closed. */
export function rolledBackText(instance: string): SafeText {
  // A folder has no place for comments.
  const asked = isShared(instance)
    ? md`somebody says ${code('agentsmd: try again')} here`
    : md`somebody asks for it with ${code('agentsmd retry')}`;
  return note({ instance, hosts: [] }, [
    paragraph(
      md`This came with a run that was taken back as a whole, so I close it; nobody had touched it yet. The same is not proposed again, unless ${asked}.`,
    ),
  ]);
}
