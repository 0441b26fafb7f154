// The voice of the field, in English and Arabic; digits are Western in both, so that a code or a time reads the same. A native field reader must still check the Arabic.
export type Language = "en" | "ar";

const en = {
  other: "العربية", hide: "Counter", exercise: "EXERCISE", online: "Connected", offline: "No signal", notSent: "not sent", allSent: "all sent",
  whoAreYou: "Who are you?", observer: "Your code", observerHelp: "A code, never a name. For example m40.", post: "Your post", makeKey: "Make my key", making: "Making the key…",
  keyHelp: "The key is made in this phone and cannot be taken out.", notEnrolled: "This key is not enrolled. The authority must enrol it; until then what you save waits at the hub.",
  startPost: "On post", leavePost: "Leave post", busIn: "Bus in", busOut: "Bus out", busPassed: "Bus passed", heads: "Heads", takenOff: "Someone taken off", outbox: "Not sent",
  expected: "Here, or on the road", others: "Others", time: "Time", now: "now", earlier: "5 min earlier", to: "To where?", save: "Save", back: "Back", next: "Next: count heads", countWhich: "Count which bus?",
  headsOn: "Heads on", hidden: "Other counts stay hidden until you save", plusOne: "one more", men: "Men", women: "Women", youth: "Youth", children: "Children", undo: "Undo", notSure: "Not sure: from–to", sure: "One figure",
  from: "from", upTo: "to", mixed: "Some were counted without a kind: the heads are saved, the kinds are not.", safety: "Your safety first. It can wait.", whichBus: "From which bus?", howKnow: "How do you know?",
  saw: "I saw it", told: "I was told", byPassenger: "by a passenger", byDriver: "by a driver", byOther: "by somebody else", howMany: "How many?", notKnown: "Not known", byWhom: "By whom?", dontKnow: "I do not know",
  saved: "Saved on this phone", noneSaved: "Nothing saved yet", safe: "All are signed and safe on this phone.", goAlone: "They go by themselves when a hub answers.", noRead: "What was sent cannot be read here again.",
  giveFile: "Give as a file", sendNow: "Send now", receipts: "Answers of the hub", entry: "entry", logged: "logged", refused: "not accepted", waiting: "waits", oldest: "oldest", failed: "Not saved.", again: "Try again.",
  neutralHelp: "The counter hides everything. Hold its figure for two seconds to come back.", reset: "Reset", cutOff: "This phone has never reached the hub: connect once.", out: "out", in: "in", passed: "passed", anyPlace: "another place", postTaken: "post taken", postLeft: "post left", takenOffSaid: "taken off", headsSaid: "heads",
  room: "Room here", roomAsk: "How many persons can be received here on a day?", roomHelp: "Plans bring no more than that. It holds until it is said anew.", aDay: "a day", fromWhen: "From when on?", today: "Today", tomorrow: "Tomorrow",
  secure: "Signing needs a secure address: https, or this machine itself.", full: "The phone's store is nearly full.", old: "Some have waited more than 4 hours: give them by hand.",
};
export type Words = typeof en;

