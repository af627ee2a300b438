import type { CaseMessageKind } from '../../src/domain/cases/case.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What people write, by language: nobody's own words. */
const SENTENCES: Readonly<Record<string, readonly string[]>> = {
  en: [
    'The complaint began some weeks ago and comes back in the evening.',
    'A scan was made last month, and its report recommends a further examination.',
    'The present treatment helps a little, but the dose was never changed.',
    'There is no fever, and the weight has stayed the same.',
    'Blood values were within the usual range, with one exception.',
    'An operation was proposed; the question is whether it can wait.',
  ],
  he: [
    'התלונה החלה לפני כמה שבועות וחוזרת בשעות הערב.',
    'בחודש שעבר נעשתה סריקה, ובדוח שלה הומלץ על בדיקה נוספת.',
    'הטיפול הנוכחי עוזר מעט, אך המינון לא שונה מעולם.',
    'אין חום, והמשקל נשאר כפי שהיה.',
    'ערכי הדם היו בטווח הרגיל, למעט אחד.',
    'הוצע ניתוח, והשאלה היא אם אפשר להמתין.',
  ],
  ar: [
    'بدأت الشكوى قبل بضعة أسابيع وتعود في المساء.',
    'أُجري تصوير في الشهر الماضي، ويوصي تقريره بفحص إضافي.',
    'العلاج الحالي يساعد قليلًا، لكن الجرعة لم تتغير قط.',
    'لا توجد حمى، والوزن بقي كما هو.',
    'كانت قيم الدم ضمن المعدل المعتاد، باستثناء واحدة.',
    'اقتُرحت عملية، والسؤال هو هل يمكن الانتظار.',
  ],
  ru: [
    'Жалоба появилась несколько недель назад и возвращается по вечерам.',
    'В прошлом месяце сделали снимок, в заключении рекомендовано дополнительное обследование.',
    'Нынешнее лечение немного помогает, но дозу ни разу не меняли.',
    'Температуры нет, вес остался прежним.',
    'Показатели крови были в норме, кроме одного.',
    'Предложена операция, вопрос в том, можно ли подождать.',
  ],
  fr: [
    'La gêne a commencé il y a quelques semaines et revient le soir.',
    'Un examen a été fait le mois dernier, et le compte rendu en recommande un autre.',
    'Le traitement actuel aide un peu, mais la dose n’a jamais été changée.',
    'Pas de fièvre, et le poids est resté le même.',
  ],
};

/** How many sentences a text of each kind has at most. */
const SENTENCES_MOST: Readonly<Record<CaseMessageKind, number>> = {
  question: 2,
  'info-request': 1,
  reply: 1,
  answer: 2,
  amendment: 2,
  'follow-up': 1,
};
/** Of so many texts one is long. */
const LONG_EVERY = 100;
const LONG_SENTENCES = 40;

/** What somebody may have written. */
export function textOf(random: SeededRandom, language: string, kind: CaseMessageKind): string {
  const sentences = SENTENCES[language.split('-')[0] ?? ''] ?? SENTENCES['en'] ?? [];
  const most = random.chance(1 / LONG_EVERY) ? LONG_SENTENCES : SENTENCES_MOST[kind];
  return Array.from({ length: 1 + random.whole(most) }, () => random.pick(sentences)).join(' ');
}
