export interface Stage {
  readonly name: string;
  readonly files?: readonly string[];
  /** The variable that asks for a stage which does not run otherwise. */
  readonly asked?: string;
}
export const stages: readonly Stage[];
export function filesOf(stage: Stage): string[];
