//! A population: a program's own `scenario`, or five figures.

use super::Over;
use crate::cli::Files;
use crate::cli::data::{self, Which};
use crate::cli::failure::Failure;
use crate::cli::program::{Ready, folder_of, leads_out};
use crate::cli::screen::Screen;
use crate::engine::parts::roomy;
use crate::engine::plan::Plan;
use crate::ledger::BadRows;
use crate::mechanics::Program;
use crate::mechanics::scenario::{Buying, Like, Scenario};
use crate::simulate::fit;
use crate::simulate::population::like;
use crate::simulate::population::quick::Quick;
use crate::simulate::population::{self, How, Seat};
use crate::simulate::study::Study;
use crate::value::clock::{Date, parse_date};
use clap::Args;
use std::path::{Component, Path};

/// How the population is said.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Arguments {
    /// The `scenario` block of this name [default: the only one there is]
    #[arg(long, value_name = "NAME", conflicts_with = "quick")]
    scenario: Option<String>,
    /// Five figures instead of a scenario: members=5000,visits=2,basket=42,margin=30,lift=2..10 — how many members, how
    /// often one of them buys in a month, for how much, what percent of a price is left, and by how many percent oftener
    /// the program might make them come. Beside them, where rules look at what is bought: items=coffee:60+cake:40, the
    /// categories of baskets in percent; the rest is of none
    #[arg(long, value_name = "FIGURES", value_parser = figures)]
    quick: Option<Quick>,
    /// The first day [default: the program's own, else 2026-01-01]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Date>,
}

fn day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

/// An example of the figures, as messages show it.
const FIGURES: &str = "members=5000,visits=2,basket=42,margin=30,lift=2..10";

