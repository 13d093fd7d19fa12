const en = {
  title: 'Log in to Weir',
  ended: 'You are logged out. Log in to go on where you were.',
  name: 'Name',
  password: 'Password',
  token: 'Token',
  tokenHelp: 'It is in the file that token-file names, by default "token" in the data directory of the collector.',
  logIn: 'Log in',
  withToken: 'Log in with the token',
  withName: 'Log in with name and password',
  wrongName: 'The name or the password is wrong.',
  wrongToken: 'The token is wrong.',
  wait: (seconds: number) => `Too many logins have failed. Try again in ${seconds} s.`,
  noAnswer: 'The collector does not answer. See whether it runs, and try again.',
};

const de: typeof en = {
  title: 'Bei Weir anmelden',
  ended: 'Sie sind abgemeldet. Nach der Anmeldung geht es weiter, wo Sie waren.',
  name: 'Name',
  password: 'Passwort',
  token: 'Token',
  tokenHelp: 'Er steht in der Datei, die token-file nennt, sonst in „token“ im Datenverzeichnis des Collectors.',
  logIn: 'Anmelden',
  withToken: 'Mit dem Token anmelden',
  withName: 'Mit Name und Passwort anmelden',
  wrongName: 'Name oder Passwort ist falsch.',
  wrongToken: 'Der Token ist falsch.',
  wait: seconds => `Zu viele Anmeldungen sind fehlgeschlagen. In ${seconds} s noch einmal versuchen.`,
  noAnswer: 'Der Collector antwortet nicht. Nachsehen, ob er läuft, und noch einmal versuchen.',
};

export type Words = typeof en;

const known: Readonly<Record<string, Words>> = { en, de };

/** The words of the first language of the reader that there are words of, else English ones. */
export function wordsOf(languages: readonly string[]): { language: string; words: Words } {
  const language = languages.map(tag => tag.split('-', 1)[0]!.toLowerCase()).find(name => Object.hasOwn(known, name));
  return { language: language ?? 'en', words: known[language ?? 'en']! };
}
