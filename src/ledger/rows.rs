//! Text as rows of cells: quotes, separators, encodings. Nothing here knows what a column means.

use std::io::{BufRead, BufReader, Read};

use super::columns::Delimiter;
use super::kind::FileKind;
use super::mistake::{DataError, Problem};

/// No row of a till is longer; a quote that never closes would otherwise swallow the whole file.
pub(super) const LONGEST_ROW: usize = 1_000_000;

/// The rows of one file of text, one at a time.
pub(super) struct TextRows {
    source: BufReader<Box<dyn Read + Send>>,
    path: String,
    delimiter: Delimiter,
    quotes: csv_core::Reader,
    /// The row last read, as it stands in the file.
    raw: Vec<u8>,
    /// Its number; the first row of the file is 1, blank ones count.
    row: u64,
    /// How many lines of the file it spans.
    lines: u64,
    cells: Cells,
    started: bool,
}

/// The cells of a row.
#[derive(Default)]
pub(super) struct Cells {
    pub(super) text: String,
    /// Where each begins and ends in `text`, blanks around it cut off.
    pub(super) ranges: Vec<(usize, usize)>,
    /// Columns whose floating point is not the number that it should stand for.
    pub(super) inexact: Vec<usize>,
}

impl Cells {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// A cell; empty where the row has none.
    pub(super) fn get(&self, column: usize) -> &str {
        self.ranges.get(column).map_or("", |(start, end)| &self.text[*start..*end])
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }

    pub(super) fn push(&mut self, start: usize, end: usize) {
        let cell = &self.text[start..end];
        let cut = cell.trim_start();
        let start = end - cut.len();
        self.ranges.push((start, start + cut.trim_end().len()));
    }
}

impl TextRows {
    /// The rows of `source`; the separator is that of the map, else found from the first row.
    pub(super) fn new(
        path: &str,
        source: Box<dyn Read + Send>,
        delimiter: Option<Delimiter>,
    ) -> Result<Self, Box<DataError>> {
        let mut rows = Self {
            source: BufReader::with_capacity(1 << 16, source),
            path: path.to_owned(),
            delimiter: delimiter.unwrap_or(Delimiter::Byte(b',')),
            quotes: csv_core::Reader::new(),
            raw: Vec::new(),
            row: 0,
            lines: 0,
            cells: Cells::default(),
            started: false,
        };
        rows.is_text()?;
        if delimiter.is_none() {
            rows.delimiter = rows.find_delimiter()?;
        }
        if let Delimiter::Byte(byte) = rows.delimiter {
            rows.quotes = csv_core::ReaderBuilder::new().delimiter(byte).build();
        }
        Ok(rows)
    }

