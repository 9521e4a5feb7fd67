import { deu, eng, fra, ita, nld, por, spa } from 'stopword';

/** Words that say nothing about a page's subject, though no stop-word list has them: the small talk of blogs. */
const SMALL_TALK = `
  no not us its nor than per gov based off online
  able about across actually add added adds ago ahead aim aims allow allows almost along already although always
  among amount amp announce announced announcing answer answers anyone anything applied apply approach approaches
  apr april aren around ask asked asking aug august available away back became become becoming begin beginning
  behalf behind believe better big bit blog both bring brings brought build building built came cases certain check checked
  checking
  checks choose com come comes coming consider continue could couldn couple course create created creates creating
  current currently day days dec december deep deeper didn different difficult discuss discussed discusses doesn don
  done down due during e.g early easier easily easy efforts either else enough ensure especially etc even ever every
  everyday everyone everything example examples excited explain explains explore exploring face far favorite feb
  february feel few finally find finding first five focus focused follow following found four friday fully further
  future gave get gets getting give given gives giving go goal goals goes going good got great group had half happen
  happens happy hard having hear heard held help helped helpful helping helps here hope hosted how however html http
  https huge i.e idea ideas important include included includes including increase inside instead interested
  introduce introduced introducing introduction isn issue issues jan january join joined jul july jun june just keep
  knew know known largest last later latest launch launched launching lead leading learn learned learning least led
  less let let's lets level like likely little live ll look looked looking looks lot made main major make makes
  making many mar march matter may maybe mean means meet might million miss missed monday month monthly months more
  most move moved moving much must nbsp need needed needs net never new next nine nov november now number oct
  october offer offers often old once one ongoing only opportunity org original other others our out over overview
  own past people per perfect perhaps person pick picks piece place please possible post
  posted posts present previous previously problem problems provide provided provides providing publish published
  pull put quick quickly quite rather re read reader readers reading ready really reason reasons recent recently
  related remember require required right run running said same saturday saw say says second see seek seeks seen
  sense sep sept september series set seven several share shared sharing short should shouldn show showed shows
  similar simple simply since six small some someone something soon special spend spent start started starting
  starts stay step steps still stop story success such sunday sure take takes taking talk talked talking talks tell
  ten thank thanks that them then there these thing things think thinking third this those though thought three
  through throughout thursday time times tip tips today together told too took top topic toward towards tried true
  try trying tuesday turn turned two u.k u.s under understand understanding until upcoming update updated updates
  upon use used useful using various ve version very via want wanted wants was wasn watch way ways wednesday week
  weekly weeks well went were weren what whatever when where whether which while who whole whom whose why wide will
  within without won wonder word words worked working works world worth would wouldn write writing written wrote www
  year years yes yet you your yourself
`;

/** Words that belong to a phrase ("open source", "work order") but say too little alone. */
const WEAK_ALONE = new Set(
  `work open part parts best human general process change changed changes release released order full improve improving improved improves enhance enhancing transform transforming collect collecting navigate navigating engage engaging support supporting reflect reflecting develop manage managing measure discover celebrate celebrating conduct conducting deliver delivering address avoid achieve assess connect convert decide drive evaluate fix handle identify implement maintain prepare prevent reduce replace respond save solve spot track effective efficient modern critical common basic practical essential successful complete clear informed consistent secure smart ready active strong perfect involve involves pioneering earning keeping turning importance meaningful real high long life key type types side end case point large single full free plan plans planned result results effort digital public national international global internal external regional local special`.split(
    ' ',
  ),
);

const FOREIGN: Record<string, string[]> = { deu, fra, spa, por, ita, nld };
const ENGLISH = new Set([...eng, ...SMALL_TALK.split(/\s+/)].filter((word) => word !== '' && !WEAK_ALONE.has(word)));

/** Whether a word counts only as part of a phrase. */
export function isWeakAlone(lower: string): boolean {
  return WEAK_ALONE.has(lower);
}

// A foreign list joins in only where its own words are common: Dutch "open" or French "on" mean something in English.
const FOREIGN_SHARE = 0.08;

/**
 * Stop words for these texts: English always, another language where the texts are largely written in it.
 *
 * @param words running words, lower case.
 */
export function chooseStopWords(words: readonly string[]): ReadonlySet<string> {
  const chosen = new Set(ENGLISH);
  for (const list of Object.values(FOREIGN)) {
    const own = new Set(list.filter((word) => !ENGLISH.has(word) && word.length > 1));
    const hits = words.reduce((count, word) => count + (own.has(word) ? 1 : 0), 0);
    if (words.length > 0 && hits / words.length >= FOREIGN_SHARE) for (const word of list) chosen.add(word);
  }
  return chosen;
}
