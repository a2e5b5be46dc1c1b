/**
 * Which passwords are too common to accept. With twelve characters as the least, what is left of the usual lists are
 * common words with digits around them, keyboard rows, repetitions and a few long favourites: so there are rules for
 * the first three, and lists.
 */

/**
 * Words that are a password's whole substance in the published lists of leaked passwords, in lower case, letters
 * alone.
 */
const COMMON_WORDS = new Set(
  `password passwords passwort passord motdepasse contrasena contraseña clave secreto secret senha parola wachtwoord haslo
  admin administrator administrador root superuser sysadmin user username guest test tester testing demo default changeme change
  letmein welcome bienvenido willkommen login signin access master superman batman spiderman ironman pokemon starwars
  iloveyou loveyou teamo tequiero iloveu love lovely sunshine princess princesa angel flower butterfly football futbol baseball
  basketball soccer hockey monkey dragon tiger shadow michael jordan jennifer jessica ashley daniel andrew thomas robert
  charlie george maggie pepper ginger summer winter spring autumn january february december qwerty qwertz azerty qwertyuiop
  asdf asdfgh asdfghjkl zxcvbn zxcvbnm abc abcd abcde abcdef abcdefg abcdefgh trustno whatever computer internet google facebook
  samsung microsoft windows apple android hello hola freedom liberty money dinero cheese cookie chocolate banana orange killer
  mustang ferrari porsche mercedes corvette harley yankees cowboys liverpool barcelona realmadrid arsenal chelsea juventus
  hospital clinic clinica doctor doctora medico nurse enfermera patient paciente health salud heart corazon cardio latido medical
  fuckyou asshole whatever nothing forever family familia jesus blessed america mexico espana argentina colombia`.split(
    /\s+/,
  ),
);

/** Favourites of twelve characters and more that no rule below finds. */
const COMMON_LONG_PASSWORDS = new Set(
  `thisisapassword thisismypassword mypassword mypassword1 mypassword123 mypassword1234 newpassword newpassword1 newpassword123
  yourpassword passwordpassword secretpassword supersecret supersecret1 superpassword strongpassword passwordone
  passwordsecret passwordadmin adminpassword adminadmin1 administrator1 rootpassword userpassword defaultpassword temppassword temporarypassword changemenow changemeplease pleasechangeme letmeinplease
  letmeinnow welcometothejungle welcomehome iloveyouforever iloveyousomuch iloveyoubaby iloveyou2much ilovemyself iloveyoumom
  ilovemyfamily lovelylovely sunshineflower whatsthepassword idontknow123 idontknow1234 nopassword123 opensesame123
  trustnobody trustnoone123 manchesterunited manchester1 liverpoolfc1 arsenalfootball realmadridcf barcelonafc harrypotter
  harrypotter1 harrypotter123 lordoftherings starwarsfan gameofthrones theincredibles spongebobsquarepants mickeymouse123
  hakunamatata unbelievable hellohello123 helloworld123 helloworld1 myspace12345 linkedin1234 facebook12345 google123456
  jesuschrist jesuslovesme godisgood123 godisgreat blessed12345 computer12345 microsoft123 windowsxp123 california123
  washington123 philadelphia newyorkcity newyork12345 buenosaires laspalmas123 contrasenasegura micontrasena micontraseña
  contraseña123 hospitalcentral teamomucho tequieromucho amordemivida q1w2e3r4t5y6 a1b2c3d4e5f6 abc123abc123 abc123def456 123abc456def
  1a2b3c4d5e6f zaq12wsxcde3 zaq1xsw2cde3 1qazxsw23edc 1qaz2wsx3edc qazwsxedcrfv qazwsxedc123 qweasdzxc123 qweasdzxcrty
  asdfjkl12345 112233445566 121212121212 123123123123 1234512345 102030405060 010203040506 147258369000 147852369000
  159357159357 789456123000 147258369147 987654321000 123456789qaz 123456789qwe 123qweasdzxc abcd1234abcd aa123456789 a123456789a`.split(
    /\s+/,
  ),
);

/** What fingers run along: keyboard rows and diagonals, the alphabet, digits. Each is walked in both directions. */
const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertyuiop[]',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((run) => [run, [...run].reverse().join('')]);
const SHORTEST_RUN = 3;

/** Fewer different characters than this are no password, however long. */
const LEAST_DISTINCT_CHARACTERS = 5;

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '!': 'i',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
  '8': 'b',
};

/** The shortest unit of which the whole is a repetition (the last one may be cut off), or the whole. */
function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
  }
  return text;
}

/** Whether all of it is keyboard or alphabet runs, one after the other: `qwerty123456`. */
function consistsOfRuns(text: string): boolean {
  let start = 0;
  while (start < text.length) {
    let length = text.length - start;
    while (length >= SHORTEST_RUN && !RUNS.some((run) => run.includes(text.slice(start, start + length)))) length -= 1;
    if (length < SHORTEST_RUN) return false;
    start += length;
  }
  return true;
}

/**
 * A common word, perhaps written with digits for letters or repeated, with digits and signs around it:
 * `P@ssw0rd2024!!`.
 */
function isDecoratedCommonWord(text: string): boolean {
  const letters = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const plain = [...letters]
    .map((character) => LEET[character] ?? character)
    .join('')
    .replace(/[^\p{L}]/gu, '');
  return COMMON_WORDS.has(plain) || COMMON_WORDS.has(repeatedUnit(plain));
}

/** Whether a guesser would try the password early. Case does not matter, nor do separators. */
export function isCommonPassword(password: string): boolean {
  const lower = password.normalize('NFKC').toLowerCase();
  const joined = lower.replace(/[\s._-]/gu, '');
  return (
    new Set(joined).size < LEAST_DISTINCT_CHARACTERS ||
    COMMON_LONG_PASSWORDS.has(lower) ||
    COMMON_LONG_PASSWORDS.has(joined) ||
    repeatedUnit(joined) !== joined ||
    consistsOfRuns(joined) ||
    isDecoratedCommonWord(joined)
  );
}
