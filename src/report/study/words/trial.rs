//! What a trial would tell, in all languages.

use super::{Counted, Heading};

/// The texts about a trial.
#[allow(missing_docs, reason = "each is read where it stands")]
#[derive(Debug, Clone, Copy)]
pub struct TrialWords {
    pub heading: Heading,

    /// `{members}`, `{weeks}`, `{lift}`, `{program}`, `{known}`.
    pub settles: &'static str,
    /// What stands at `{known}`: `{fewer}`.
    pub settles_known: &'static str,
    /// No trial is large enough: `{members}`, `{lift}`, `{program}`.
    pub too_few: &'static str,
    /// `{worth}`, and at `{trial}` what stands in `of_trial`.
    pub worth: &'static str,
    pub of_trial: &'static str,
    pub worth_nothing: &'static str,

    // Of a pilot as the program writes it.
    /// `{pilot}`, `{with}`, `{without}`, `{days}`, `{tells}`.
    pub enough: &'static str,
    /// The same, and `{lift}`, `{program}`.
    pub small: &'static str,
    /// It keeps nobody back.
    pub blind: &'static str,
    /// Nobody knows how many it reaches.
    pub unreached: &'static str,

    // Heads of columns.
    pub weeks: &'static str,
    pub members: &'static str,
    pub known_before: &'static str,

    pub n_weeks: Counted,
    pub n_days: Counted,
}

impl TrialWords {
    /// Each text with holes, by a name that tests can say.
    pub fn templates(&self) -> [(&'static str, &'static str); 10] {
        [
            ("trial.settles", self.settles),
            ("trial.settles_known", self.settles_known),
            ("trial.too_few", self.too_few),
            ("trial.worth", self.worth),
            ("trial.of_trial", self.of_trial),
            ("trial.worth_nothing", self.worth_nothing),
            ("trial.enough", self.enough),
            ("trial.small", self.small),
            ("trial.blind", self.blind),
            ("trial.unreached", self.unreached),
        ]
    }
}

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

/// English.
pub const EN: TrialWords = TrialWords {
    heading: Heading {
        title: "What a pilot would tell",
        caption: "How many members a pilot takes, half of them without the program, to show four times of five a rise of sales at which the program pays for itself.",
    },
    settles: "A pilot of {members} for {weeks}, half of them without the program, would settle it: if sales rise by the {lift} at which {program} pays for itself, it shows so four times of five{known}.",
    settles_known: "; where it is known what each spent in as many weeks before, {fewer} are enough",
    too_few: "No pilot with all of {members} would settle it: the rise of sales of {lift} at which {program} pays for itself is lost in how differently they spend.",
    worth: "Being sure before the launch is worth up to {worth} a year{trial}.",
    of_trial: ", that pilot up to {trial}",
    worth_nothing: "Being sure would change nothing: in all worlds that were drawn the decision is the same.",
    enough: "The pilot {pilot} is large enough as it is written: with {with} in it and {without} kept out of it, for {days}, it shows a rise of sales of {tells} or more four times of five.",
    small: "The pilot {pilot} is too small as it is written: with {with} in it and {without} kept out of it, for {days}, it shows a rise of sales of {tells} or more four times of five, and {program} pays for itself at {lift}.",
    blind: "The pilot {pilot} keeps nobody out of it by chance, so it shows nothing: add `control 50%`.",
    unreached: "How many members the pilot {pilot} reaches is not known here, so neither is whether it is large enough.",
    weeks: "Weeks",
    members: "Members it takes",
    known_before: "With their spend before known",
    n_weeks: Counted { one: "{n} week", other: "{n} weeks", ..NONE },
    n_days: Counted { one: "{n} day", other: "{n} days", ..NONE },
};

/// Romanian.
pub const RO: TrialWords = TrialWords {
    heading: Heading {
        title: "Ce ar arăta un pilot",
        caption: "De câți membri are nevoie un pilot, jumătate dintre ei fără program, ca să arate de patru ori din cinci o creștere a vânzărilor la care programul se plătește singur.",
    },
    settles: "Un pilot cu {members} timp de {weeks}, jumătate dintre ei fără program, ar lămuri lucrurile: dacă vânzările cresc cu {lift}, cât trebuie ca {program} să se plătească singur, o arată de patru ori din cinci{known}.",
    settles_known: "; dacă se știe cât a cheltuit fiecare în tot atâtea săptămâni dinainte, sunt de ajuns {fewer}",
    too_few: "Niciun pilot, nici cu toți cei {members}, nu ar lămuri lucrurile: creșterea vânzărilor de {lift} la care {program} se plătește singur se pierde în cât de diferit cheltuiesc.",
    worth: "Siguranța dinainte de lansare valorează cel mult {worth} pe an{trial}.",
    of_trial: ", iar acest pilot cel mult {trial}",
    worth_nothing: "Siguranța nu ar schimba nimic: în toate lumile trase hotărârea e aceeași.",
    enough: "Pilotul {pilot} e destul de mare așa cum e scris: cu {with} în el și {without} în afara lui, timp de {days}, arată de patru ori din cinci o creștere a vânzărilor de {tells} sau mai mult.",
    small: "Pilotul {pilot} e prea mic așa cum e scris: cu {with} în el și {without} în afara lui, timp de {days}, arată de patru ori din cinci o creștere a vânzărilor de {tells} sau mai mult, iar {program} se plătește singur la {lift}.",
    blind: "Pilotul {pilot} nu ține pe nimeni în afara lui la întâmplare, așa că nu arată nimic: adăugați `control 50%`.",
    unreached: "Nu se știe aici la câți membri ajunge pilotul {pilot}, deci nici dacă e destul de mare.",
    weeks: "Săptămâni",
    members: "Membri de care are nevoie",
    known_before: "Când se știe cât cheltuiau",
    n_weeks: Counted { one: "o săptămână", few: "{n} săptămâni", other: "{n} de săptămâni", ..NONE },
    n_days: Counted { one: "o zi", few: "{n} zile", other: "{n} de zile", ..NONE },
};

