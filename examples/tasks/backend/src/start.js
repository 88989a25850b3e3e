// The first step of each process.

import { readSettings, SettingsError } from './settings.js';

/** Return the settings. If they are invalid, print the errors and exit with code 2. */
export function settingsOrExit() {
  try {
    return readSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const message of error.message.split('\n')) {
      console.error(JSON.stringify({ level: 'error', message }));
    }
    process.exit(2);
  }
}
