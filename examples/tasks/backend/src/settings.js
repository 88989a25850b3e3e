// The settings of a process, from the environment variables that environment.json declares.

import { readFileSync } from 'node:fs';

const VARIABLES = JSON.parse(readFileSync(new URL('../environment.json', import.meta.url), 'utf8'));

/** The settings are incomplete or invalid; the message names each variable, but never the value of a secret. */
export class SettingsError extends Error {
  name = 'SettingsError';
}

/**
 * Return the settings by variable name; a variable that is not set and has no default is undefined.
 *
 * @throws {SettingsError} with one line for each error.
 */
export function readSettings(environment = process.env) {
  const errors = [];
  const settings = {};
  for (const variable of VARIABLES) {
    const given = environment[variable.name];
    if (given === undefined || given === '') {
      if (variable.required) errors.push(`${variable.name}: missing. Set it: ${variable.description}`);
      settings[variable.name] = variable.default;
      continue;
    }
    try {
      settings[variable.name] = PARSERS[variable.type](given, variable);
    } catch (error) {
      const got = variable.secret ? 'a secret value' : JSON.stringify(given);
      errors.push(`${variable.name}: ${error.message} (got ${got}). ${variable.description}`);
    }
  }
  if (errors.length > 0) throw new SettingsError(errors.join('\n'));
  return Object.freeze(settings);
}

const PARSERS = {
  string(given, { minimum = 0 }) {
    if (given.length < minimum) throw new Error(`shorter than ${minimum} characters`);
    return given;
  },
  integer(given, { minimum, maximum }) {
    const number = Number(given);
    if (!Number.isInteger(number) || number < minimum || number > maximum) {
      throw new Error(`not a whole number from ${minimum} to ${maximum}`);
    }
    return number;
  },
  boolean(given) {
    if (given !== 'true' && given !== 'false') throw new Error('not true or false');
    return given === 'true';
  },
  list(given) {
    return given.split(',').map((entry) => entry.trim()).filter(Boolean);
  },
};
