//! Arabic.

use super::{Counted, Counting, Heading, NeverCame, Pays, Term, Words};
use crate::simulate::study::Measure;

/// The texts in Arabic.
pub static WORDS: Words = Words {
    title_population: "هل البرنامج مُجدٍ؟",
    title_replay: "كم كان البرنامج سيكلّف؟",
    about_population: "{members} في المحاكاة، من {from} إلى {until}، في {worlds}: الأشخاص أنفسهم بحظ مختلف، وبافتراضات تُسحب من جديد ضمن مداها.",
    about_replay: "{members} كما اشتروا فعلًا، من {from} إلى {until}.",
    answer: "الجواب",
    contents: "في هذه الصفحة",
    table: "الأرقام في جدول",
    keys: "من لوحة المفاتيح: أسهم الاتجاه تقرأ النقاط واحدةً بعد أخرى.",
    time_runs: "يسير الزمن من اليمين إلى اليسار.",
    axis_cut: "لا يبدأ المحور من الصفر.",
    made_by: "أُعدّ بواسطة loyal {version}، البذرة {seed}. البرنامج نفسه والسيناريو نفسه والبذرة نفسها تعطي التقرير نفسه.",
    one_program: "برنامج {program}",

    one: Pays {
        yes: "نعم: من {from} إلى {until} يجلب {program} ما يزيد على كلفته بمقدار {gain}.",
        perhaps: "على الأرجح، لكن ليس يقينًا: من {from} إلى {until} يُتوقّع أن يجلب {program} ما يزيد على كلفته بمقدار {gain}.",
        hardly: "على الأرجح لا: من {from} إلى {until} يُتوقّع أن تزيد كلفة {program} على ما يجلبه بمقدار {loss}.",
        no: "لا: من {from} إلى {until} تزيد كلفة {program} على ما يجلبه بمقدار {loss}.",
    },
    several: Pays {
        yes: "نعم: من بين {programs} الأجدى هو {program}؛ فمن {from} إلى {until} يجلب ما يزيد على كلفته بمقدار {gain}.",
        perhaps: "على الأرجح، لكن ليس يقينًا: من بين {programs} الأفضل هو {program}؛ فمن {from} إلى {until} يُتوقّع أن يجلب ما يزيد على كلفته بمقدار {gain}.",
        hardly: "على الأرجح لا: حتى الأفضل من بين {programs}، وهو {program}، يُتوقّع أن تزيد كلفته على ما يجلبه بمقدار {loss} من {from} إلى {until}.",
        no: "لا: حتى الأفضل من بين {programs}، وهو {program}، تزيد كلفته على ما يجلبه بمقدار {loss} من {from} إلى {until}.",
    },
    unknown: "لا يمكن القول هل {program} مُجدٍ: لم يُعرف شيء عن ربحه من {from} إلى {until}.",
    sure: "هذا مؤكّد إلى حد بعيد: في تسعة من كل عشرة عوالم تقع النتيجة بين {low} و\u{a0}{high}{roi}.",
    unsure: "قد ينقلب الأمر: في تسعة من كل عشرة عوالم تقع النتيجة بين {low} و\u{a0}{high}{roi}.",
    known: "كل الافتراضات أرقام مفردة، فلا يمكن القول إلى أي حد هذا مؤكّد{roi}.",
    roi: "، أي عائد من {low} إلى {high} على كلفة البرنامج",
    decides: "العامل الحاسم هو {assumption}: عند {from} يصل البرنامج إلى {at_from}، وعند {to} إلى {at_to}{lift}.",
    decides_little: "أكثر ما يحرّك النتيجة هو {assumption}: من {at_from} عند {from} إلى {at_to} عند {to}، دون أن ينقلب الجواب{lift}.",
    from_lift: "؛ ومع بقاء سائر الاستجابات كما افتُرضت، يغطّي البرنامج كلفته متى جاء الأعضاء أكثر بنسبة {percent}",
    from_lift_below: "؛ ومع بقاء سائر الاستجابات كما افتُرضت، كان يغطّي كلفته حتى لو جاء الأعضاء أقلّ بنسبة {percent}",
    decides_nothing: "لم يُختبر أي افتراض على مدى من القيم، فلا يُعرف أيها الحاسم{lift}.",

    cost_one: "من {from} إلى {until} كان {program} سيكلّف {cost}{share}.",
    cost_several: "من {from} إلى {until} كان {program} سيكون الأقل كلفة من بين {programs}: {cost}{share}؛ والأغلى هو {other} بكلفة {dearest}.",
    of_sales: " من المبيعات",
    cost_none: "لا يُعرف كم كان {program} سيكلّف من {from} إلى {until}.",
    counted: "هذا الرقم معدود على مشتريات حقيقية وليس تقديرًا؛ لكن في إعادة التشغيل لا يغيّر أحد شراءه، فهو يبيّن كم يكلّف البرنامج لا هل هو مُجدٍ.",
    lift_needed: "العامل الحاسم هو كم سيزيد الشراء: لكي يغطّي البرنامج كلفته يجب أن تزيد المبيعات بنسبة {percent}.",
    dearest_rule: "أكثر الكلفة من {rule}: {share} منها.",
    no_rule: "لم تكلّف أي قاعدة من قواعد البرنامج شيئًا.",

    side_by_side: Heading {
        title: "جنبًا إلى جنب",
        caption: "الأرقام الرئيسة لكل برنامج؛ وبين قوسين مدى تسعة من كل عشرة عوالم.",
    },
    gain: Heading {
        title: "الربح حتى الآن",
        caption: "ما جلبه البرنامج ناقص ما كلّفه منذ بدايته. فوق الصفر يكون قد غطّى كلفته؛ والشريط يضمّ تسعة من كل عشرة عوالم.",
    },
    sales: Heading {
        title: "المبيعات", caption: "مبيعات كل شهر مع البرنامج، ومبيعات الأشخاص أنفسهم من دونه."
    },
    liability: Heading {
        title: "المستحق للأعضاء",
        caption: "ما كان يمكن للأعضاء أن يطالبوا به في نهاية كل شهر: كل نقاطهم، والجزء المتوقّع استخدامه.",
    },
    rules: Heading {
        title: "كلفة كل قاعدة",
        caption: "كلفة ما منحته كل قاعدة أو مكافأة أو خصم. الخط الرفيع يضمّ تسعة من كل عشرة عوالم.",
    },
    tornado: Heading {
        title: "ما الذي يحرّك الجواب",
        caption: "صافي الربح في المدة المحاكاة حين ينتقل افتراض واحد من طرفه الأدنى إلى الأعلى ويبقى غيره في الوسط؛ وأطول عمود هو الأهم.",
    },
    trial: super::trial::AR,
    deciles_gain: Heading {
        title: "مع من يربح",
        caption: "ما يربحه البرنامج أو يخسره مع كل عُشر من الأعضاء، بدءًا بالأكثر إنفاقًا.",
    },
    deciles_given: Heading {
        title: "من ينال كم", caption: "ما يمنحه البرنامج لكل عُشر من الأعضاء، بدءًا بالأكثر إنفاقًا."
    },
    first_reward: Heading {
        title: "المكافأة الأولى",
        caption: "نسبة الأعضاء الذين نالوا مكافأة، بحسب عدد الأشهر منذ انضمامهم.",
    },
    migration: Heading {
        title: "الانتقال بين المستويات", caption: "كم عضوًا انتقل من مستوى إلى آخر."
    },
    aged: Heading {
        title: "متى تنتهي النقاط",
        caption: "النقاط الباقية في النهاية بحسب الشهر الذي تنتهي فيه، بقيمتها.",
    },
    by_tier: Heading {
        title: "بحسب المستوى", caption: "الأعضاء والمبيعات والكلفة بحسب المستوى في النهاية."
    },
    by_segment: Heading {
        title: "بحسب الشريحة",
        caption: "الأعضاء والمبيعات والكلفة بحسب الشريحة؛ وقد يكون العضو في أكثر من شريحة.",
    },
    by_store: Heading {
        title: "بحسب المتجر", caption: "الأعضاء والمبيعات والكلفة بحسب متجر الشراء."
    },
    objectives: Heading {
        title: "الأهداف", caption: "ما الغاية من البرنامج، وهل يبلغها."
    },
    beside: Heading {
        title: "الرابحون والخاسرون",
        caption: "كم عضوًا ينال أكثر أو أقل أو مثل ما يناله في البرنامج الأول، بقيمته عند الأعضاء.",
    },
    beside_deciles: Heading {
        title: "الفرق بحسب الإنفاق",
        caption: "كم ينال العضو أكثر أو أقل مما يناله في البرنامج الأول، بحسب أعشار الأعضاء، بدءًا بالأكثر إنفاقًا.",
    },
    beside_most: Heading {
        title: "أكبر الفروق",
        caption: "الأعضاء الذين يختلف البرنامجان عندهم أكثر من غيرهم، بما ينالونه.",
    },
    measures: Heading {
        title: "كل المؤشرات", caption: "كل مؤشر مع مدى تسعة من كل عشرة عوالم، وكيف يُحسب."
    },
    counting: Counting {
        side_by_side: "الأرقام الرئيسة لكل برنامج.",
        sales: "مبيعات كل شهر.",
        rules: "كلفة ما منحته كل قاعدة أو مكافأة أو خصم.",
        measures: "كل مؤشر، وكيف يُحسب.",
    },
    months: Heading { title: "شهرًا بعد شهر", caption: "كل أرقام كل شهر." },
    assumptions: Heading {
        title: "الافتراضات",
        caption: "ما قيل للمحاكاة عن الناس. كل قيمة بين الطرفين تُعدّ محتملة بالقدر نفسه.",
    },
    cautions: Heading {
        title: "قبل الاعتماد على التقرير", caption: "ما لا يعرفه هذا التقرير أو يغفله."
    },

    figure: "الرقم",
    low: "الأدنى",
    middle: "الوسط",
    high: "الأعلى",
    program: "البرنامج",
    measure: "المؤشر",
    what_it_is: "ما هو",
    month: "الشهر",
    month_number: "أشهر منذ الانضمام",
    gain_so_far: "الربح حتى الآن",
    with_program: "مع البرنامج",
    without_program: "من دون البرنامج",
    difference: "الفرق",
    face: "كل النقاط",
    expected: "المتوقّع استخدامه",
    sales_head: "المبيعات",
    rule: "القاعدة",
    times: "المرات",
    points: "النقاط",
    unit: "الوحدة",
    cost: "الكلفة",
    worth: "القيمة عند الأعضاء",
    assumption: "الافتراض",
    from: "من",
    to: "إلى",
    gain_at_low: "الربح عند الطرف الأدنى",
    gain_at_high: "الربح عند الطرف الأعلى",
    source: "المصدر",
    own_figure: "رقم من عندكم",
    decile: "العُشر بحسب الإنفاق",
    members: "الأعضاء",
    given: "الممنوح",
    spent: "المستخدم",
    expired: "المنتهي",
    active: "أعضاء اشتروا",
    gain_with_them: "الربح",
    share: "النسبة",
    level_before: "من مستوى",
    level_after: "إلى مستوى",
    never: "لا تنتهي",
    objective: "الهدف",
    came_to: "النتيجة",
    met: "تحقّق",
    yes: "نعم",
    no: "لا",
    not_known: "لا يُعرف بعد",
    met_in: "في {percent} من العوالم",
    get_more: "ينالون أكثر",
    get_less: "ينالون أقل",
    get_same: "ينالون المقدار نفسه",
    member: "العضو",
    difference_of_gain: "الربح مقارنةً بالأول",
    saved: "أقل كلفةً من الأول بمقدار",
    part: "الجزء",
    band: "تسعة من كل عشرة عوالم",
    days: "أيام",

    no_behaviour_change: "في إعادة التشغيل لا يغيّر أحد سلوكه. فهي تبيّن ما يمنحه البرنامج وما يكلّفه، لا ما يجلبه.",
    rejected: "لم يقبل {program} {events}. يمكن رؤيتها بالأمر `loyal run --out`.",
    no_worth: "لا يذكر {program} قيمة {unit}، فلا كلفة لها هنا. أضيفوا `worth` إلى النقاط.",
    no_cost: "لا يذكر {program} كلفة {thing}، فلا كلفة له هنا. أضيفوا `costs`.",
    not_played: "في {program} عنصر لا تشغّله المحاكاة: {what}. كلفته وأثره غير محسوبين.",
    never_came: NeverCame {
        items: "لم يمنح {program} هؤلاء الناس شيئًا عبر {what}. اذكروا ما يشترونه (في السيناريو `items category …`، وإلى جانب الأرقام الخمسة `items=coffee:60+cake:40`)، وإلا غابت الكلفة والأثر.",
        activities: "لم يمنح {program} هؤلاء الناس شيئًا عبر {what}: لا أحد هنا يقوم بذلك، أو لا يقوم به بما يكفي. اذكروا في السيناريو كم مرة يقومون به (`activity …`)، وإلا غابت الكلفة والأثر.",
        visits: "لم يمنح {program} هؤلاء الناس شيئًا عبر {what}: لم تكفِ أي زيارة هنا. اذكروا في السيناريو كم مرة يمرّون من غير شراء (`visit …`)، وإلا غابت الكلفة والأثر.",
        joining: "لم يمنح {program} هؤلاء الناس شيئًا عبر {what}: لا أحد هنا ينضم بحدث. الكلفة والأثر غائبان.",
        friends: "لم يمنح {program} هؤلاء الناس شيئًا عبر {what}: لا أحد هنا يدعو صديقًا. الكلفة والأثر غائبان.",
        other: "لم يمنح {program} هؤلاء الناس شيئًا عبر {what}: لا أحد هنا بلغ ما يطلبه. وإذا بلغه أعضاء حقيقيون فالكلفة والأثر غائبان.",
    },
    one_figure: "أُعطي رقم واحد لهذا الافتراض: {assumption}. لا أحد يعرفه بهذه الدقة، فأعطوا مدى من القيم.",
    decides_sign: "جدوى البرنامج متوقفة على هذا: {assumption}. اعرفوا عنه المزيد قبل الإطلاق، مثلًا بتجربة محدودة.",
    breakage_unknown: "لا يُعرف بعد كم من {unit} في {program} ستنتهي من غير استخدام: لم يبلغ أيٌّ منها يومه الأخير، أو لم يُستخدم أيٌّ منها في هذا السجل. يُفترض أنها ستُستخدم كلها.",
    few_worlds: "عدد العوالم قليل ({worlds})، فالمدى تقريبي. اطلبوا المزيد بالخيار `--seeds`.",
    sampled: "بعض الأرقام مبنيّ على {played} من أصل {of}، وقد كُبِّرت بالنسبة نفسها.",

    tune: super::tune::AR,

    n_months: Counted {
        one: "شهر واحد", two: "شهرين", few: "{n} أشهر", many: "{n} شهرًا", other: "{n} شهر", ..NONE
    },
    n_members: Counted {
        zero: "لا أعضاء",
        one: "عضو واحد",
        two: "عضوان",
        few: "{n} أعضاء",
        many: "{n} عضوًا",
        other: "{n} عضو",
    },
    n_worlds: Counted {
        one: "عالم واحد",
        two: "عالمين",
        few: "{n} عوالم",
        many: "{n} عالمًا",
        other: "{n} عالم",
        ..NONE
    },
    n_programs: Counted {
        one: "برنامج واحد",
        two: "برنامجين",
        few: "{n} برامج",
        many: "{n} برنامجًا",
        other: "{n} برنامج",
        ..NONE
    },
    n_events: Counted {
        one: "حدثًا واحدًا", two: "حدثين", few: "{n} أحداث", many: "{n} حدثًا", other: "{n} حدث", ..NONE
    },

    months_short: MONTHS,
    months_of_day: MONTHS,
    term,
    assumed,
    per: ["في اليوم", "في الأسبوع", "في الشهر", "في ربع السنة", "في السنة"],
};

