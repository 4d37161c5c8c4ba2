//! Romanian.

use super::{Words, listed, say};
use crate::report::study::said::Said;
use crate::report::study::words::{Counted, Heading};
use crate::simulate::fit::{Doubt, Meaning, NoSpend};

pub(super) static WORDS: Words = Words {
    title: "Cum cumpără membrii?",
    about: "{members} care au cumpărat prima dată între {from} și {until}; {repeaters} dintre ei ({share}) au revenit: {repeats} în total.",
    made_by: "Făcut de loyal {version}, sămânța {seed}. Același istoric și aceeași sămânță dau același raport.",
    band: "95 % din valorile posibile ale parametrilor",
    behind: "Săptămânile umbrite au fost păstrate deoparte: modelul nu le-a văzut.",

    ahead: "În următoarea perioadă ({weeks} după {until}) se așteaptă de la cei {members} cumpărături în număr de {purchases} și cheltuieli de {spend}, în banii de azi.",
    ahead_without: "În următoarea perioadă ({weeks} după {until}) se așteaptă de la cei {members} cumpărături în număr de {purchases}.",
    tracks: "Puteți planifica cu aceste sume: în perioada păstrată deoparte ({weeks}) se așteptau {expected} cumpărături repetate și au fost {actual}, deci modelul se abate cu cel mult {within}.",
    off: "Luați-o ca direcție, nu ca buget: în perioada păstrată deoparte ({weeks}) se așteptau {expected} cumpărături repetate și au fost {actual} ({off}).",
    poor: "Nu planificați încă pe baza ei, potrivirea e slabă: în perioada păstrată deoparte ({weeks}) se așteptau {expected} cumpărături repetate și au fost {actual} ({off}).",
    thin: "Nu se poate spune cât de bine prezice: în perioada păstrată deoparte ({weeks}) au fost doar {actual} cumpărături repetate, prea puține pentru o comparație.",
    unchecked: "Nimeni nu a văzut cât de bine prezice: nimic nu a fost păstrat deoparte pentru comparație.",
    worth: "Înseamnă, în medie, {each} de fiecare membru; înmulțit cu marja dumneavoastră, atât vă poate costa un membru în acest timp.",
    no_worth: "Cât valorează un membru în bani nu se poate spune (vedeți mai jos); un membru nou ar trebui să revină de {new} ori în {weeks}.",

    cumulative: Heading {
        title: "Revenirile de până acum",
        caption: "Toate cumpărăturile repetate până la sfârșitul fiecărei săptămâni, numărate de la prima cumpărătură din istoric: cele care au avut loc și cele la care se așteaptă modelul.",
    },
    weekly: Heading {
        title: "Săptămână cu săptămână",
        caption: "Cumpărăturile repetate din fiecare săptămână: cele care au avut loc și cele la care se așteaptă modelul.",
    },
    conditional: Heading {
        title: "Cine revine și cât de des",
        caption: "Cumpărăturile unui membru în săptămânile păstrate deoparte, în medie, după câte reveniri avusese înainte: cele care au avut loc și cele la care se așteaptă modelul de la cine a făcut ce a făcut el.",
    },
    repeats: Heading {
        title: "De câte ori au revenit membrii",
        caption: "Câți membri au revenit de atâtea ori în perioada potrivită și la câți se așteaptă modelul.",
    },
    worth_by: Heading {
        title: "Cât valorează un membru",
        caption: "Cât se așteaptă să cheltuiască un membru în perioada următoare, în banii de azi, după de câte ori a revenit până acum. Linia subțire e intervalul: 95 % din valorile posibile ale parametrilor.",
    },
    outlook: Heading {
        title: "La ce să vă așteptați",
        caption: "Ce se așteaptă după ultima zi potrivită. Intervalele cuprind 95 % din valorile posibile ale parametrilor; sunt ale sumelor și mediilor, nu ale unui singur membru.",
    },
    models: Heading {
        title: "Ce model se potrivește",
        caption: "Cât de bine se potrivește fiecare model: log-verosimilitatea e mai bună cu cât e mai mare, AIC și BIC cu cât sunt mai mici. Se folosește primul dintre cele care se potrivesc la fel.",
    },
    parameters: Heading {
        title: "Parametri",
        caption: "Parametrii fiecărui model și cu cât se poate abate fiecare. Unde lipsește eroarea standard, nu există una cinstită.",
    },
    read: Heading { title: "Ce s-a citit", caption: "Ce s-a folosit din istoric și ce a fost lăsat deoparte." },

    week: "Săptămâna",
    happened: "Realizate",
    expected: "Așteptate",
    so_far: "până acum",
    held_out: "Păstrată deoparte",
    again: "Reveniri",
    model: "Model",
    parameter: "Parametru",
    error: "Eroare standard",
    log_likelihood: "Log-verosimilitate",
    used: "Folosit",
    settled: "Toți parametrii cunoscuți",

    alive: "Membri care nu au plecat",
    purchases: "Cumpărăturile lor",
    spend: "Cât cheltuiesc, cu o reducere de {percent} pe an",
    spend_each: "Același lucru, de fiecare membru",
    new_member: "Revenirile unui membru nou în {weeks}",
    first_spend: "O cumpărătură a cuiva încă necunoscut",
    correlation: "Corelația dintre cât de des și cât de mult",
    members: "Membri care au cumpărat",
    repeaters: "Membri care au revenit",
    repeat_purchases: "Cumpărături repetate",
    newcomers: "Lăsați deoparte: membri care au cumpărat prima dată după ultima zi potrivită",
    merged: "Unite cu altă cumpărătură din aceeași zi",
    by_itself: "Fiecare cumpărătură se numără separat",
    anonymous: "Lăsate deoparte: cumpărături fără membru",
    returned: "Lăsate deoparte: cumpărături returnate în întregime",
    weeks: "săptămâni",
    days: "zile",

    n_weeks: Counted { one: "o săptămână", few: "{n} săptămâni", other: "{n} de săptămâni", ..NONE },
    n_repeats: Counted {
        one: "o cumpărătură repetată",
        few: "{n} cumpărături repetate",
        other: "{n} de cumpărături repetate",
        ..NONE
    },

    doubt,
};

