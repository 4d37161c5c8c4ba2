//! Romanian.

use super::{Counted, Counting, Heading, NeverCame, Pays, Term, Words};
use crate::simulate::study::Measure;

/// The texts in Romanian.
pub static WORDS: Words = Words {
    title_population: "Se merită programul?",
    title_replay: "Cât ar fi costat programul?",
    about_population: "{members} în simulare, între {from} și {until}, în {worlds}: aceiași oameni, cu alt noroc și cu ipoteze trase din nou din intervalele lor.",
    about_replay: "{members}, așa cum au cumpărat cu adevărat, între {from} și {until}.",
    answer: "Răspunsul",
    contents: "În această pagină",
    table: "Cifrele, în tabel",
    keys: "De la tastatură: săgețile citesc punctele unul după altul.",
    time_runs: "",
    axis_cut: "Axa nu începe de la zero.",
    made_by: "Făcut de loyal {version}, sămânța {seed}. Același program, același scenariu și aceeași sămânță dau același raport.",
    one_program: "Programul {program}",

    one: Pays {
        yes: "Da: între {from} și {until}, {program} aduce cu {gain} mai mult decât costă.",
        perhaps: "Probabil, dar nu sigur: între {from} și {until}, {program} ar trebui să aducă cu {gain} mai mult decât costă.",
        hardly: "Probabil că nu: între {from} și {until}, {program} ar costa cu {loss} mai mult decât aduce.",
        no: "Nu: între {from} și {until}, {program} costă cu {loss} mai mult decât aduce.",
    },
    several: Pays {
        yes: "Da: dintre cele {programs}, cel mai bine se merită {program}; între {from} și {until} aduce cu {gain} mai mult decât costă.",
        perhaps: "Probabil, dar nu sigur: dintre cele {programs}, cel mai bun este {program}; între {from} și {until} ar trebui să aducă cu {gain} mai mult decât costă.",
        hardly: "Probabil că nu: chiar și cel mai bun dintre cele {programs}, {program}, ar costa cu {loss} mai mult decât aduce între {from} și {until}.",
        no: "Nu: chiar și cel mai bun dintre cele {programs}, {program}, costă cu {loss} mai mult decât aduce între {from} și {until}.",
    },
    unknown: "Nu se poate spune dacă {program} se merită: nu s-a aflat nimic despre câștigul dintre {from} și {until}.",
    sure: "Răspunsul e destul de sigur: în nouă lumi din zece, rezultatul e între {low} și {high}{roi}.",
    unsure: "Se poate întâmpla și invers: în nouă lumi din zece, rezultatul e între {low} și {high}{roi}.",
    known: "Toate ipotezele sunt cifre unice, așa că nu se poate spune cât de sigur e răspunsul{roi}.",
    roi: ", adică un randament între {low} și {high} din costul programului",
    decides: "Hotărâtor este {assumption}: la {from}, programul ajunge la {at_from}, iar la {to}, la {at_to}{lift}.",
    decides_little: "Cel mai mult contează {assumption}: rezultatul merge de la {at_from} (la {from}) până la {at_to} (la {to}), fără să se schimbe răspunsul{lift}.",
    from_lift: "; cu celelalte răspunsuri așa cum s-au presupus, programul se plătește singur când membrii vin cu {percent} mai des",
    from_lift_below: "; cu celelalte răspunsuri așa cum s-au presupus, programul s-ar plăti singur chiar dacă membrii ar veni cu {percent} mai rar",
    decides_nothing: "Nicio ipoteză nu a fost variată, așa că nu se știe care este hotărâtoare{lift}.",

    cost_one: "Între {from} și {until}, {program} ar fi costat {cost}{share}.",
    cost_several: "Între {from} și {until}, {program} ar fi costat cel mai puțin dintre cele {programs}: {cost}{share}; cel mai scump este {other}, cu {dearest}.",
    of_sales: " din vânzări",
    cost_none: "Nu se știe cât ar fi costat {program} între {from} și {until}.",
    counted: "Cifra e numărată pe cumpărături reale, nu estimată; dar într-o reluare nimeni nu cumpără altfel, așa că ea spune cât costă programul, nu dacă se merită.",
    lift_needed: "Hotărâtor este cu cât cumpără oamenii mai mult: ca programul să se plătească singur, vânzările trebuie să crească cu {percent}.",
    dearest_rule: "Costul vine mai ales din {rule}: {share} din el.",
    no_rule: "Nicio regulă a programului nu a costat nimic.",

    side_by_side: Heading {
        title: "Alăturat",
        caption: "Cifrele principale ale fiecărui program; în paranteze, intervalul a nouă lumi din zece.",
    },
    gain: Heading {
        title: "Câștigul de până acum",
        caption: "Ce a adus programul minus ce a costat, de la început. Peste zero s-a plătit singur; banda cuprinde nouă lumi din zece.",
    },
    sales: Heading {
        title: "Vânzări",
        caption: "Vânzările din fiecare lună cu programul și cele ale acelorași oameni fără el.",
    },
    liability: Heading {
        title: "Cât se datorează",
        caption: "Ce mai puteau cere membrii la sfârșitul fiecărei luni: toate punctele lor și partea care se așteaptă să fie folosită.",
    },
    rules: Heading {
        title: "Cât costă fiecare regulă",
        caption: "Costul a ceea ce a dat fiecare regulă, recompensă sau reducere. Linia subțire cuprinde nouă lumi din zece.",
    },
    tornado: Heading {
        title: "Ce mișcă răspunsul",
        caption: "Câștigul net din timpul simulat când o singură ipoteză trece de la capătul de jos la cel de sus, iar celelalte rămân la mijloc; bara cea mai lungă contează cel mai mult.",
    },
    trial: super::trial::RO,
    deciles_gain: Heading {
        title: "Cu cine se câștigă",
        caption: "Cât câștigă sau pierde programul cu fiecare zecime de membri, întâi cei care cheltuiesc cel mai mult.",
    },
    deciles_given: Heading {
        title: "Cine cât primește",
        caption: "Ce dă programul fiecărei zecimi de membri, întâi celor care cheltuiesc cel mai mult.",
    },
    first_reward: Heading {
        title: "Prima recompensă",
        caption: "Câți membri au primit o recompensă, după numărul de luni de la înscriere.",
    },
    migration: Heading {
        title: "Trecerea între niveluri", caption: "Câți membri au trecut de la un nivel la altul."
    },
    aged: Heading {
        title: "Când expiră punctele",
        caption: "Punctele rămase la sfârșit, după luna în care expiră, la valoarea lor.",
    },
    by_tier: Heading { title: "Pe niveluri", caption: "Membri, vânzări și cost după nivelul de la sfârșit." },
    by_segment: Heading {
        title: "Pe segmente",
        caption: "Membri, vânzări și cost pe segmente; un membru poate fi în mai multe.",
    },
    by_store: Heading {
        title: "Pe magazine", caption: "Membri, vânzări și cost după magazinul în care s-a cumpărat."
    },
    objectives: Heading { title: "Obiective", caption: "Pentru ce există programul și dacă ajunge acolo." },
    beside: Heading {
        title: "Cine câștigă, cine pierde",
        caption: "Câți membri primesc mai mult, mai puțin sau la fel ca în primul program, la valoarea pentru ei.",
    },
    beside_deciles: Heading {
        title: "Diferența după cheltuieli",
        caption: "Cu cât primește un membru mai mult sau mai puțin decât în primul program, pe zecimi de membri, întâi cei care cheltuiesc cel mai mult.",
    },
    beside_most: Heading {
        title: "Cele mai mari diferențe",
        caption: "Membrii pentru care cele două programe diferă cel mai mult, după ce primesc.",
    },
    measures: Heading {
        title: "Toți indicatorii",
        caption: "Fiecare indicator, cu intervalul a nouă lumi din zece și cu felul în care se calculează.",
    },
    counting: Counting {
        side_by_side: "Cifrele principale ale fiecărui program.",
        sales: "Vânzările din fiecare lună.",
        rules: "Costul a ceea ce a dat fiecare regulă, recompensă sau reducere.",
        measures: "Fiecare indicator și felul în care se calculează.",
    },
    months: Heading { title: "Lună de lună", caption: "Toate cifrele fiecărei luni." },
    assumptions: Heading {
        title: "Ipoteze",
        caption: "Ce i s-a spus simulării despre oameni. Orice valoare dintre cele două capete e socotită la fel de probabilă.",
    },
    cautions: Heading {
        title: "Înainte să vă bazați pe raport",
        caption: "Ce nu știe sau lasă deoparte acest raport.",
    },

    figure: "Cifra",
    low: "Jos",
    middle: "Mijloc",
    high: "Sus",
    program: "Program",
    measure: "Indicator",
    what_it_is: "Ce este",
    month: "Luna",
    month_number: "Luni de la înscriere",
    gain_so_far: "Câștigul de până acum",
    with_program: "Cu programul",
    without_program: "Fără program",
    difference: "Diferența",
    face: "Toate punctele",
    expected: "Se așteaptă să fie folosite",
    sales_head: "Vânzări",
    rule: "Regula",
    times: "De câte ori",
    points: "Puncte",
    unit: "Unitatea",
    cost: "Cost",
    worth: "Valoarea pentru membri",
    assumption: "Ipoteza",
    from: "De la",
    to: "Până la",
    gain_at_low: "Câștigul la capătul de jos",
    gain_at_high: "Câștigul la capătul de sus",
    source: "Sursa",
    own_figure: "cifra dumneavoastră",
    decile: "Zecimea după cheltuieli",
    members: "Membri",
    given: "Dat",
    spent: "Folosit",
    expired: "Expirat",
    active: "Membri care au cumpărat",
    gain_with_them: "Câștig",
    share: "Parte",
    level_before: "De la nivelul",
    level_after: "La nivelul",
    never: "Niciodată",
    objective: "Obiectivul",
    came_to: "Rezultatul",
    met: "Atins",
    yes: "da",
    no: "nu",
    not_known: "încă nu se știe",
    met_in: "în {percent} din lumi",
    get_more: "Primesc mai mult",
    get_less: "Primesc mai puțin",
    get_same: "Primesc la fel",
    member: "Membrul",
    difference_of_gain: "Câștig față de primul",
    saved: "Costă mai puțin decât primul cu",
    part: "Partea",
    band: "nouă lumi din zece",
    days: "zile",

    no_behaviour_change: "Într-o reluare nimeni nu se poartă altfel. Ea arată ce dă și cât costă programul, nu ce aduce.",
    rejected: "{program} nu a acceptat {events}. Se văd cu `loyal run --out`.",
    no_worth: "{program} nu spune cât valorează {unit}, așa că aici nu costă nimic. Adăugați `worth` la puncte.",
    no_cost: "{program} nu spune cât costă {thing}, așa că aici nu costă nimic. Adăugați `costs`.",
    not_played: "{program} are {what}, care nu intră în simulare; costul și efectul lui lipsesc.",
    never_came: NeverCame {
        items: "{program} nu le-a dat niciodată nimic acestor oameni prin {what}. Spuneți ce cumpără (într-un scenariu `items category …`, lângă cele cinci cifre `items=coffee:60+cake:40`), altfel costul și efectul lipsesc.",
        activities: "{program} nu le-a dat niciodată nimic acestor oameni prin {what}: aici nimeni nu face asta, sau nu destul de des. Spuneți într-un scenariu cât de des o fac (`activity …`), altfel costul și efectul lipsesc.",
        visits: "{program} nu le-a dat niciodată nimic acestor oameni prin {what}: nicio vizită de aici nu a fost de ajuns. Spuneți într-un scenariu cât de des trec fără să cumpere (`visit …`), altfel costul și efectul lipsesc.",
        joining: "{program} nu le-a dat niciodată nimic acestor oameni prin {what}: aici nimeni nu se înscrie printr-un eveniment. Costul și efectul lipsesc.",
        friends: "{program} nu le-a dat niciodată nimic acestor oameni prin {what}: aici nimeni nu aduce un prieten. Costul și efectul lipsesc.",
        other: "{program} nu le-a dat niciodată nimic acestor oameni prin {what}: aici nimeni nu a ajuns la ce se cere. Dacă membrii adevărați ajung, costul și efectul lipsesc.",
    },
    one_figure: "Pentru {assumption} s-a dat o singură cifră. Nimeni nu o știe atât de bine: dați un interval.",
    decides_sign: "De {assumption} depinde dacă programul se merită. Aflați mai multe înainte de lansare, de exemplu printr-un pilot.",
    breakage_unknown: "Nu se știe încă câte {unit} din {program} vor expira: niciun lot nu a ajuns la ultima zi sau în acest istoric nu s-a folosit niciunul. Se presupune că toate vor fi folosite.",
    few_worlds: "S-au tras doar {worlds}, așa că intervalele sunt aproximative. Cereți mai multe cu `--seeds`.",
    sampled: "Unele cifre se sprijină pe {played} din {of} și sunt extrapolate.",

    tune: super::tune::RO,

    n_months: Counted { one: "o lună", few: "{n} luni", other: "{n} de luni", ..NONE },
    n_members: Counted { one: "un membru", few: "{n} membri", other: "{n} de membri", ..NONE },
    n_worlds: Counted { one: "o lume", few: "{n} lumi", other: "{n} de lumi", ..NONE },
    n_programs: Counted { one: "un program", few: "{n} programe", other: "{n} de programe", ..NONE },
    n_events: Counted { one: "un eveniment", few: "{n} evenimente", other: "{n} de evenimente", ..NONE },

    months_short: ["ian.", "feb.", "mar.", "apr.", "mai", "iun.", "iul.", "aug.", "sept.", "oct.", "nov.", "dec."],
    months_of_day: [
        "ianuarie",
        "februarie",
        "martie",
        "aprilie",
        "mai",
        "iunie",
        "iulie",
        "august",
        "septembrie",
        "octombrie",
        "noiembrie",
        "decembrie",
    ],
    term,
    assumed,
    per: ["pe zi", "pe săptămână", "pe lună", "pe trimestru", "pe an"],
};

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

