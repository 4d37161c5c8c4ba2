//! What `new` makes is right in each of its languages.

use super::loyal::Folder;

const LIKES: [&str; 4] = ["points", "coffee", "tiers", "cashback"];
const LANGS: [&str; 4] = ["en", "he", "ar", "ro"];

#[test]
fn what_is_new_checks_passes_its_tests_is_in_shape_and_runs() {
    for like in LIKES {
        for lang in LANGS {
            let folder = Folder::with(like, lang);
            let checked = folder.loyal(&["check", "shop"]).code(0);
            assert!(checked.out.contains("nothing is wrong"), "{like} {lang}: {}", checked.out);
            let tested = folder.loyal(&["test", "shop"]).code(0);
            assert!(tested.out.contains("passed"), "{like} {lang}: {}", tested.out);
            folder.loyal(&["fmt", "--check", "shop"]).code(0);
            folder.loyal(&["run", "shop"]).code(0);
        }
    }
}

#[test]
fn what_is_new_has_facts_of_both_members() {
    for like in LIKES {
        let folder = Folder::with(like, "en");
        let expected = folder.read("shop/expected.csv");
        assert!(expected.contains(",ana,") && expected.contains(",ben,"), "{like}: {expected}");
    }
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let folder = Folder::with("points", "en");
    folder.edit("shop/program.loyal", "# ", "# mine: ");
    let before = folder.files("");
    folder.loyal(&["new", "shop", "--like", "coffee"]).code(3).says(&["not empty"]);
    folder.write("file", "");
    folder.loyal(&["new", "file"]).code(3);
    std::fs::remove_file(folder.path("file")).expect("it is there");
    assert_eq!(folder.files(""), before);
    std::fs::create_dir(folder.path("bare")).expect("a folder");
    folder.loyal(&["new", "bare"]).code(0);
}
