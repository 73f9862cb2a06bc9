/** As npm's `dotenv/config`: the variables of the default environment, or of LOCKSTEP_ENV_NAME, are in `process.env` when this has been imported. */
export {};
