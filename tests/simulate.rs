//! Models of how members buy: published figures come out to their digits, known populations are found again, and
//! histories that tell nothing are said to tell nothing.

#[path = "simulate/cdnow.rs"]
mod cdnow;
#[path = "simulate/degenerate.rs"]
mod degenerate;
#[path = "simulate/looks.rs"]
mod looks;
#[path = "simulate/page.rs"]
mod page;
#[path = "simulate/people.rs"]
mod people;
#[path = "simulate/published.rs"]
mod published;
#[path = "study/reading.rs"]
mod reading;
#[path = "simulate/recovered.rs"]
mod recovered;
#[path = "cli/loyal.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod shop;
