/**
 * Helpers that an egg may ask for, and the console texts (lower case) that call for them. Pelican's daemon searches for
 * them by itself; elsewhere the console page does.
 */
export const EGG_FEATURES: Readonly<Record<string, readonly string[]>> = {
  eula: ['you need to agree to the eula in order to run the server'],
  java_version: [
    'minecraft 1.17 requires running the server with java 16 or above',
    'minecraft 1.18 requires running the server with java 17 or above',
    'minecraft 1.19 requires running the server with java 17 or above',
    'java.lang.unsupportedclassversionerror',
    'unsupported major.minor version',
    'has been compiled by a more recent version of the java runtime',
  ],
  gsl_token: ['(gsl token expired)', '(account not found)'],
  pid_limit: [
    'pthread_create failed',
    'failed to create thread',
    'unable to create thread',
    'unable to create native thread',
    'unable to create new native thread',
    'exception in thread "craft async scheduler management thread"',
  ],
  steam_disk_space: ['steamcmd needs 250mb of free disk space to update', '0x202 after update job'],
}

/** The texts of these features, for the daemon; what is not known has none. */
export function featureTexts(names: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(names.flatMap((name) => (EGG_FEATURES[name] ? [[name, [...EGG_FEATURES[name]]]] : [])))
}
