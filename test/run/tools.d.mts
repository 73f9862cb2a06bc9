interface Places {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
}

export const sopsVersion: string;
export function findSops(places?: Places): Promise<string | undefined>;
export function findAge(places?: Pick<Places, 'env'>): Promise<string | undefined>;
