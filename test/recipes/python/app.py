from lockstep_secrets import SecretError, get_secret, get_secrets

try:
    password = get_secret("db.password", environment="production")
    settings = get_secrets(environment="production")
except SecretError as error:
    raise SystemExit(f"The program needs its secrets: {error}")

print("password:", len(password), "characters; variables:", ", ".join(sorted(settings)))