const ar: Words = {
  other: "English", hide: "عدّاد", exercise: "تمرين", online: "متصل", offline: "لا إشارة", notSent: "لم تُرسل", allSent: "أُرسل الكل",
  whoAreYou: "من أنت؟", observer: "رمزك", observerHelp: "رمز وليس اسماً. مثلاً m40.", post: "موقعك", makeKey: "أنشئ مفتاحي", making: "جارٍ إنشاء المفتاح…",
  keyHelp: "يُنشأ المفتاح في هذا الهاتف ولا يمكن إخراجه.", notEnrolled: "هذا المفتاح غير مسجَّل. يجب أن تسجّله الجهة المسؤولة؛ وحتى ذلك الحين ينتظر ما تحفظه عند المركز.",
  startPost: "في الموقع", leavePost: "مغادرة الموقع", busIn: "حافلة وصلت", busOut: "حافلة غادرت", busPassed: "حافلة مرّت", heads: "عدد الركاب", takenOff: "إنزال أحد", outbox: "لم تُرسل",
  expected: "هنا أو على الطريق", others: "غيرها", time: "الوقت", now: "الآن", earlier: "قبل 5 دقائق", to: "إلى أين؟", save: "حفظ", back: "رجوع", next: "التالي: عُدّ الركاب", countWhich: "أي حافلة تعدّ؟",
  headsOn: "الركاب في", hidden: "تبقى أعداد الآخرين مخفية حتى تحفظ", plusOne: "واحد آخر", men: "رجال", women: "نساء", youth: "فتيان", children: "أطفال", undo: "تراجع", notSure: "غير متأكد: من–إلى", sure: "رقم واحد",
  from: "من", upTo: "إلى", mixed: "عُدّ بعضهم دون تصنيف: يُحفظ العدد ولا يُحفظ التصنيف.", safety: "سلامتك أولاً. يمكن أن ينتظر.", whichBus: "من أي حافلة؟", howKnow: "كيف عرفت؟",
  saw: "رأيته", told: "أُخبرت به", byPassenger: "من راكب", byDriver: "من سائق", byOther: "من شخص آخر", howMany: "كم؟", notKnown: "غير معروف", byWhom: "من قام بذلك؟", dontKnow: "لا أعرف",
  saved: "حُفظ في هذا الهاتف", noneSaved: "لم يُحفظ شيء بعد", safe: "كلها موقّعة ومحفوظة في هذا الهاتف.", goAlone: "تُرسل وحدها حين يجيب مركز.", noRead: "ما أُرسل لا يُقرأ هنا ثانية.",
  giveFile: "سلّمها كملف", sendNow: "أرسل الآن", receipts: "أجوبة المركز", entry: "قيد", logged: "سُجّل", refused: "لم يُقبل", waiting: "ينتظر", oldest: "أقدمها", failed: "لم يُحفظ.", again: "حاول ثانية.",
  neutralHelp: "العدّاد يخفي كل شيء. اضغط على الرقم ثانيتين للعودة.", reset: "تصفير", cutOff: "لم يصل هذا الهاتف إلى المركز قط: اتصل مرة واحدة.", out: "غادرت", in: "وصلت", passed: "مرّت", anyPlace: "مكان آخر", postTaken: "بدأ العمل في الموقع", postLeft: "غودر الموقع", takenOffSaid: "أُنزلوا", headsSaid: "عدد الركاب",
  room: "السعة هنا", roomAsk: "كم شخصاً يمكن استقبالهم هنا في اليوم؟", roomHelp: "لا تجلب الخطط أكثر من ذلك. يبقى سارياً حتى يُقال غيره.", aDay: "في اليوم", fromWhen: "ابتداءً من متى؟", today: "اليوم", tomorrow: "غداً",
  secure: "التوقيع يحتاج إلى عنوان آمن: https أو هذا الجهاز نفسه.", full: "ذاكرة الهاتف شبه ممتلئة.", old: "بعضها ينتظر منذ أكثر من 4 ساعات: سلّمها باليد.",
};
export const WORDS: Record<Language, Words> = { en, ar };

/** What was saved, in the language of now: kept are its kind and its figures, so it can be said in either. */
export function savedAs(t: Words, kept: { kind: string; said: string }): { vehicle: string; figures: string; said: string } {
  const [vehicle = "", ...rest] = kept.said.split(" ");
  switch (kept.kind) {
    case "post_taken": return { vehicle: "", figures: "", said: t.postTaken };
    case "post_left": return { vehicle: "", figures: "", said: t.postLeft };
    case "arrived": return { vehicle, figures: "", said: t.in };
    case "departed": return { vehicle, figures: "", said: t.out };
    case "passed": return { vehicle, figures: "", said: t.passed };
    case "heads_counted": return { vehicle, figures: rest.join(" "), said: t.headsSaid };
    case "room_stated": return { vehicle: "", figures: vehicle, said: t.room };
    case "taken_off": return { vehicle, figures: rest.join(" ").replace("−", ""), said: t.takenOffSaid };
    default: return { vehicle: "", figures: "", said: kept.said };
  }
}

const AR_NOT_SENT: Record<Intl.LDMLPluralRule, string> = { zero: "أُرسل الكل", one: "واحدة لم تُرسل", two: "اثنتان لم تُرسلا", few: "لم تُرسل", many: "لم تُرسل", other: "لم تُرسل" };
/** `3 not sent`; Arabic has six forms. */
export function notSent(language: Language, n: number): string {
  if (n === 0) return WORDS[language].allSent;
  if (language === "en") return `${n} not sent`;
  const form = new Intl.PluralRules("ar").select(n);
  return form === "one" || form === "two" ? AR_NOT_SENT[form] : `${n} ${AR_NOT_SENT[form]}`;
}
