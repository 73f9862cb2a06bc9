export interface Stage {
  readonly name: string;
  readonly files?: readonly string[];
}
export const stages: readonly Stage[];
export function filesOf(stage: Stage): string[];
