export const defaultFile: string;
export function packageExtension(file?: string, from?: string): Promise<string>;
