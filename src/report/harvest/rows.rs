//! Rows of tables as finished bytes, in whichever format they are wanted.

/// What rows become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180: comma, line feed, quotes where they are needed.
    Csv,
    /// One object a row, `,` and a line feed behind it.
    Json,
    /// The cells of a row one after the other, each behind its length (little endian, 4 bytes): for whoever makes a
    /// format of its own of them.
    Cells,
}

/// Writes the cells of rows behind what is in `out`.
pub struct Rows<'o> {
    out: &'o mut Vec<u8>,
    format: Format,
    columns: &'o [&'static str],
    at: usize,
}

impl<'o> Rows<'o> {
    /// Rows of a table with these columns.
    pub fn new(out: &'o mut Vec<u8>, format: Format, columns: &'o [&'static str]) -> Self {
        Self { out, format, columns, at: 0 }
    }

    /// The next cell: any text.
    pub fn text(&mut self, text: &str) {
        let at = self.at;
        self.at += 1;
        encode(self.out, self.format, self.columns[at], at, text);
    }

    /// The next cell: what `write` writes, which is nothing that would have to be quoted.
    pub fn plain(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let at = self.at;
        self.at += 1;
        encode_plain(self.out, self.format, self.columns[at], at, write);
    }

    /// The next cell stays empty.
    pub fn empty(&mut self) {
        self.plain(|_| {});
    }

    /// The next cells, encoded before.
    pub fn encoded(&mut self, bytes: &[u8], cells: usize) {
        self.out.extend_from_slice(bytes);
        self.at += cells;
    }

    /// Ends the row.
    pub fn end(&mut self) {
        end_row(self.out, self.format);
        self.at = 0;
    }

    /// Leaves the first cell of a row to [`numbered`].
    pub fn leave_number(&mut self) {
        self.at = 1;
    }
}

/// The end of a row.
pub fn end_row(out: &mut Vec<u8>, format: Format) {
    match format {
        Format::Csv => out.push(b'\n'),
        Format::Json => out.extend_from_slice(b"},\n"),
        Format::Cells => {}
    }
}

/// A row whose first cell was left open: `number`, then the rest of it.
pub fn numbered(out: &mut Vec<u8>, format: Format, column: &str, number: u64, rest: &[u8]) {
    encode_plain(out, format, column, 0, |out| push_number(out, number));
    out.extend_from_slice(rest);
}

/// The cell in column `at` with all that stands before it up to the cell before.
pub fn encode(out: &mut Vec<u8>, format: Format, column: &str, at: usize, text: &str) {
    match format {
        Format::Csv => {
            if at > 0 {
                out.push(b',');
            }
            quoted(out, text);
        }
        Format::Json => {
            json_key(out, column, at);
            // Memory takes all of it, and a text is always JSON.
            let _ = serde_json::to_writer(&mut *out, text);
        }
        Format::Cells => encode_plain(out, format, column, at, |out| out.extend_from_slice(text.as_bytes())),
    }
}

/// The same for what never has to be quoted.
pub fn encode_plain(out: &mut Vec<u8>, format: Format, column: &str, at: usize, write: impl FnOnce(&mut Vec<u8>)) {
    match format {
        Format::Csv => {
            if at > 0 {
                out.push(b',');
            }
            write(out);
        }
        Format::Json => {
            json_key(out, column, at);
            out.push(b'"');
            write(out);
            out.push(b'"');
        }
        Format::Cells => {
            let from = out.len();
            out.extend_from_slice(&[0; 4]);
            write(out);
            let length = u32::try_from(out.len() - from - 4).unwrap_or(u32::MAX);
            out[from..from + 4].copy_from_slice(&length.to_le_bytes());
        }
    }
}

/// The next cell of a row of [`Format::Cells`], and what follows it.
pub fn cell(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

fn json_key(out: &mut Vec<u8>, column: &str, at: usize) {
    out.push(if at == 0 { b'{' } else { b',' });
    out.push(b'"');
    out.extend_from_slice(column.as_bytes());
    out.extend_from_slice(b"\":");
}

/// A cell of CSV, in quotes where it has to be.
fn quoted(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// A whole number as text.
pub fn push_number(out: &mut Vec<u8>, number: u64) {
    let mut text = [0; 20];
    let mut at = text.len();
    let mut rest = number;
    loop {
        at -= 1;
        text[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[at..]);
}

/// The same below nothing too.
pub fn push_signed(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    push_number(out, number.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLUMNS: [&str; 2] = ["what", "value"];

    fn written(format: Format, cells: &[String; 2]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rows = Rows::new(&mut out, format, &COLUMNS);
        cells.iter().for_each(|cell| rows.text(cell));
        rows.end();
        out
    }

    proptest! {
        #[test]
        fn cells_are_quoted_as_the_csv_library_quotes_them(cells in ["[a\",\r\n =א]{0,5}", "[a\",\r\n =א]{0,5}"]) {
            let mut csv = csv::Writer::from_writer(Vec::new());
            csv.write_record(&cells).expect("memory takes it");
            prop_assert_eq!(written(Format::Csv, &cells), csv.into_inner().expect("memory takes it"));
        }

        #[test]
        fn objects_are_those_of_the_json_library(cells in ["\\PC{0,5}", "[a\"\\\\\u{1}\n\u{7f}א]{0,5}"]) {
            let json = |text: &str| serde_json::Value::from(text).to_string();
            let wanted = format!("{{\"what\":{},\"value\":{}}},\n", json(&cells[0]), json(&cells[1]));
            prop_assert_eq!(written(Format::Json, &cells), wanted.into_bytes());
        }

        #[test]
        fn numbers_are_texts(number in any::<i64>()) {
            let mut out = Vec::new();
            push_signed(&mut out, number);
            prop_assert_eq!(out, number.to_string().into_bytes());
        }
    }
}
