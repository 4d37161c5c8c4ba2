//! `loyal tune`: which numbers of a program do best.

use super::failure::Failure;
use super::program::{Ready, ready};
use super::progress::Progress;
use super::screen::Screen;
use super::shown::{Lang, Shape};
use super::simulate::replay::Histories;
use super::simulate::{Over, population};
use crate::mechanics::scenario::Scenario;
use crate::report;
use crate::simulate::study::Study;
use crate::simulate::tune::{self, Asked, Candidate, Round, Stop};
use clap::Args;
use std::cell::RefCell;
use std::path::PathBuf;

/// The arguments of `tune`.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Arguments {
    /// The program: a .loyal file, or a folder with program.loyal in it
    #[arg(value_name = "PROGRAM")]
    program: PathBuf,
    /// A number of the program and what it may be: its block, name and clause, then values. May repeat: each combination
    /// is simulated. `earn base give 1 to 3 step 0.5`; `tiers status level gold 20, 30, 40`; of a clause with several
    /// numbers the second: `earn base give nth 2 1, 2, 5`
    #[arg(long, value_name = "WHAT", required = true)]
    vary: Vec<String>,
    /// The word of an objective of the program that is to be met at the least cost [default: the highest net gain; over a
    /// history, how many are ever rewarded]
    #[arg(long, value_name = "WORD")]
    objective: Option<String>,
    #[command(flatten)]
    over: Over,
    /// Shape of what is printed
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    format: Shape,
    /// Language of what is printed
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
}

/// What each combination is simulated with.
struct Bench<'a> {
    screen: &'a Screen,
    /// Of all but the first, which says what there is to say of the files.
    hushed: Screen,
    arguments: &'a Arguments,
    path: PathBuf,
    /// The population; none: a history.
    scenario: Option<Scenario>,
    /// The history as it was read for the first, which is read again only where a combination looks at more of it.
    histories: RefCell<Histories>,
}

/// Searches, and says what was found.
pub fn tune(screen: &Screen, arguments: &Arguments) -> Result<(), Failure> {
    let programs = [ready(screen, &arguments.program)?];
    let [written] = &programs;
    let is_population = population::is_meant(&arguments.over, &programs);
    let scenario = is_population.then(|| population::scenario(screen, &arguments.over, &programs)).transpose()?;
    let bench = Bench {
        screen,
        hushed: screen.hushed(),
        arguments,
        path: written.path.clone(),
        scenario,
        histories: RefCell::default(),
    };
    let asked = Asked { vary: arguments.vary.clone(), objective: arguments.objective.clone() };
    let mut progress = None;
    let found = tune::tune(&written.sources, &asked, |candidates, round| {
        let progress = progress.get_or_insert_with(|| Progress::searching(screen, round.of));
        progress.at(round.done);
        bench.study(candidates, round)
    });
    if let Some(progress) = progress {
        progress.done();
    }
    let tuned = found.map_err(|stop| match stop {
        Stop::Amiss(amiss) => Failure::Command(amiss.to_string()),
        Stop::Simulation(failure) => failure,
    })?;
    match arguments.format {
        Shape::Text => screen.say(&report::tune::text(&tuned, arguments.lang.language(), screen.paint())),
        Shape::Json => screen.say(&report::tune::json(&tuned).map_err(Failure::Data)?),
    }
}

impl Bench<'_> {
    /// What candidates come to, all over the same people and draws.
    fn study(&self, candidates: Vec<Candidate>, round: Round) -> Result<Study, Failure> {
        let screen = if round.done == 0 { self.screen } else { &self.hushed };
        let ready = |one: Candidate| Ready::new(screen, one.sources, one.program, self.path.clone());
        let programs = candidates.into_iter().map(ready).collect::<Result<Vec<Ready>, Failure>>()?;
        let names = vec![self.arguments.program.display().to_string(); programs.len()];
        let over = &self.arguments.over;
        match &self.scenario {
            // Which assumption decides is asked of the program as it is written, once.
            Some(scenario) => Ok(population::study(over, scenario, (&programs, &names), round.done > 0)),
            None => self.histories.borrow_mut().study(screen, over, &programs, &names),
        }
    }
}
