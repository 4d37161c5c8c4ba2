//! The facts as `loyal run --facts` writes them.

use crate::model::text;
use std::io::{self, BufWriter, Write};

pub struct Facts {
    out: BufWriter<Box<dyn Write>>,
    /// The moment and a comma.
    as_of: Vec<u8>,
    row: Vec<u8>,
    member: usize,
}

impl Facts {
    pub fn create(path: &str, as_of: &[u8]) -> io::Result<Self> {
        let to: Box<dyn Write> = Box::new(std::fs::File::create(path)?);
        let mut out = BufWriter::with_capacity(1 << 18, to);
        out.write_all(b"as_of,member,what,value\n")?;
        let as_of = [as_of, b","].concat();
        Ok(Facts { out, row: as_of.clone(), as_of, member: 0 })
    }

    /// What follows is hers.
    pub fn member(&mut self, key: u64) {
        self.row.truncate(self.as_of.len());
        text(key, &mut self.row);
        self.row.push(b',');
        self.member = self.row.len();
    }

    /// What follows is the whole program's.
    pub fn program(&mut self) {
        self.member(0);
    }

    pub fn words(&mut self, what: &[u8], value: &[u8]) -> io::Result<()> {
        self.row.truncate(self.member);
        self.row.extend_from_slice(what);
        self.row.push(b',');
        self.row.extend_from_slice(value);
        self.row.push(b'\n');
        self.out.write_all(&self.row)
    }

    /// A number; nothing where it is zero.
    pub fn number(&mut self, what: &[u8], value: i64) -> io::Result<()> {
        if value == 0 {
            return Ok(());
        }
        let mut figures = [0u8; 20];
        let (mut at, mut rest) = (figures.len(), value.unsigned_abs());
        while rest > 0 {
            at -= 1;
            figures[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        if value < 0 {
            at -= 1;
            figures[at] = b'-';
        }
        self.words(what, &figures[at..])
    }

    /// Money, in hundredths; nothing where it is zero.
    pub fn money(&mut self, what: &[u8], hundredths: i64) -> io::Result<()> {
        if hundredths == 0 {
            return Ok(());
        }
        self.words(what, format!("{}.{:02}", hundredths / 100, hundredths % 100).as_bytes())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A rejected event of a member: (member, event, reason).
pub type Rejected = (u64, u64, &'static str);

/// A member's rejections, sorted by event; `all` is sorted by member and event.
pub fn rejected<'r>(all: &'r [Rejected], from: &mut usize, member: u64) -> &'r [Rejected] {
    while all.get(*from).is_some_and(|one| one.0 < member) {
        *from += 1;
    }
    let begin = *from;
    while all.get(*from).is_some_and(|one| one.0 == member) {
        *from += 1;
    }
    &all[begin..*from]
}

impl Facts {
    pub fn rejections(&mut self, of: &[Rejected]) -> io::Result<()> {
        for (_, event, reason) in of {
            let mut what = b"rejected:".to_vec();
            text(*event, &mut what);
            self.words(&what, reason.as_bytes())?;
        }
        Ok(())
    }
}