const MONTHS: [&str; 12] =
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"];

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

fn term(measure: Measure) -> Term {
    let (name, says) = match measure {
        Measure::Sales => ("المبيعات", "ما دفعه الأعضاء ناقص المرتجعات"),
        Measure::SalesWithout => ("المبيعات من دون البرنامج", "ما كان الأشخاص أنفسهم سيدفعونه"),
        Measure::IncrementalSales => ("المبيعات الإضافية", "{sales} − {sales_without}"),
        Measure::IncrementalMargin => ("الهامش الإضافي", "هامش الربح على {incremental_sales}"),
        Measure::CostAtCost => ("كلفة المكافآت", "ما مُنح واستُخدم، بكلفته عليكم"),
        Measure::CostAtWorth => ("قيمة المكافآت", "الشيء نفسه، بقيمته عند الأعضاء"),
        Measure::Fees => ("رسوم العضوية", "ما دفعه الأعضاء للاشتراكات، ناقصًا ما أُعيد"),
        Measure::FeesEarned => ("رسوم مكتسبة", "ما يخصّ من {fees} أيامًا انقضت؛ والباقي لم يُكسب بعد"),
        Measure::Adoption => ("الإقبال", "مشتريات الأعضاء ÷ كل المشتريات"),
        Measure::RunningCost => ("كلفة التشغيل", "ما يكلّفه البرنامج سوى ما يمنحه"),
        Measure::NetGain => ("صافي الربح", "{incremental_margin} + {fees_earned} − {cost_at_cost} − {running_cost}"),
        Measure::ReturnOnInvestment => ("العائد على الاستثمار", "{net_gain} ÷ ({cost_at_cost} + {running_cost})"),
        Measure::BreakEvenLift => {
            ("زيادة التعادل", "كم يجب أن يزيد مجيء الأعضاء ليصير {net_gain} صفرًا، مع بقاء سائر الافتراضات")
        }
        Measure::PaybackMonth => ("شهر الاسترداد", "أول شهر يتجاوز فيه الربح المتراكم الصفر"),
        Measure::PriceOfPoint => ("سعر النقطة", "ما تكلّفكم النقاط الممنوحة ÷ {points_given}"),
        Measure::CostShareOfSales => ("الكلفة من المبيعات", "{cost_at_cost} ÷ {sales}"),
        Measure::PointsGiven => ("النقاط الممنوحة", "النقاط المكتسبة ناقص ما استُرجع مع المرتجعات"),
        Measure::PointsSpent => ("النقاط المستخدمة", "النقاط التي دفع بها الأعضاء"),
        Measure::PointsExpired => ("النقاط المنتهية", "النقاط التي انتهت دون استخدام"),
        Measure::LiabilityFace => ("المستحق، كل النقاط", "كل النقاط الباقية بقيمتها"),
        Measure::LiabilityExpected => ("المستحق، المتوقّع استخدامه", "{liability_face} ناقص ما يُتوقّع ألا يُستخدم أبدًا"),
        Measure::AllocatedToPoints => {
            ("مبيعات مخصّصة للنقاط (IFRS 15)", "الجزء من {sales} الذي يدفع ثمن النقاط الممنوحة")
        }
        Measure::RecognisedOfPoints => {
            ("إيراد النقاط المستخدمة (IFRS 15)", "الجزء من {allocated_to_points} الذي صار إيرادًا مع استخدام النقاط")
        }
        Measure::ContractLiability => ("الإيراد المؤجّل (IFRS 15)", "جزء المبيعات الذي لا يُكتسب إلا عند استخدام النقاط"),
        Measure::RedemptionRate => ("معدل الاستخدام", "{points_spent} ÷ {points_given}"),
        Measure::Breakage => ("معدل عدم الاستخدام", "{points_expired} ÷ ({points_expired} + {points_spent})"),
        Measure::Members => ("الأعضاء", "من يشارك"),
        Measure::ActiveRate => ("معدل النشاط", "الأعضاء الذين اشتروا أو فعلوا شيئًا ÷ {members}"),
        Measure::RepeatRate => ("معدل تكرار الشراء", "الأعضاء الذين اشتروا ثانيةً في يوم آخر ÷ الأعضاء الذين اشتروا"),
        Measure::PurchaseFrequency => ("مشتريات العضو", "المشتريات ÷ الأعضاء الذين اشتروا"),
        Measure::AverageBasket => ("متوسط السلة", "{sales} ÷ المشتريات"),
        Measure::ChurnRate => ("معدل الفقدان", "الأعضاء الذين توقّفوا عن الشراء ÷ من كانوا يشترون قبلًا"),
        Measure::EverRewarded => ("نالوا مكافأة", "الأعضاء الذين نالوا مكافأة واحدة على الأقل ÷ {members}"),
        Measure::MonthsToFirstReward => ("أشهر حتى المكافأة الأولى", "من الانضمام، لمن نال مكافأة"),
        Measure::MemberValue => ("قيمة العميل", "الهامش والرسوم المخصومة لكل شخص ناقص ما يكلّفه هو والبرنامج"),
        Measure::MemberValueWithout => ("قيمة العميل دون البرنامج", "الهامش المخصوم لكل من الأشخاص أنفسهم"),
        Measure::BargainHunters => ("صيّادو العروض", "أعضاء نصف إنفاقهم أو أكثر بسعر مخفّض ÷ الأعضاء الذين اشتروا"),
        Measure::DormantWonBack => ("خاملون عادوا", "أعضاء اشتروا ثانيةً بعد صمت طويل"),
        Measure::MeasurableLift => ("الزيادة القابلة للقياس", "أصغر زيادة تُظهرها المجموعة الضابطة، أربع مرات من خمس"),
    };
    Term { name, says }
}