fn term(measure: Measure) -> Term {
    let (name, says) = match measure {
        Measure::Sales => ("Vânzări", "ce au plătit membrii, minus retururile"),
        Measure::SalesWithout => ("Vânzări fără program", "ce ar fi plătit aceiași oameni"),
        Measure::IncrementalSales => ("Vânzări în plus", "{sales} − {sales_without}"),
        Measure::IncrementalMargin => ("Marjă în plus", "marja din {incremental_sales}"),
        Measure::CostAtCost => ("Costul recompenselor", "ce s-a dat și s-a folosit, la cât vă costă"),
        Measure::CostAtWorth => ("Valoarea recompenselor", "același lucru, la cât valorează pentru membri"),
        Measure::Fees => ("Taxe", "ce au plătit membrii pentru abonamente, minus ce s-a înapoiat"),
        Measure::FeesEarned => {
            ("Taxe câștigate", "partea din {fees} pentru zilele care au trecut; restul nu e câștigat încă")
        }
        Measure::Adoption => ("Adoptare", "cumpărăturile membrilor ÷ toate cumpărăturile"),
        Measure::RunningCost => ("Costul de funcționare", "ce costă programul în afară de ceea ce dă"),
        Measure::NetGain => ("Câștig net", "{incremental_margin} + {fees_earned} − {cost_at_cost} − {running_cost}"),
        Measure::ReturnOnInvestment => ("Randamentul investiției", "{net_gain} ÷ ({cost_at_cost} + {running_cost})"),
        Measure::BreakEvenLift => (
            "Pragul de rentabilitate",
            "cu cât mai des trebuie să vină membrii ca {net_gain} să fie zero, restul rămânând cum s-a presupus",
        ),
        Measure::PaybackMonth => ("Luna recuperării", "prima lună în care câștigul de până atunci trece de zero"),
        Measure::PriceOfPoint => ("Prețul unui punct", "cât vă costă punctele date ÷ {points_given}"),
        Measure::CostShareOfSales => ("Costul din vânzări", "{cost_at_cost} ÷ {sales}"),
        Measure::PointsGiven => ("Puncte date", "punctele câștigate, minus cele luate înapoi la retururi"),
        Measure::PointsSpent => ("Puncte folosite", "punctele cu care au plătit membrii"),
        Measure::PointsExpired => ("Puncte expirate", "punctele care s-au pierdut nefolosite"),
        Measure::LiabilityFace => ("Datorat, toate punctele", "toate punctele rămase, la valoarea lor"),
        Measure::LiabilityExpected => {
            ("Datorat, cât se va folosi", "{liability_face}, fără ce se așteaptă să nu fie folosit niciodată")
        }
        Measure::AllocatedToPoints => {
            ("Vânzări alocate punctelor (IFRS 15)", "partea din {sales} care plătește punctele primite")
        }
        Measure::RecognisedOfPoints => (
            "Câștigat din puncte (IFRS 15)",
            "partea din {allocated_to_points} devenită venit pe măsură ce punctele s-au folosit",
        ),
        Measure::ContractLiability => {
            ("Venit amânat (IFRS 15)", "partea din vânzări care se câștigă abia când se folosesc punctele")
        }
        Measure::RedemptionRate => ("Rata de folosire", "{points_spent} ÷ {points_given}"),
        Measure::Breakage => ("Rata de nefolosire", "{points_expired} ÷ ({points_expired} + {points_spent})"),
        Measure::Members => ("Membri", "cine participă"),
        Measure::ActiveRate => ("Rata de activitate", "membrii care au cumpărat sau au făcut ceva ÷ {members}"),
        Measure::RepeatRate => {
            ("Rata de revenire", "membrii care au cumpărat din nou în altă zi ÷ membrii care au cumpărat")
        }
        Measure::PurchaseFrequency => ("Cumpărături pe membru", "cumpărături ÷ membrii care au cumpărat"),
        Measure::AverageBasket => ("Coșul mediu", "{sales} ÷ cumpărături"),
        Measure::ChurnRate => ("Rata de plecare", "membrii care n-au mai cumpărat ÷ membrii care cumpăraseră înainte"),
        Measure::EverRewarded => ("Au primit vreo recompensă", "membrii cu cel puțin o recompensă ÷ {members}"),
        Measure::MonthsToFirstReward => {
            ("Luni până la prima recompensă", "de la înscriere, pentru membrii care au primit una")
        }
        Measure::MemberValue => {
            ("Valoarea unui client", "marja și taxele actualizate ale fiecărui om, minus cât costă el și programul")
        }
        Measure::MemberValueWithout => ("Valoarea fără program", "marja actualizată a fiecăruia dintre aceiași oameni"),
        Measure::BargainHunters => {
            ("Vânători de reduceri", "membrii cu cel puțin jumătate din bani la preț redus ÷ membrii care au cumpărat")
        }
        Measure::DormantWonBack => ("Membri readuși", "membrii care au cumpărat din nou după o tăcere lungă"),
        Measure::MeasurableLift => (
            "Creșterea măsurabilă",
            "cea mai mică creștere pe care grupul de control ar arăta-o, de patru ori din cinci",
        ),
    };
    Term { name, says }
}

fn assumed(name: &str) -> Option<&'static str> {
    Some(match name {
        "visits" => "cu cât vin membrii mai des",
        "basket" => "cu cât cresc coșurile",
        "near reward" => "cu cât vin membrii mai des aproape de o recompensă",
        "after reward" => "cu cât vin membrii mai des după o recompensă",
        "keeping level" => "cu cât vin membrii mai des ca să-și păstreze nivelul",
        "staying" => "cu cât mai puțini membri pleacă",
        "coming back" => "câți dintre cei plecați se întorc",
        "redeem" => "cât de des își iau membrii recompensa la care au ajuns",
        "margin" => "marja din vânzări",
        "gap" => "câte zile trec între cumpărături",
        "leave" => "câți nu mai cumpără deloc după un an",
        "activity" => "cât de des o fac cei care o fac",
        "members with" => "câți dintre membri o fac",
        "visit" => "cât de des trec membrii fără să cumpere",
        "subscribe" => "câți membri își iau abonamentul",
        "renew" => "câți îl prelungesc la sfârșitul unui termen",
        "joining at once" => "câți se înscriu de la început",
        "joining over time" => "câți se înscriu mai târziu",
        "returns" => "câte cumpărături sunt returnate",
        _ => return None,
    })
}
