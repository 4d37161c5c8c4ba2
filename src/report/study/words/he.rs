//! Hebrew.

use super::{Counted, Counting, Heading, NeverCame, Pays, Term, Words};
use crate::simulate::study::Measure;

/// The texts in Hebrew.
pub static WORDS: Words = Words {
    title_population: "האם התוכנית משתלמת?",
    title_replay: "כמה הייתה התוכנית עולה?",
    about_population: "{members} בסימולציה, מ־{from} עד {until}, ב־{worlds}: אותם אנשים, עם מזל אחר ועם הנחות שהוגרלו מחדש מתוך הטווחים שלהן.",
    about_replay: "{members} כפי שקנו באמת, מ־{from} עד {until}.",
    answer: "התשובה",
    contents: "בעמוד זה",
    table: "הנתונים בטבלה",
    keys: "במקלדת: מקשי החצים מקריאים נקודה אחר נקודה.",
    time_runs: "הזמן מתקדם מימין לשמאל.",
    axis_cut: "הציר אינו מתחיל באפס.",
    made_by: "הופק באמצעות loyal {version}, זרע {seed}. אותה תוכנית, אותו תרחיש ואותו זרע נותנים אותו דוח.",
    one_program: "התוכנית {program}",

    one: Pays {
        yes: "כן: מ־{from} עד {until}, {program} מכניסה {gain} יותר משהיא עולה.",
        perhaps: "כנראה, אבל לא בוודאות: מ־{from} עד {until}, {program} צפויה להכניס {gain} יותר משהיא עולה.",
        hardly: "כנראה שלא: מ־{from} עד {until}, {program} צפויה לעלות {loss} יותר משהיא מכניסה.",
        no: "לא: מ־{from} עד {until}, {program} עולה {loss} יותר משהיא מכניסה.",
    },
    several: Pays {
        yes: "כן: מבין {programs}, {program} היא המשתלמת ביותר; מ־{from} עד {until} היא מכניסה {gain} יותר משהיא עולה.",
        perhaps: "כנראה, אבל לא בוודאות: מבין {programs}, {program} היא הטובה ביותר; מ־{from} עד {until} היא צפויה להכניס {gain} יותר משהיא עולה.",
        hardly: "כנראה שלא: אפילו הטובה מבין {programs}, {program}, צפויה לעלות {loss} יותר משהיא מכניסה מ־{from} עד {until}.",
        no: "לא: אפילו הטובה מבין {programs}, {program}, עולה {loss} יותר משהיא מכניסה מ־{from} עד {until}.",
    },
    unknown: "אי אפשר לדעת אם {program} משתלמת: לא נמצא דבר על הרווח מ־{from} עד {until}.",
    sure: "זה די בטוח: בתשעה מכל עשרה עולמות התוצאה היא בין {low} ל־{high}{roi}.",
    unsure: "זה עלול גם להתהפך: בתשעה מכל עשרה עולמות התוצאה היא בין {low} ל־{high}{roi}.",
    known: "כל ההנחות הן מספרים בודדים, ולכן אי אפשר לומר עד כמה זה בטוח{roi}.",
    roi: ", כלומר תשואה של {low} עד {high} על עלות התוכנית",
    decides: "מה שמכריע הוא {assumption}: ב־{from} התוכנית מגיעה ל־{at_from}, וב־{to} ל־{at_to}{lift}.",
    decides_little: "מה שמשפיע יותר מכול הוא {assumption}: מ־{at_from} ב־{from} עד {at_to} ב־{to}, בלי להפוך את התשובה{lift}.",
    from_lift: "; כששאר התגובות כפי שהונחו, היא מכסה את עצמה כשהחברים באים {percent} יותר",
    from_lift_below: "; כששאר התגובות כפי שהונחו, היא הייתה מכסה את עצמה גם אילו החברים באו {percent} פחות",
    decides_nothing: "אף הנחה לא נבדקה בטווח, ולכן לא ידוע מה מכריע{lift}.",

    cost_one: "מ־{from} עד {until}, {program} הייתה עולה {cost}{share}.",
    cost_several: "מ־{from} עד {until}, {program} הייתה הזולה מבין {programs}: {cost}{share}; היקרה ביותר היא {other}, ב־{dearest}.",
    of_sales: " מהמכירות",
    cost_none: "לא ידוע כמה {program} הייתה עולה מ־{from} עד {until}.",
    counted: "זה נספר על קניות אמיתיות ולא נאמד; אבל בהרצה חוזרת איש אינו קונה אחרת, ולכן היא מראה כמה התוכנית עולה ולא אם היא משתלמת.",
    lift_needed: "מה שמכריע הוא כמה יותר יקנו: כדי שהתוכנית תכסה את עצמה, המכירות צריכות לעלות ב־{percent}.",
    dearest_rule: "העלות נקבעת בעיקר לפי {rule}: {share} ממנה.",
    no_rule: "אף כלל בתוכנית לא עלה דבר.",

    side_by_side: Heading {
        title: "זו לצד זו",
        caption: "הנתונים העיקריים של כל תוכנית; בסוגריים הטווח של תשעה מכל עשרה עולמות.",
    },
    gain: Heading {
        title: "הרווח עד כה",
        caption: "מה שהתוכנית הכניסה פחות מה שעלתה, מתחילתה. מעל אפס היא כיסתה את עצמה; הרצועה מכילה תשעה מכל עשרה עולמות.",
    },
    sales: Heading {
        title: "מכירות", caption: "המכירות בכל חודש עם התוכנית, ואלה של אותם אנשים בלעדיה."
    },
    liability: Heading {
        title: "מה חייבים לחברים",
        caption: "מה שהחברים עוד יכלו לדרוש בסוף כל חודש: כל הנקודות שלהם, והחלק שצפוי להיות ממומש.",
    },
    rules: Heading {
        title: "כמה עולה כל כלל",
        caption: "העלות של מה שנתן כל כלל, הטבה או הנחה. הקו הדק מכיל תשעה מכל עשרה עולמות.",
    },
    tornado: Heading {
        title: "מה מזיז את התשובה",
        caption: "הרווח הנקי בתקופת הסימולציה כשהנחה אחת עוברת מהקצה הנמוך לגבוה וכל השאר נשארות באמצע; העמודה הארוכה ביותר חשובה מכול.",
    },
    trial: super::trial::HE,
    deciles_gain: Heading {
        title: "עם מי מרוויחים",
        caption: "כמה התוכנית מרוויחה או מפסידה עם כל עשירון של חברים, המוציאים ביותר תחילה.",
    },
    deciles_given: Heading {
        title: "מי מקבל כמה",
        caption: "מה שהתוכנית נותנת לכל עשירון של חברים, המוציאים ביותר תחילה.",
    },
    first_reward: Heading {
        title: "ההטבה הראשונה", caption: "כמה חברים כבר קיבלו הטבה, לפי מספר החודשים מאז הצטרפו."
    },
    migration: Heading {
        title: "מעברים בין רמות", caption: "כמה חברים עברו מרמה אחת לאחרת."
    },
    aged: Heading {
        title: "מתי פוקעות הנקודות", caption: "הנקודות שנותרו בסוף, לפי החודש שבו הן פוקעות ולפי שוויין."
    },
    by_tier: Heading {
        title: "לפי רמה", caption: "חברים, מכירות ועלות לפי הרמה בסוף."
    },
    by_segment: Heading {
        title: "לפי פלח", caption: "חברים, מכירות ועלות לפי פלח; חבר יכול להיות בכמה פלחים."
    },
    by_store: Heading {
        title: "לפי סניף", caption: "חברים, מכירות ועלות לפי הסניף שבו קנו."
    },
    objectives: Heading {
        title: "יעדים", caption: "למה נועדה התוכנית, והאם היא מגיעה לשם."
    },
    beside: Heading {
        title: "מרוויחים ומפסידים",
        caption: "כמה חברים מקבלים יותר, פחות או אותו דבר לעומת התוכנית הראשונה, לפי השווי עבורם.",
    },
    beside_deciles: Heading {
        title: "ההפרש לפי הוצאה",
        caption: "כמה יותר או פחות מקבל חבר לעומת התוכנית הראשונה, לפי עשירונים, המוציאים ביותר תחילה.",
    },
    beside_most: Heading {
        title: "ההפרשים הגדולים ביותר",
        caption: "החברים ששתי התוכניות נבדלות עבורם יותר מכול, לפי מה שהם מקבלים.",
    },
    measures: Heading {
        title: "כל המדדים", caption: "כל מדד עם הטווח של תשעה מכל עשרה עולמות, וכיצד הוא מחושב."
    },
    counting: Counting {
        side_by_side: "הנתונים העיקריים של כל תוכנית.",
        sales: "המכירות בכל חודש.",
        rules: "העלות של מה שנתן כל כלל, הטבה או הנחה.",
        measures: "כל מדד, וכיצד הוא מחושב.",
    },
    months: Heading { title: "חודש אחר חודש", caption: "כל הנתונים של כל חודש." },
    assumptions: Heading {
        title: "הנחות",
        caption: "מה שנאמר לסימולציה על אנשים. כל ערך בין שני הקצוות נחשב סביר באותה מידה.",
    },
    cautions: Heading {
        title: "לפני שמסתמכים על הדוח", caption: "מה שהדוח אינו יודע או משמיט."
    },

    figure: "נתון",
    low: "נמוך",
    middle: "אמצע",
    high: "גבוה",
    program: "תוכנית",
    measure: "מדד",
    what_it_is: "מה זה",
    month: "חודש",
    month_number: "חודשים מאז ההצטרפות",
    gain_so_far: "הרווח עד כה",
    with_program: "עם התוכנית",
    without_program: "בלי התוכנית",
    difference: "הפרש",
    face: "כל הנקודות",
    expected: "צפויות להיות ממומשות",
    sales_head: "מכירות",
    rule: "כלל",
    times: "פעמים",
    points: "נקודות",
    unit: "יחידה",
    cost: "עלות",
    worth: "שווי לחברים",
    assumption: "הנחה",
    from: "מ־",
    to: "עד",
    gain_at_low: "הרווח בקצה הנמוך",
    gain_at_high: "הרווח בקצה הגבוה",
    source: "מקור",
    own_figure: "נתון שלכם",
    decile: "עשירון לפי הוצאה",
    members: "חברים",
    given: "ניתן",
    spent: "מומש",
    expired: "פקע",
    active: "חברים שקנו",
    gain_with_them: "רווח",
    share: "חלק",
    level_before: "מרמה",
    level_after: "לרמה",
    never: "לעולם לא",
    objective: "יעד",
    came_to: "תוצאה",
    met: "הושג",
    yes: "כן",
    no: "לא",
    not_known: "עוד לא ידוע",
    met_in: "ב־{percent} מהעולמות",
    get_more: "מקבלים יותר",
    get_less: "מקבלים פחות",
    get_same: "מקבלים אותו דבר",
    member: "חבר",
    difference_of_gain: "רווח לעומת הראשונה",
    saved: "עולה פחות מהראשונה ב־",
    part: "חלק",
    band: "תשעה מכל עשרה עולמות",
    days: "ימים",

    no_behaviour_change: "בהרצה חוזרת איש אינו משנה את מנהגיו. היא מראה מה התוכנית נותנת ועולה, לא מה היא מכניסה.",
    rejected: "{program} לא קיבלה {events}. אפשר לראות אותם עם `loyal run --out`.",
    no_worth: "{program} אינה אומרת כמה שווים {unit}, ולכן הם אינם עולים כאן דבר. הוסיפו `worth` לנקודות.",
    no_cost: "{program} אינה אומרת כמה עולה {thing}, ולכן הוא אינו עולה כאן דבר. הוסיפו `costs`.",
    not_played: "ב־{program} יש {what}, שהסימולציה אינה מפעילה. העלות וההשפעה שלו חסרות.",
    never_came: NeverCame {
        items: "{program} לא נתנה לאנשים האלה דבר דרך {what}. אמרו מה הם קונים (בתרחיש `items category …`, לצד חמשת המספרים `items=coffee:60+cake:40`), אחרת העלות וההשפעה חסרות.",
        activities: "{program} לא נתנה לאנשים האלה דבר דרך {what}: כאן איש אינו עושה זאת, או לא מספיק. אמרו בתרחיש באיזו תדירות עושים זאת (`activity …`), אחרת העלות וההשפעה חסרות.",
        visits: "{program} לא נתנה לאנשים האלה דבר דרך {what}: אף ביקור כאן לא הספיק. אמרו בתרחיש באיזו תדירות נכנסים בלי לקנות (`visit …`), אחרת העלות וההשפעה חסרות.",
        joining: "{program} לא נתנה לאנשים האלה דבר דרך {what}: כאן איש אינו מצטרף באירוע. העלות וההשפעה חסרות.",
        friends: "{program} לא נתנה לאנשים האלה דבר דרך {what}: כאן איש אינו מביא חבר. העלות וההשפעה חסרות.",
        other: "{program} לא נתנה לאנשים האלה דבר דרך {what}: כאן איש לא הגיע למה שנדרש. אם חברים אמיתיים מגיעים, העלות וההשפעה חסרות.",
    },
    one_figure: "עבור {assumption} ניתן מספר יחיד. איש אינו יודע אותו בדיוק כזה: תנו טווח.",
    decides_sign: "האם התוכנית משתלמת תלוי בזה: {assumption}. בררו עוד לפני ההשקה, למשל בפיילוט.",
    breakage_unknown: "עדיין לא ידוע כמה {unit} של {program} יפקעו: אף אחת לא הגיעה ליומה האחרון, או שאף אחת לא מומשה בהיסטוריה הזאת. ההנחה היא שכולן ימומשו.",
    few_worlds: "הוגרלו רק {worlds}, ולכן הטווחים גסים. בקשו עוד עם `--seeds`.",
    sampled: "חלק מהמספרים נשענים על {played} מתוך {of}, והוגדלו בהתאם.",

    tune: super::tune::HE,

    n_months: Counted { one: "חודש אחד", two: "חודשיים", other: "{n} חודשים", ..NONE },
    n_members: Counted { one: "חבר אחד", two: "שני חברים", other: "{n} חברים", ..NONE },
    n_worlds: Counted { one: "עולם אחד", two: "שני עולמות", other: "{n} עולמות", ..NONE },
    n_programs: Counted {
        one: "תוכנית אחת", two: "שתי התוכניות", other: "{n} התוכניות", ..NONE
    },
    n_events: Counted { one: "אירוע אחד", two: "שני אירועים", other: "{n} אירועים", ..NONE },

    months_short: ["ינו׳", "פבר׳", "מרץ", "אפר׳", "מאי", "יוני", "יולי", "אוג׳", "ספט׳", "אוק׳", "נוב׳", "דצמ׳"],
    months_of_day: [
        "בינואר",
        "בפברואר",
        "במרץ",
        "באפריל",
        "במאי",
        "ביוני",
        "ביולי",
        "באוגוסט",
        "בספטמבר",
        "באוקטובר",
        "בנובמבר",
        "בדצמבר",
    ],
    term,
    assumed,
    per: ["ביום", "בשבוע", "בחודש", "ברבעון", "בשנה"],
};

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