fn assumed(name: &str) -> Option<&'static str> {
    Some(match name {
        "visits" => "كم يزداد تردّد الأعضاء",
        "basket" => "كم تكبر السلال",
        "near reward" => "كم يزداد تردّد الأعضاء قرب المكافأة",
        "after reward" => "كم يزداد تردّد الأعضاء بعد المكافأة",
        "keeping level" => "كم يزداد تردّد الأعضاء حفاظًا على مستواهم",
        "staying" => "كم يقلّ عدد المغادرين",
        "coming back" => "كم من المغادرين يعود",
        "redeem" => "كم مرة يأخذ الأعضاء مكافأة في متناولهم",
        "margin" => "هامش الربح على ما يُباع",
        "gap" => "كم يومًا بين شراء وآخر",
        "leave" => "كم يتوقّف عن الشراء في السنة",
        "activity" => "كم مرة يقوم بذلك من يقومون به",
        "members with" => "كم من الأعضاء يقوم بذلك",
        "visit" => "كم مرة يمرّ الأعضاء دون شراء",
        "subscribe" => "كم من الأعضاء يشترك",
        "renew" => "كم منهم يجدّد عند نهاية المدة",
        "joining at once" => "كم ينضمّ فورًا",
        "joining over time" => "كم ينضمّ لاحقًا",
        "returns" => "كم من المشتريات يُرجَع",
        _ => return None,
    })
}
