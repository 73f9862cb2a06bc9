/** Secrets managers that a value may refer to: what people call them, the program that reads them, and how somebody signs in there. */
export const managers = {
  op: { name: '1Password', scheme: 'op://', program: 'op', signIn: 'op signin', byHand: 'op read' },
  vault: {
    name: 'HashiCorp Vault',
    scheme: 'vault://',
    program: 'vault',
    signIn: 'vault login',
    byHand: 'vault kv get',
  },
  'aws-sm': {
    name: 'AWS Secrets Manager',
    scheme: 'aws-sm://',
    program: 'aws',
    signIn: 'aws sso login',
    byHand: 'aws secretsmanager get-secret-value',
  },
  'gcp-sm': {
    name: 'Google Secret Manager',
    scheme: 'gcp-sm://',
    program: 'gcloud',
    signIn: 'gcloud auth login',
    byHand: 'gcloud secrets versions access',
  },
  'azure-kv': {
    name: 'Azure Key Vault',
    scheme: 'azure-kv://',
    program: 'az',
    signIn: 'az login',
    byHand: 'az keyvault secret show',
  },
  bw: { name: 'Bitwarden', scheme: 'bw://', program: 'bw', signIn: 'bw unlock', byHand: 'bw get item' },
  vals: { name: 'vals', scheme: 'ref+', program: 'vals', signIn: 'vals', byHand: 'vals get' },
} as const;

export type Manager = keyof typeof managers;

/** All of them, in the order of the table. */
export const managerKinds = Object.keys(managers) as readonly Manager[];
