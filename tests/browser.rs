//! The report of a simulation in a headless browser: pictures of it in four languages, light, dark, narrow and printed,
//! and what axe finds (nothing serious).
//!
//! It needs a browser and two packages, so it runs only when it is told where they are:
//!
//! ```text
//! npm install --prefix /tmp/look puppeteer-core axe-core
//! LOYAL_BROWSER=/tmp/look cargo test --test browser -- --nocapture
//! ```
//!
//! `LOYAL_CHROMIUM` names another browser than `chromium`. The pictures are left in `LOYAL_BROWSER/shots`.

#[path = "simulate/cdnow.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod cdnow;
#[path = "study/fixtures.rs"]
mod fixtures;

use loyal::report::fit::Shown;
use loyal::report::study::{self, Language};
use loyal::simulate::fit::{Ahead, Bought, Wanted, fit};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a program of the path is.
fn found(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|place| place.is_file())
}

#[test]
fn a_browser_shows_the_page_and_axe_finds_nothing_serious() {
    let Some(folder) = std::env::var_os("LOYAL_BROWSER").map(PathBuf::from) else {
        println!("skipped: LOYAL_BROWSER does not say where puppeteer-core and axe-core are");
        return;
    };
    let browser = std::env::var_os("LOYAL_CHROMIUM").map(PathBuf::from).or_else(|| found("chromium"));
    let browser = browser.expect("a browser: install chromium, or name one in LOYAL_CHROMIUM");
    let (pages, shots) = (folder.join("pages"), folder.join("shots"));
    fs::create_dir_all(&pages).expect("a folder for pages");
    fs::create_dir_all(&shots).expect("a folder for pictures");
    let mut files = Vec::new();
    for (name, study) in
        [("population", fixtures::population()), ("replay", fixtures::replay()), ("nothing", fixtures::nothing())]
    {
        for language in Language::ALL {
            let file = pages.join(format!("{name}_{}.html", language.code()));
            fs::write(&file, study::html(&study, language)).expect("a page");
            files.push(file);
        }
    }
    let bought = Bought { purchases: cdnow::sample(), ..Bought::default() };
    let ahead = Ahead { weeks: 52, discount: 10.0, seed: 1, draws: 200 };
    let report = fit(&bought, "USD", &Wanted { span: cdnow::PUBLISHED, model: None, ahead }).expect("a fit");
    for language in Language::ALL {
        let file = pages.join(format!("fit_{}.html", language.code()));
        let shown = Shown { report: &report, program: "programs/cdnow", decimals: 2, language };
        fs::write(&file, shown.html()).expect("a page");
        files.push(file);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/look.js");
    let looked = Command::new("node")
        .current_dir(&folder)
        .arg(script)
        .arg(browser)
        .arg(&shots)
        .args(&files)
        .output()
        .expect("node");
    println!("{}{}", String::from_utf8_lossy(&looked.stdout), String::from_utf8_lossy(&looked.stderr));
    assert!(looked.status.success(), "something is wrong with the pages");
}
