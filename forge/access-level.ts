/** GitLab's levels of membership. `none`: no member; `unknown`: the forge did not say. */
export type AccessLevel =
  | 'unknown'
  | 'none'
  | 'minimal'
  | 'guest'
  | 'planner'
  | 'reporter'
  | 'developer'
  | 'maintainer'
  | 'owner';