fn term(measure: Measure) -> Term {
    let (name, says) = match measure {
        Measure::Sales => ("מכירות", "מה ששילמו החברים, פחות החזרות"),
        Measure::SalesWithout => ("מכירות בלי התוכנית", "מה שאותם אנשים היו משלמים"),
        Measure::IncrementalSales => ("תוספת מכירות", "{sales} − {sales_without}"),
        Measure::IncrementalMargin => ("תוספת רווח גולמי", "הרווח הגולמי על {incremental_sales}"),
        Measure::CostAtCost => ("עלות ההטבות", "מה שניתן ומומש, לפי מה שהוא עולה לכם"),
        Measure::CostAtWorth => ("שווי ההטבות", "אותו דבר, לפי השווי לחברים"),
        Measure::Fees => ("דמי חברות", "מה שהחברים שילמו על מנויים, פחות מה שהוחזר"),
        Measure::FeesEarned => ("דמי חברות שנצברו", "החלק של {fees} על ימים שכבר עברו; היתר עוד לא הורווח"),
        Measure::Adoption => ("אימוץ", "קניות של חברים ÷ כל הקניות"),
        Measure::RunningCost => ("עלות התפעול", "מה שהתוכנית עולה מלבד מה שהיא נותנת"),
        Measure::NetGain => ("רווח נקי", "{incremental_margin} + {fees_earned} − {cost_at_cost} − {running_cost}"),
        Measure::ReturnOnInvestment => ("תשואה על ההשקעה", "{net_gain} ÷ ({cost_at_cost} + {running_cost})"),
        Measure::BreakEvenLift => {
            ("עלייה לאיזון", "בכמה יותר צריכים החברים לבוא כדי ש{net_gain} יהיה אפס, כשכל השאר כפי שהונח")
        }
        Measure::PaybackMonth => ("חודש ההחזר", "החודש הראשון שבו הרווח עד כה מעל אפס"),
        Measure::PriceOfPoint => ("מחיר של נקודה", "כמה עולות לכם הנקודות שניתנו ÷ {points_given}"),
        Measure::CostShareOfSales => ("העלות מתוך המכירות", "{cost_at_cost} ÷ {sales}"),
        Measure::PointsGiven => ("נקודות שניתנו", "נקודות שנצברו, פחות אלה שנלקחו בהחזרות"),
        Measure::PointsSpent => ("נקודות שמומשו", "נקודות ששימשו לתשלום"),
        Measure::PointsExpired => ("נקודות שפקעו", "נקודות שנגמר תוקפן בלי שימוש"),
        Measure::LiabilityFace => ("החוב, כל הנקודות", "כל הנקודות שנותרו, לפי שוויין"),
        Measure::LiabilityExpected => ("החוב, מימוש צפוי", "{liability_face}, פחות מה שצפוי שלא ימומש לעולם"),
        Measure::AllocatedToPoints => ("מכירות שהוקצו לנקודות (IFRS 15)", "החלק מתוך {sales} שמשלם על הנקודות שניתנו"),
        Measure::RecognisedOfPoints => {
            ("הכנסה ממימוש נקודות (IFRS 15)", "החלק מתוך {allocated_to_points} שהוכר עם מימוש הנקודות")
        }
        Measure::ContractLiability => ("הכנסה נדחית (IFRS 15)", "חלק המכירות שמוכר רק כשהנקודות ממומשות"),
        Measure::RedemptionRate => ("שיעור המימוש", "{points_spent} ÷ {points_given}"),
        Measure::Breakage => ("שיעור אי־המימוש", "{points_expired} ÷ ({points_expired} + {points_spent})"),
        Measure::Members => ("חברים", "מי שמשתתף"),
        Measure::ActiveRate => ("שיעור הפעילים", "חברים שקנו או עשו משהו ÷ {members}"),
        Measure::RepeatRate => ("שיעור החוזרים", "חברים שקנו שוב ביום אחר ÷ חברים שקנו"),
        Measure::PurchaseFrequency => ("קניות לחבר", "קניות ÷ חברים שקנו"),
        Measure::AverageBasket => ("סל ממוצע", "{sales} ÷ קניות"),
        Measure::ChurnRate => ("שיעור הנטישה", "חברים שהפסיקו לקנות ÷ חברים שקנו קודם"),
        Measure::EverRewarded => ("קיבלו הטבה אי פעם", "חברים שקיבלו לפחות הטבה אחת ÷ {members}"),
        Measure::MonthsToFirstReward => ("חודשים עד ההטבה הראשונה", "מההצטרפות, אצל חברים שקיבלו הטבה"),
        Measure::MemberValue => {
            ("שווי לקוח", "המרווח ודמי החברות המהוונים של כל אחד מהאנשים, פחות מה שהוא והתוכנית עולים")
        }
        Measure::MemberValueWithout => ("שווי לקוח בלי התוכנית", "המרווח המהוון של כל אחד מאותם אנשים"),
        Measure::BargainHunters => ("ציידי מבצעים", "חברים שלפחות חצי מכספם במחיר מוזל ÷ חברים שקנו"),
        Measure::DormantWonBack => ("רדומים שחזרו", "חברים שקנו שוב אחרי שתיקה ארוכה"),
        Measure::MeasurableLift => ("עלייה שאפשר למדוד", "העלייה הקטנה ביותר שקבוצת הביקורת תגלה, ארבע פעמים מחמש"),
    };
    Term { name, says }
}

