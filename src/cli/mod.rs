//! The command line: reads the arguments, calls one verb, says what came of it.
//!
//! Exit codes (`docs/formats.md`): 0 fine, 1 the program or an example is wrong, 2 the data is
//! wrong, 3 the command is wrong, 4 the machine is. A reader that closes the pipe early changes
//! none of them: what it did not want to read is not written.

mod as_of;
mod check;
mod columns;
mod data;
mod explain;
mod failure;
mod floors;
mod fmt;
mod folder;
mod forget;
mod interrupt;
mod keyfile;
mod new;
mod origin;
mod outputs;
mod program;
mod progress;
mod quote;
mod run;
mod scratch;
mod screen;
mod segment;
mod shown;
mod side;
mod simulate;
mod state;
mod test;
mod tune;
mod verify;
mod write;

use clap::{Args, Parser, Subcommand, ValueEnum};
use screen::Screen;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

/// What stands under the list of verbs.
const LATER: &str = "\
`loyal new cafe` makes a folder with a program, a small history and an example; `loyal run cafe` \
runs it. Exit codes: 0 fine, 1 the program or an example is wrong, 2 the data is wrong, 3 the \
command is wrong, 4 the machine is.";

/// Customer-loyalty programs in a small language: checked, run over a real history, explained.
#[derive(Debug, Parser)]
#[command(name = "loyal", version, about, after_help = LATER, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Says only what is wrong
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Finds what is wrong with programs before anything runs
    Check(check::Arguments),
    /// Runs the examples of programs, and their folders' recorded histories
    Test(test::Arguments),
    /// Runs a history through a program: balances, lots, levels, gifts
    Run(run::Arguments),
    /// Says why a member has what she has
    Explain(explain::Arguments),
    /// Takes a member's name out of a kept state; her figures stay, under a name that leads nowhere
    Forget(forget::Arguments),
    /// Says whether outputs are what a program and a history give, and where they first are not
    Verify(verify::Arguments),
    /// Says who the best, worst, dormant, at-risk and bargain-hunting members are
    Segment(segment::Arguments),
    /// Says before launch whether programs earn their cost: over a real history, or over people who are assumed
    Simulate(simulate::Arguments),
    /// Finds which numbers of a program do best, and what each choice costs
    Tune(tune::Arguments),
    /// Makes a folder with a program, a small history and an example
    New(new::Arguments),
    /// Puts programs into their standard shape
    Fmt(fmt::Arguments),
}

/// A program and the history to run through it.
#[derive(Debug, Args)]
struct Files {
    /// The program: a .loyal file, or a folder with program.loyal in it
    #[arg(value_name = "PROGRAM")]
    program: PathBuf,
    /// Events: CSV (plain, .gz, .zst), Parquet or Arrow; may repeat, `'till-*.csv'` stands for all such
    /// files, `-` is standard input [default: those that the columns file
    /// names, else events.csv in the program's folder]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    events: Vec<PathBuf>,
    /// Members [default: the columns file's, else members.csv in the program's folder, if any]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    members: Vec<PathBuf>,
    /// Items [default: the columns file's, else items.csv in the program's folder, if any]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    items: Vec<PathBuf>,
    /// How the files' columns are read [default: columns.toml in the program's folder, when there is one]
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// Sets rows with mistakes aside in this file, and goes on without them
    #[arg(long, value_name = "FILE")]
    skip_bad: Option<PathBuf>,
    /// Messages show cells that may tell of a person too, such as birthdays
    #[arg(long)]
    show_values: bool,
}

/// How many threads work: as many as were asked for, else as there are cores.
fn threads(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    interrupt::listen();
    ExitCode::from(command(std::env::args_os()))
}

/// Runs one command; its exit code.
fn command(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are what was asked for; everything else is a wrong command. Help that
            // cannot be written (a closed pipe) is not missed.
            let _ = error.print();
            return if error.use_stderr() { failure::COMMAND } else { 0 };
        }
    };
    let screen = Screen::new(cli.color, cli.quiet);
    let done = match &cli.verb {
        Verb::Check(arguments) => check::check(&screen, arguments),
        Verb::Test(arguments) => test::test(&screen, arguments),
        Verb::Run(arguments) => run::run(&screen, arguments),
        Verb::Explain(arguments) => explain::explain(&screen, arguments),
        Verb::Forget(arguments) => forget::forget(&screen, arguments),
        Verb::Verify(arguments) => verify::verify(&screen, arguments),
        Verb::Segment(arguments) => segment::segment(&screen, arguments),
        Verb::Simulate(arguments) => simulate::simulate(&screen, arguments),
        Verb::Tune(arguments) => tune::tune(&screen, arguments),
        Verb::New(arguments) => new::new(&screen, arguments),
        Verb::Fmt(arguments) => fmt::fmt(&screen, arguments),
    };
    match done {
        Ok(()) => 0,
        Err(failure) => {
            screen.wrong(&failure);
            failure.code()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