/// Hebrew.
pub const HE: TrialWords = TrialWords {
    heading: Heading {
        title: "מה פיילוט היה מגלה",
        caption: "כמה חברים נדרשים לפיילוט, חציים בלי התוכנית, כדי להראות ארבע פעמים מחמש עלייה במכירות שבה התוכנית מכסה את עצמה.",
    },
    settles: "פיילוט של {members} למשך {weeks}, חציים בלי התוכנית, היה מכריע: אם המכירות עולות ב־{lift}, כנדרש כדי שהתוכנית {program} תכסה את עצמה, הוא מראה זאת ארבע פעמים מחמש{known}.",
    settles_known: "; כשידוע כמה הוציא כל אחד באותו מספר שבועות לפני כן, די ב־{fewer}",
    too_few: "שום פיילוט, גם עם כל {members}, לא היה מכריע: העלייה של {lift} במכירות שבה {program} מכסה את עצמה אובדת בהבדלים בין ההוצאות שלהם.",
    worth: "לדעת בוודאות לפני ההשקה שווה עד {worth} בשנה{trial}.",
    of_trial: ", והפיילוט הזה עד {trial}",
    worth_nothing: "לדעת בוודאות לא היה משנה דבר: בכל העולמות שהוגרלו ההחלטה זהה.",
    enough: "הפיילוט {pilot} גדול מספיק כפי שהוא כתוב: עם {with} בתוכו ו־{without} מחוץ לו, למשך {days}, הוא מראה ארבע פעמים מחמש עלייה של {tells} או יותר במכירות.",
    small: "הפיילוט {pilot} קטן מדי כפי שהוא כתוב: עם {with} בתוכו ו־{without} מחוץ לו, למשך {days}, הוא מראה ארבע פעמים מחמש עלייה של {tells} או יותר במכירות, ואילו {program} מכסה את עצמה ב־{lift}.",
    blind: "הפיילוט {pilot} אינו משאיר איש מחוץ לו באקראי, ולכן אינו מראה דבר: הוסיפו `control 50%`.",
    unreached: "לא ידוע כאן לכמה חברים מגיע הפיילוט {pilot}, ולכן גם לא אם הוא גדול מספיק.",
    weeks: "שבועות",
    members: "כמה חברים נדרשים",
    known_before: "כשידוע כמה הוציאו קודם",
    n_weeks: Counted { one: "שבוע אחד", two: "שבועיים", other: "{n} שבועות", ..NONE },
    n_days: Counted { one: "יום אחד", two: "יומיים", other: "{n} ימים", ..NONE },
};

/// Arabic.
pub const AR: TrialWords = TrialWords {
    heading: Heading {
        title: "ما الذي ستبيّنه تجربة محدودة",
        caption: "كم عضوًا تحتاج التجربة، نصفهم دون البرنامج، لتبيّن أربع مرات من خمس زيادةً في المبيعات يغطّي عندها البرنامج كلفته.",
    },
    settles: "تجربة تضم {members} لمدة {weeks}، نصفهم دون البرنامج، تحسم الأمر: إذا زادت المبيعات بنسبة {lift} التي يغطّي عندها {program} كلفته، بيّنت ذلك أربع مرات من خمس{known}.",
    settles_known: "؛ وإذا عُرف ما أنفقه كل منهم في عدد الأسابيع نفسه قبلها، يكفي {fewer}",
    too_few: "لا تجربة تحسم الأمر ولو ضمّت الجميع ({members}): فزيادة المبيعات بنسبة {lift} التي يغطّي عندها {program} كلفته تضيع في تفاوت إنفاقهم.",
    worth: "معرفة ذلك يقينًا قبل الإطلاق تساوي حتى {worth} في السنة{trial}.",
    of_trial: "، وهذه التجربة حتى {trial}",
    worth_nothing: "معرفة ذلك يقينًا لن تغيّر شيئًا: القرار واحد في كل العوالم التي سُحبت.",
    enough: "التجربة {pilot} كبيرة بما يكفي كما كُتبت: بوجود {with} فيها و\u{a0}{without} خارجها، لمدة {days}، تبيّن أربع مرات من خمس زيادةً في المبيعات بنسبة {tells} أو أكثر.",
    small: "التجربة {pilot} أصغر مما ينبغي كما كُتبت: بوجود {with} فيها و\u{a0}{without} خارجها، لمدة {days}، تبيّن أربع مرات من خمس زيادةً في المبيعات بنسبة {tells} أو أكثر، أما {program} فيغطّي كلفته عند {lift}.",
    blind: "التجربة {pilot} لا تُبقي أحدًا خارجها عشوائيًا، فهي لا تبيّن شيئًا: أضيفوا `control 50%`.",
    unreached: "لا يُعرف هنا كم عضوًا تشمل التجربة {pilot}، فلا يُعرف هل هي كبيرة بما يكفي.",
    weeks: "الأسابيع",
    members: "الأعضاء المطلوبون",
    known_before: "إذا عُرف إنفاقهم السابق",
    n_weeks: Counted {
        one: "أسبوع واحد",
        two: "أسبوعين",
        few: "{n} أسابيع",
        many: "{n} أسبوعًا",
        other: "{n} أسبوع",
        ..NONE
    },
    n_days: Counted {
        one: "يوم واحد", two: "يومين", few: "{n} أيام", many: "{n} يومًا", other: "{n} يوم", ..NONE
    },
};
