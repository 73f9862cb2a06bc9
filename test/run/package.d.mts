export function packFolder(folder: string, file: string): Promise<void>;
export function packageExtension(file?: string): Promise<string>;