    /// The number of the row last read.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// How many lines of the file the row last read spans.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The cells of the row last read.
    pub(super) fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Reads the next row that is not blank; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Box<DataError>> {
        while self.next_raw()? {
            self.split()?;
            if self.cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks at the first bytes: a workbook or a packed file is said to be one.
    fn is_text(&mut self) -> Result<(), Box<DataError>> {
        let start = self.source.fill_buf().map_err(|error| Box::new(DataError::from_io(&self.path, &error)))?;
        match FileKind::of(start) {
            Some(kind) => Err(Box::new(DataError::of_file(&self.path, Problem::OtherKind(kind)))),
            None => Ok(()),
        }
    }

    /// Looks at the first row without taking it. The separator is the one that parts it into most cells.
    fn find_delimiter(&mut self) -> Result<Delimiter, Box<DataError>> {
        let start = self.source.fill_buf().map_err(|error| Box::new(DataError::from_io(&self.path, &error)))?;
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
        let line = start.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or(b"");
        if let [b's', b'e', b'p', b'=', byte, rest @ ..] = line
            && rest.trim_ascii().is_empty()
        {
            return Ok(Delimiter::Byte(*byte));
        }
        let mut quoted = false;
        let mut counts = [0_usize; 3];
        for byte in line {
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => counts[0] += 1,
                b';' if !quoted => counts[1] += 1,
                b'\t' if !quoted => counts[2] += 1,
                _ => {}
            }
        }
        let most = (0..3).max_by_key(|at| (counts[*at], 3 - at)).unwrap_or(0);
        Ok(Delimiter::Byte([b',', b';', b'\t'][most]))
    }

    /// Reads one row as it stands: lines, until no quote is open.
    fn next_raw(&mut self) -> Result<bool, Box<DataError>> {
        self.raw.clear();
        if !self.next_line()? {
            return Ok(false);
        }
        self.row += 1;
        self.lines = 1;
        if !self.started {
            self.start()?;
        }
        let Delimiter::Byte(delimiter) = self.delimiter else { return self.check_text() };
        let mut quotes = Quotes::CellStart;
        let mut seen = 0;
        loop {
            quotes = quotes.after(&self.raw[seen..], delimiter);
            seen = self.raw.len();
            if quotes != Quotes::Open {
                return self.check_text();
            }
            if !self.next_line()? {
                return Err(self.error(Problem::OpenQuote));
            }
            self.lines += 1;
        }
    }

    /// Appends one line of the file, with its end, to `raw`; false at the end of the file.
    fn next_line(&mut self) -> Result<bool, Box<DataError>> {
        let before = self.raw.len();
        loop {
            let part = self.source.fill_buf().map_err(|error| Box::new(DataError::from_io(&self.path, &error)))?;
            if part.is_empty() {
                return Ok(self.raw.len() > before);
            }
            let end = part.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(part.len());
            self.raw.extend_from_slice(&part[..taken]);
            self.source.consume(taken);
            if self.raw.len() > LONGEST_ROW {
                let problem = if self.lines > 1 && before > 0 { Problem::OpenQuote } else { Problem::LongRow };
                self.row += u64::from(before == 0);
                return Err(self.error(problem));
            }
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// What only the first row can show: a byte order mark, UTF-16, old line ends, `sep=;`.
    fn start(&mut self) -> Result<(), Box<DataError>> {
        self.started = true;
        if self.raw.starts_with(b"\xFF\xFE") || self.raw.starts_with(b"\xFE\xFF") || self.raw.get(1) == Some(&0) {
            return Err(Box::new(DataError::of_file(&self.path, Problem::Utf16)));
        }
        if self.raw.starts_with(b"\xEF\xBB\xBF") {
            self.raw.drain(..3);
        }
        let body = self.raw.trim_ascii_end();
        if body.contains(&b'\r') && !body.contains(&b'"') {
            return Err(Box::new(DataError::of_file(&self.path, Problem::OldLineEnds)));
        }
        // Spreadsheets write `sep=;` above the header to say what parts the cells.
        if let [b's', b'e', b'p', b'=', byte] = body
            && self.delimiter == Delimiter::Byte(*byte)
        {
            self.raw.clear();
        }
        Ok(())
    }

    fn check_text(&mut self) -> Result<bool, Box<DataError>> {
        if self.raw.contains(&0) {
            return Err(self.error(Problem::ZeroByte));
        }
        match std::str::from_utf8(&self.raw) {
            Ok(_) => Ok(true),
            Err(error) => Err(self.error(not_utf8(&self.raw, error.valid_up_to()))),
        }
    }

    /// Parts `raw` into cells.
    fn split(&mut self) -> Result<(), Box<DataError>> {
        self.cells.ranges.clear();
        let text = std::str::from_utf8(&self.raw).expect("the row was checked when it was read");
        let body = text.strip_suffix('\n').unwrap_or(text);
        let body = body.strip_suffix('\r').unwrap_or(body);
        self.cells.text.clear();
        match self.delimiter {
            Delimiter::Byte(_) if body.contains('"') => self.split_quoted(),
            Delimiter::Byte(byte) => {
                self.cells.text.push_str(body);
                let mut start = 0;
                for (at, _) in body.bytes().enumerate().filter(|(_, found)| *found == byte) {
                    self.cells.push(start, at);
                    start = at + 1;
                }
                self.cells.push(start, body.len());
                Ok(())
            }
            Delimiter::Blank => {
                self.cells.text.push_str(body);
                for cell in body.split_ascii_whitespace() {
                    let start = cell.as_ptr() as usize - body.as_ptr() as usize;
                    self.cells.ranges.push((start, start + cell.len()));
                }
                Ok(())
            }
        }
    }

    fn split_quoted(&mut self) -> Result<(), Box<DataError>> {
        self.quotes.reset();
        let mut output = vec![0; self.raw.len() + 1];
        let mut ends = vec![0; self.raw.len() + 1];
        let (result, _, mut wrote, mut count) = self.quotes.read_record(&self.raw, &mut output, &mut ends);
        if result == csv_core::ReadRecordResult::InputEmpty {
            // A last row without a line end is closed by the end of input.
            let (_, _, more, cells) = self.quotes.read_record(&[], &mut output[wrote..], &mut ends[count..]);
            (wrote, count) = (wrote + more, count + cells);
        }
        output.truncate(wrote);
        // Cutting at quotes and separators, all ASCII, leaves UTF-8 whole.
        self.cells.text = String::from_utf8(output).map_err(|_| self.error(Problem::ZeroByte))?;
        let mut start = 0;
        for end in &ends[..count] {
            self.cells.push(start, *end);
            start = *end;
        }
        Ok(())
    }

    fn error(&self, problem: Problem) -> Box<DataError> {
        Box::new(DataError { file: self.path.clone(), row: Some(self.row), column: None, value: None, problem })
    }
}

/// Where in a row one stands, as RFC 4180 sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    CellStart,
    Plain,
    Open,
    /// Right after a quote inside quotes: the end, or the first half of a doubled one.
    Closing,
}

impl Quotes {
    fn after(self, text: &[u8], delimiter: u8) -> Self {
        if self != Self::Open && !text.contains(&b'"') {
            return Self::Plain;
        }
        text.iter().fold(self, |state, byte| match (state, *byte) {
            (Self::CellStart, b'"') | (Self::Closing, b'"') => Self::Open,
            (Self::Open, b'"') => Self::Closing,
            (Self::Open, _) => Self::Open,
            (_, byte) if byte == delimiter || byte == b'\n' => Self::CellStart,
            (Self::CellStart | Self::Plain | Self::Closing, _) => Self::Plain,
        })
    }
}

/// Says which of the usual old encodings the bytes look like.
fn not_utf8(row: &[u8], at: usize) -> Problem {
    let byte = row[at];
    let high: Vec<u8> = row.iter().copied().filter(|b| *b >= 0x80).collect();
    let letters = |range: std::ops::RangeInclusive<u8>| high.iter().filter(|b| range.contains(b)).count();
    let hebrew = letters(0xE0..=0xFA) == high.len() && has_run(row, 0xE0..=0xFA, 3);
    let arabic = has_run(row, 0xC1..=0xED, 3);
    let romanian = high.iter().any(|b| matches!(b, 0xE3 | 0xC3 | 0xBA | 0xAA | 0xFE | 0xDE));
    let (looks_like, iconv) = if hebrew {
        ("Windows-1255 (Hebrew)", "WINDOWS-1255")
    } else if arabic {
        ("Windows-1256 (Arabic)", "WINDOWS-1256")
    } else if romanian {
        ("Windows-1250 (central Europe)", "WINDOWS-1250")
    } else {
        ("Latin-1 or Windows-1252 (western Europe)", "WINDOWS-1252")
    };
    Problem::NotUtf8 { byte, looks_like, iconv }
}

/// Whether so many bytes of the range stand side by side: a word of another script.
fn has_run(row: &[u8], range: std::ops::RangeInclusive<u8>, length: usize) -> bool {
    row.windows(length).any(|part| part.iter().all(|b| range.contains(b)))
}
