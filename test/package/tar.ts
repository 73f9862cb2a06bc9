/** The files of an uncompressed tar by their names; enough for what npm packs. */
export function readTar(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const text = (from: number, length: number) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    const prefix = text(345, 155);
    const body = tar.subarray(at + 512, at + 512 + size);
    if (text(156, 1) === '0' || text(156, 1) === '') files.set((prefix ? `${prefix}/` : '') + text(0, 100), body);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
