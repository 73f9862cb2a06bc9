import { getSecret, SecretError } from 'lockstep-secrets';

try {
  const password = await getSecret('db.password');
  console.log(`password: ${password.length} characters`);
} catch (error) {
  if (!(error instanceof SecretError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