/// Reads `members=5000,visits=2,basket=42,margin=30,lift=2..10`, in any order; a `%` may stand behind a share.
fn figures(text: &str) -> Result<Quick, String> {
    let mut found: [Option<(f64, f64)>; 5] = [None; 5];
    let mut items: Vec<(String, f64)> = Vec::new();
    const NAMES: [&str; 5] = ["members", "visits", "basket", "margin", "lift"];
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`; write {FIGURES}"))?;
        if name.trim() == "items" {
            items = shares(value)?;
            continue;
        }
        let place = NAMES.iter().position(|known| *known == name.trim());
        let place = place.ok_or_else(|| format!("`{}` is none of the five figures; write {FIGURES}", name.trim()))?;
        found[place] = Some(spread(value)?);
    }
    let missing: Vec<&str> =
        NAMES.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(name, _)| *name).collect();
    let [Some(members), Some(visits), Some(basket), Some(margin), Some(lift)] = found else {
        return Err(format!("missing: {}; write {FIGURES}", missing.join(", ")));
    };
    for (name, (low, high)) in NAMES.iter().zip([members, visits, basket, margin]) {
        if low != high {
            return Err(format!("`{name}` is one figure here; a `scenario` block takes ranges"));
        }
        if low <= 0.0 {
            return Err(format!("`{name}` has to be more than 0"));
        }
    }
    if members.0.fract() != 0.0 || members.0 > 1e9 {
        return Err("`members` is a whole number of people".to_owned());
    }
    if margin.0 > 100.0 {
        return Err("of a price no more than 100% can be left".to_owned());
    }
    if visits.0 > 1000.0 || basket.0 > 1e9 || lift.0 <= -100.0 || lift.1 > 500.0 {
        return Err("that is more than a shop has ever seen".to_owned());
    }
    Ok(Quick { members: members.0 as u64, visits: visits.0, basket: basket.0, margin: margin.0, lift, items })
}

/// `coffee:60+cake:40`: categories and their shares in percent, each once; together no more than all.
fn shares(text: &str) -> Result<Vec<(String, f64)>, String> {
    let mut all: Vec<(String, f64)> = Vec::new();
    for part in text.split('+').map(str::trim) {
        let (category, share) =
            part.rsplit_once(':').ok_or_else(|| format!("`{part}` has no share; write items=coffee:60+cake:40"))?;
        let (category, (share, _)) = (crate::value::nfc(category.trim()).into_owned(), spread(share)?);
        if category.is_empty() || share <= 0.0 || all.iter().any(|(known, _)| *known == category) {
            return Err(format!("`{part}`: name each category once, with a share above 0"));
        }
        all.push((category, share));
    }
    let sum: f64 = all.iter().map(|(_, share)| share).sum();
    if sum > 100.0 + 1e-9 {
        return Err(format!("the shares of `items` come to {sum}%, and all baskets together are 100%"));
    }
    Ok(all)
}

/// `2..10`, `2%..10%` or `5`.
fn spread(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| {
        let text = text.trim().trim_end_matches('%').trim();
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| format!("`{text}` is no number"))
    };
    let (low, high) = match text.split_once("..") {
        Some((low, high)) => (number(low)?, number(high)?),
        None => (number(text)?, number(text)?),
    };
    if low > high {
        return Err(format!("`{}` goes down: write the lower figure first", text.trim()));
    }
    Ok((low, high))
}

/// Whether a population is meant: it is asked for, or no history is named and a program has a scenario, or none of them
/// lies in the first program's folder.
pub fn is_meant(all: &Over, programs: &[Ready]) -> bool {
    let asked = all.population.scenario.is_some() || all.population.quick.is_some();
    let has_one = programs.iter().any(|ready| !ready.program.scenarios.is_empty());
    let folder = programs.first().map(|first| folder_of(&first.path)).unwrap_or_default();
    let lies_there = ["events.csv", "columns.toml"].iter().any(|name| folder.join(name).exists());
    asked || (all.events.is_empty() && all.columns.is_none() && (has_one || !lies_there))
}

/// What the simulation of a population finds; where `figures` are enough, without which assumption moves them.
pub fn study(all: &Over, scenario: &Scenario, (programs, names): (&[Ready], &[String]), figures: bool) -> Study {
    // What everybody draws from is told to have no end: each member is played by herself.
    let with_room: Vec<Option<Program>> = programs.iter().map(|ready| roomy(&ready.program)).collect();
    let played = with_room.iter().zip(programs).map(|(room, ready)| room.as_ref().unwrap_or(&ready.program));
    let plans: Vec<Plan<'_>> = played.map(Plan::of).collect();
    let seats: Vec<Seat<'_>> = plans.iter().zip(names).map(|(plan, name)| Seat::new(plan, name.clone())).collect();
    let threads = crate::cli::threads(all.threads);
    let how = How { seed: all.seed, worlds: all.seeds, threads, first: all.population.from, discount: all.discount };
    match figures {
        true => population::figures(&seats, scenario, &how),
        false => population::study(&seats, scenario, &how),
    }
}

/// The scenarios of the first program that has any.
fn of_first(programs: &[Ready]) -> &[Scenario] {
    let mut all = programs.iter().map(|ready| ready.program.scenarios.as_slice());
    all.find(|scenarios| !scenarios.is_empty()).unwrap_or_default()
}

/// The population that is meant.
pub fn scenario(screen: &Screen, all: &Over, programs: &[Ready]) -> Result<Scenario, Failure> {
    let arguments = &all.population;
    if let Some(quick) = &arguments.quick {
        return Ok(quick.scenario());
    }
    let known: Vec<&Scenario> = programs.iter().flat_map(|ready| &ready.program.scenarios).collect();
    let found = match &arguments.scenario {
        Some(name) => {
            let names: Vec<&str> = known.iter().map(|scenario| scenario.name.as_str()).collect();
            let there =
                if names.is_empty() { "there is none".to_owned() } else { format!("there is {}", names.join(", ")) };
            let unknown = || Failure::Command(format!("no program here has a scenario `{name}`; {there}"));
            (*known.iter().find(|scenario| scenario.name == *name).ok_or_else(unknown)?).clone()
        }
        None => match of_first(programs) {
            [only] => only.clone(),
            [] => {
                let quick = format!("--quick {FIGURES}");
                let text = format!(
                    "who buys? Name a history (--events FILE), write a `scenario` block, or say five figures: {quick}"
                );
                return Err(Failure::Command(text));
            }
            several => {
                let names: Vec<&str> = several.iter().map(|scenario| scenario.name.as_str()).collect();
                return Err(Failure::Command(format!("which scenario? Say --scenario {}", names.join(" or "))));
            }
        },
    };
    let has = |ready: &Ready| ready.program.scenarios.iter().any(|scenario| scenario.name == found.name);
    let at = programs.iter().position(has).unwrap_or(0);
    match &found.purchases {
        Buying::Said(_) | Buying::Fitted(_) | Buying::Continued(_) => Ok(found),
        Buying::Like(like) => like_history(screen, &programs[at], like, &found),
    }
}

/// The scenario with what was fitted in the place of the history that goes on; its path is from the program's file on.
fn like_history(screen: &Screen, ready: &Ready, like: &Like, scenario: &Scenario) -> Result<Scenario, Failure> {
    let folder = folder_of(&ready.path);
    let file = folder.join(&like.path);
    let inside =
        Path::new(&like.path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside || leads_out(&folder, &file) {
        return Err(Failure::Command(format!(
            "{}: `{}` lies outside the program's folder, and a program reads only what lies in it; put the history into \
             the folder and name it there",
            ready.path.display(),
            like.path
        )));
    }
    let files = Files {
        program: ready.path.clone(),
        events: vec![file.clone()],
        members: Vec::new(),
        items: Vec::new(),
        columns: None,
        skip_bad: None,
        show_values: false,
    };
    let which = Which::of(screen, &files, ready)?;
    let loaded = data::read(screen, ready, &which, BadRows::Refuse)?;
    let settings = &ready.program.settings;
    let bought = fit::bought(&loaded.history, &settings.clock);
    let continued = like::continued(&bought, settings.minor_units, &like.new);
    let continued = continued.map_err(|why| Failure::Data(format!("{}: {why}", file.display())))?;
    Ok(Scenario { purchases: Buying::Continued(continued), ..scenario.clone() })
}