const NONE: Counted = Counted { zero: "", one: "", two: "", few: "", many: "", other: "" };

fn doubt(doubt: &Doubt) -> Said {
    let number = |number: u64| ("n", number.to_string());
    let model = |model: &&'static str| ("model", (*model).to_owned());
    match doubt {
        Doubt::FewRepeaters(members) => say(
            "Membri care au revenit: doar {n}. Cifrele sunt aproximative, mai ales pentru un singur membru: citiți intervalele, nu mijlocul lor, și potriviți din nou când au revenit câteva sute.",
            &[number(*members)],
        ),
        Doubt::ShortHistory { weeks } => say(
            "Săptămâni potrivite: doar {n}. Într-un timp atât de scurt un sezon pare un obicei; nu planificați cu mult mai departe decât merge istoricul înapoi.",
            &[number(u64::from(*weeks))],
        ),
        Doubt::RunsAway { model: of, names, means } => {
            let text = "{model}: potrivirea se îmbunătățește la nesfârșit cu cât {names} merg mai departe.";
            let end = " Sumele pentru toți membrii se pot folosi cu grijă; intervalele lipsesc, pentru că nu există unele cinstite. Un istoric mai lung sau alt `--model` poate lămuri lucrurile.";
            let said = say(text, &[model(of), ("names", listed(names))]);
            let said =
                means.iter().fold(said, |said, means| said.then(Said::words(" ")).then(Said::words(meaning(*means))));
            said.then(say(end, &[]))
        }
        Doubt::Wide { model: of, names } => say(
            "{model}: {names} ar putea fi la fel de bine de cincizeci de ori mai mari sau mai mici; istoricul se potrivește cu toate aproape la fel. Sumele pentru toți membrii pot fi totuși corecte, căci contează doar ce iese din aceste numere împreună; nu comparați numerele între magazine sau ani.",
            &[model(of), ("names", listed(names))],
        ),
        Doubt::OtherTop { model: of, agree, of: all, lower } => say(
            "{model}: {agree} din {of} căutări au ajuns la aceeași cea mai bună potrivire; alta s-a oprit la una mai slabă cu {lower} în log-verosimilitate și a fost lăsată deoparte. Se arată cea mai bună.",
            &[
                model(of),
                ("agree", agree.to_string()),
                ("of", all.to_string()),
                ("lower", format!("{lower:.1}").replace('.', ",")),
            ],
        ),
        Doubt::LeftOut(of) => say(
            "{model} e lăsat deoparte: căutarea celei mai bune potriviri nu s-a liniștit, deci nu există o cifră în care să aveți încredere.",
            &[model(of)],
        ),
        Doubt::ShortHoldout { by } => say(
            "Istoricul se termină prea devreme pentru perioada păstrată deoparte; săptămâni care lipsesc: {n}. Se compară ce este.",
            &[number(u64::from(*by))],
        ),
        Doubt::NoHoldout => say(
            "Nimic nu a fost păstrat deoparte, așa că nimeni nu a văzut dacă modelul prezice viitorul acestui magazin; `--holdout 26` păstrează ultima jumătate de an și compară.",
            &[],
        ),
        Doubt::ThinHoldout(purchases) => say(
            "În perioada păstrată deoparte cumpărăturile repetate sunt prea puține ca să se judece potrivirea ({n}); păstrați deoparte mai multe săptămâni.",
            &[number(*purchases)],
        ),
        Doubt::PoorFit { off } => say(
            if *off > 0.0 {
                "Potrivirea e slabă: în perioada păstrată deoparte se așteptau cu {off} % mai multe cumpărături repetate decât au fost. Ceva s-a schimbat (un sezon, prețurile, o campanie, un magazin nou) sau membrii nu cumpără la întâmplare; nu planificați cu aceste cifre înainte să știți ce a fost."
            } else {
                "Potrivirea e slabă: în perioada păstrată deoparte se așteptau cu {off} % mai puține cumpărături repetate decât au fost. Ceva s-a schimbat (un sezon, prețurile, o campanie, un magazin nou) sau membrii nu cumpără la întâmplare; nu planificați cu aceste cifre înainte să știți ce a fost."
            },
            &[("off", format!("{:.0}", off.abs()))],
        ),
        Doubt::SpendAndFrequency { correlation } => say(
            if *correlation > 0.0 {
                "Membrii care cumpără mai des cheltuiesc și mai mult de fiecare dată (corelație {correlation}). Modelul cheltuielilor le socotește independente, așa că valoarea celor mai frecvenți cumpărători e arătată prea mică."
            } else {
                "Membrii care cumpără mai des cheltuiesc mai puțin de fiecare dată (corelație {correlation}). Modelul cheltuielilor le socotește independente, așa că valoarea celor mai frecvenți cumpărători e arătată prea mare."
            },
            &[("correlation", format!("{correlation:.2}").replace('.', ","))],
        ),
        Doubt::NoSpend(why) => {
            let start = Said::words("Cheltuielile nu sunt potrivite și nu se arată nicio valoare: ");
            start.then(Said::words(no_spend(*why)))
        }
        Doubt::HeavySpend => say(
            "Cheltuielile membrilor sunt atât de inegale încât media lor nu are limită în modelul cheltuielilor (q nu trece de 1); nu se arată nicio valoare. Căutați cumpărători angro sau greșeli printre cele mai mari cumpărături.",
            &[],
        ),
        Doubt::FreePurchases(members) => say(
            "Membri care au revenit cu cumpărături de zero sau mai puțin în medie: {n}; cheltuielile lor nu intră în modelul cheltuielilor.",
            &[number(*members)],
        ),
        Doubt::OnceIsStill => say(
            "BG/NBD îi socotește încă membri pe toți cei care au cumpărat o singură dată; celelalte modele pot număra mult mai puțini. Nu o citiți ca și cum toți ar veni.",
            &[],
        ),
    }
}

fn meaning(means: Meaning) -> &'static str {
    match means {
        Meaning::NobodyLeaves => {
            "În acest istoric aproape nimeni nu pare să plece pentru totdeauna, așa că prognoza îi păstrează aproape pe toți pe veci."
        }
        Meaning::LeaveAlike => {
            "Membrii par să plece toți la fel de repede; cum se deosebesc nu se poate citi din acest istoric."
        }
        Meaning::BuyAlike => {
            "Membrii par să cumpere toți la fel de des, ca la un abonament; poate cumpără după ceas și nu la întâmplare, cum îi socotește modelul."
        }
        Meaning::SpendAlike => "Membrii cheltuiesc aproape la fel, sau fiecare aproape la fel de fiecare dată.",
    }
}

fn no_spend(why: NoSpend) -> &'static str {
    match why {
        NoSpend::Few => "mai puțin de 10 membri au revenit și au plătit ceva.",
        NoSpend::Alike => "fiecare membru cheltuiește la fel de fiecare dată, deci nu e nimic de estimat.",
        NoSpend::NotSettled => "căutarea celei mai bune potriviri a modelului cheltuielilor nu s-a liniștit.",
    }
}
