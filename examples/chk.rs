//! scratch
use loyal::{check::check, syntax::parse_text, text::Sources};
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut sources = Sources::default();
        let parsed = parse_text(&mut sources, &path, &text);
        let checked = check(&parsed.ast, &sources);
        println!("== {path}: program {}", checked.program.is_some());
        for f in parsed.findings.iter().chain(&checked.findings) {
            println!("{}:{} [{}] `{}` {}\n    why: {}\n    mend: {}", sources.line(f.place), sources.column(f.place), f.code, sources.slice(f.place), f.says, f.why, f.mend);
        }
    }
}
