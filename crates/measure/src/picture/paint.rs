//! Colours, on paper and on dark screens.
//!
//! The plotting library writes a colour as an attribute of each element. A style sheet goes over
//! attributes, so that the dark colours are a table from the light ones and nothing is drawn twice.

use std::fmt::Write;

use plotters::style::RGBColor;

/// What a mark says, which decides its colour. The colours are Okabe and Ito's, which people who see
/// red and green alike can tell apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ink {
    /// What was measured.
    Measured,
    /// What a law makes of it.
    Fitted,
    /// What would be best, or a limit.
    Ideal,
    /// Something else to look at.
    Other,
    /// One more.
    Another,
}

/// A colour on light ground and on dark.
struct Paint {
    light: RGBColor,
    dark: &'static str,
}

pub(crate) const GROUND: RGBColor = RGBColor(255, 255, 255);
pub(crate) const TEXT: RGBColor = RGBColor(31, 35, 40);
pub(crate) const GRID: RGBColor = RGBColor(225, 228, 232);
pub(crate) const AXIS: RGBColor = RGBColor(140, 149, 159);

const MEASURED: RGBColor = RGBColor(0, 114, 178);
const FITTED: RGBColor = RGBColor(213, 94, 0);
const IDEAL: RGBColor = RGBColor(110, 119, 129);
const OTHER: RGBColor = RGBColor(0, 158, 115);
const ANOTHER: RGBColor = RGBColor(170, 68, 153);

const PAINTS: [Paint; 9] = [
    Paint { light: GROUND, dark: "#0d1117" },
    Paint { light: TEXT, dark: "#e6edf3" },
    Paint { light: GRID, dark: "#272d36" },
    Paint { light: AXIS, dark: "#6e7681" },
    Paint { light: MEASURED, dark: "#56b4e9" },
    Paint { light: FITTED, dark: "#f0883e" },
    Paint { light: IDEAL, dark: "#9aa4af" },
    Paint { light: OTHER, dark: "#3ccf9f" },
    Paint { light: ANOTHER, dark: "#d98bca" },
];

impl Ink {
    pub(crate) fn color(self) -> RGBColor {
        match self {
            Ink::Measured => MEASURED,
            Ink::Fitted => FITTED,
            Ink::Ideal => IDEAL,
            Ink::Other => OTHER,
            Ink::Another => ANOTHER,
        }
    }
}

/// The style of charts on dark screens.
pub(crate) fn dark_style() -> String {
    let mut rules = String::new();
    for Paint { light: RGBColor(red, green, blue), dark } in &PAINTS {
        for property in ["fill", "stroke"] {
            let chosen = format!(".manycore [{property}=\"#{red:02X}{green:02X}{blue:02X}\"]");
            write!(rules, "{chosen}{{{property}:{dark}}}").expect("a string takes all");
        }
    }
    format!("<style>@media (prefers-color-scheme:dark){{{rules}}}</style>")
}

/// Text as XML writes it.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no place for these, not even escaped.
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
