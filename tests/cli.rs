//! The `loyal` command as people run it: exit codes, files written whole or not at all, and what is
//! said where.

#[path = "cli/loyal.rs"]
mod loyal;

#[path = "cli/audience.rs"]
mod audience;
#[path = "cli/data.rs"]
mod data;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/forget.rs"]
mod forget;
#[path = "cli/new.rs"]
mod new;
#[path = "cli/outputs.rs"]
mod outputs;
#[path = "cli/pseudonyms.rs"]
mod pseudonyms;
#[path = "cli/quote.rs"]
mod quote;
#[path = "cli/rejections.rs"]
mod rejections;
#[path = "cli/reports.rs"]
mod reports;
#[path = "cli/silence.rs"]
mod silence;
#[path = "cli/simulate.rs"]
mod simulate;
#[path = "cli/state.rs"]
mod state;
#[path = "cli/stories.rs"]
mod stories;
#[path = "cli/usage.rs"]
mod usage;
#[path = "cli/verbs.rs"]
mod verbs;
#[path = "cli/verify.rs"]
mod verify;
#[path = "cli/versions.rs"]
mod versions;
#[path = "cli/walk.rs"]
mod walk;
#[path = "cli/ways.rs"]
mod ways;