fn assumed(name: &str) -> Option<&'static str> {
    Some(match name {
        "visits" => "בכמה חברים באים בתדירות גבוהה יותר",
        "basket" => "בכמה הסלים גדלים",
        "near reward" => "בכמה חברים באים בתדירות גבוהה יותר לקראת הטבה",
        "after reward" => "בכמה חברים באים בתדירות גבוהה יותר אחרי הטבה",
        "keeping level" => "בכמה חברים באים בתדירות גבוהה יותר כדי לשמור על הרמה",
        "staying" => "בכמה פחות חברים עוזבים",
        "coming back" => "כמה מהעוזבים חוזרים",
        "redeem" => "באיזו תדירות חברים לוקחים הטבה שמגיעה להם",
        "margin" => "שיעור הרווח הגולמי על המכירות",
        "gap" => "כמה ימים בין קנייה לקנייה",
        "leave" => "כמה מפסיקים לקנות בשנה",
        "activity" => "באיזו תדירות עושים זאת מי שעושים",
        "members with" => "כמה מהחברים עושים זאת",
        "visit" => "באיזו תדירות חברים באים בלי לקנות",
        "subscribe" => "כמה חברים רוכשים את המנוי",
        "renew" => "כמה ממשיכים בסוף תקופה",
        "joining at once" => "כמה מצטרפים מיד",
        "joining over time" => "כמה מצטרפים בהמשך",
        "returns" => "כמה קניות מוחזרות",
        _ => return None,
    })
}
