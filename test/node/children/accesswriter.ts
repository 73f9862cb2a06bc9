// Writes records to an access log: node --import tsx accesswriter.ts FOLDER COUNT
import { appendRecord } from '../../../src/node/access/append.ts';

async function write(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await appendRecord(folder, { purpose: 'copy', key: `${process.pid} ${i}`, by: 'child' }, new Date());
    if (i === 20) process.stdout.write('written\n');
  }
}

const [folder = '', count = '0'] = process.argv.slice(2);
void write(folder, Number(count));
