//! Flame graphs: which callers the time went through, root first.
//!
//! After B. Gregg, "The Flame Graph", 2016: a box for each caller, as wide as its share of the
//! samples; beside each other by name, because the order in time is not what is asked. The root is
//! at the top, so that a page grows downwards with the depth.
//!
//! Places and widths are in per cent and text is cut off by its box, so a graph fits any width
//! without anybody's help. A click on a box makes it as wide as the picture.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Unfit;
use super::paint::escape;

const ROW: usize = 19;
const HEAD: usize = 30;

/// Boxes that are narrower than this share can't be seen; they are left out.
const NARROWEST: f64 = 0.0005;

const STYLE: &str = "<style>\
    .manycore-flame{font:12px system-ui,sans-serif}\
    .manycore-flame text{fill:#1f2328}\
    .manycore-flame svg{cursor:pointer}\
    .manycore-flame svg text{fill:#1b1206}\
    .manycore-flame rect{stroke:#fff;stroke-width:.6}\
    .manycore-flame svg:hover rect{stroke:#1f2328;stroke-width:2}\
    @media (prefers-color-scheme:dark){\
    .manycore-flame .ground{fill:#0d1117}\
    .manycore-flame text{fill:#e6edf3}\
    .manycore-flame rect{stroke:#0d1117}\
    .manycore-flame svg:hover rect{stroke:#e6edf3}}</style>";

/// Shows the box that was clicked, all that it called below it, and its callers above. It has
/// neither of the two signs that XML would want escaped.
const ZOOM: &str = "<script>(function(){\
    var picture=document.currentScript.closest('svg');\
    var boxes=Array.prototype.slice.call(picture.querySelectorAll('svg'));\
    boxes.forEach(function(box){box.addEventListener('click',function(){\
    var left=+box.dataset.x,wide=+box.dataset.w;\
    boxes.forEach(function(other){\
    var from=(other.dataset.x-left)/wide*100,to=from+other.dataset.w/wide*100;\
    from=Math.max(from,0);to=Math.min(to,100);\
    other.style.display=to-from>0.01?'':'none';\
    other.setAttribute('x',from+'%');other.setAttribute('width',Math.max(to-from,0)+'%');\
    });});});})()</script>";

/// Samples that went through a caller, and what it called.
#[derive(Default)]
struct Frame<'a> {
    weight: f64,
    called: BTreeMap<&'a str, Frame<'a>>,
}

impl<'a> Frame<'a> {
    fn add(&mut self, stack: impl Iterator<Item = &'a str>, weight: f64) {
        self.weight += weight;
        let mut frame = self;
        for name in stack {
            frame = frame.called.entry(name).or_default();
            frame.weight += weight;
        }
    }

    /// Rows that are needed for what is wide enough to be seen.
    fn depth(&self, least: f64) -> usize {
        let seen = self.called.values().filter(|frame| frame.weight >= least);
        1 + seen.map(|frame| frame.depth(least)).max().unwrap_or(0)
    }
}

/// The flame graph of collapsed stacks (`root;caller;callee 12` on each line), as SVG.
///
/// The weights are samples or seconds; a box says its share and its weight when it is pointed at.
///
/// ```
/// let svg = measure::picture::flame("main;load 3\nmain;fit;dot 6\n", "my script")?;
/// assert!(svg.contains("dot: 66.7 % (6)"));
/// # Ok::<(), measure::picture::Unfit>(())
/// ```
///
/// # Errors
///
/// If a line is no stack, or there is no sample.
pub fn flame(collapsed: &str, title: &str) -> Result<String, Unfit> {
    let mut root = Frame::default();
    for (index, line) in collapsed.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let unfit = || Unfit::Stack { line: index + 1, text: line.to_owned() };
        let (stack, weight) = line.rsplit_once(' ').ok_or_else(unfit)?;
        let weight: f64 = weight.parse().map_err(|_| unfit())?;
        if !(weight.is_finite() && weight >= 0.0) || stack.is_empty() {
            return Err(unfit());
        }
        root.add(stack.split(';'), weight);
    }
    if root.weight <= 0.0 {
        return Err(Unfit::NoSamples);
    }
    let height = HEAD + root.depth(root.weight * NARROWEST) * ROW + 4;
    let (title, all) = (escape(title), root.weight);
    let mut svg = format!(
        "<svg class=\"manycore-flame\" role=\"img\" aria-label=\"{title}\" width=\"100%\" \
         height=\"{height}\" xmlns=\"http://www.w3.org/2000/svg\">{STYLE}\
         <rect class=\"ground\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
         <text x=\"6\" y=\"19\" font-size=\"14\" font-weight=\"600\">{title}</text>"
    );
    draw(&mut svg, "all", &root, 0.0, 0, all).expect("a string takes all");
    svg.push_str(ZOOM);
    svg.push_str("</svg>");
    Ok(svg)
}

/// Draws a box and what it called. `left` is the weight of all that stands to its left.
fn draw(
    svg: &mut String,
    name: &str,
    frame: &Frame<'_>,
    left: f64,
    row: usize,
    all: f64,
) -> std::fmt::Result {
    let (x, width) = (left / all * 100.0, frame.weight / all * 100.0);
    let (y, height, text) = (HEAD + row * ROW, ROW, escape(name));
    let weight = (frame.weight * 1e3).round() / 1e3;
    write!(
        svg,
        "<svg x=\"{x:.4}%\" y=\"{y}\" width=\"{width:.4}%\" height=\"{height}\" \
         data-x=\"{x:.4}\" data-w=\"{width:.4}\"><title>{text}: {width:.1} % ({weight})</title>\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>",
        color(name)
    )?;
    // Narrower than a letter on any screen: only a click could show the name, and its title does.
    if width > 0.3 {
        write!(svg, "<text x=\"4\" y=\"14\">{text}</text>")?;
    }
    svg.push_str("</svg>");
    let mut left = left;
    for (name, called) in &frame.called {
        if called.weight >= all * NARROWEST {
            draw(svg, name, called, left, row + 1, all)?;
        }
        left += called.weight;
    }
    Ok(())
}

/// A warm colour that is the same for all functions of one file, where the name ends with it in
/// brackets, so that libraries stand out as areas.
fn color(name: &str) -> String {
    let place = name.rsplit_once('(').map_or(name, |(_, place)| place);
    let file = place.trim_end_matches(')').split(':').next().unwrap_or(place);
    // FNV-1a: the same on every machine and in every release, unlike the standard library's.
    let hash = file.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let (hue, light) = (18 + hash % 38, 62 + (hash >> 8) % 14);
    format!("hsl({hue},85%,{light}%)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_as_wide_as_its_share() {
        let svg = flame("a;b 1\na;c 2\na;b 1\n", "t").unwrap();
        for said in ["all: 100.0 % (4)", "a: 100.0 % (4)", "b: 50.0 % (2)", "c: 50.0 % (2)"] {
            assert!(svg.contains(said), "{said} in {svg}");
        }
        assert!(svg.contains("x=\"50.0000%\""), "c stands to the right of b: {svg}");
    }

    #[test]
    fn weights_may_be_seconds_and_names_may_have_spaces() {
        let svg = flame("main (my script.py:3);<module> 0.25\n", "t").unwrap();
        assert!(svg.contains("&lt;module&gt;: 100.0 % (0.25)"), "{svg}");
    }

    #[test]
    fn what_is_too_narrow_is_left_out_and_takes_no_row() {
        let svg = flame("a 100000\nb;deep;deeper 1\n", "t").unwrap();
        assert!(!svg.contains("deeper"), "{svg}");
        assert!(svg.contains(&format!("height=\"{}\"", HEAD + 2 * ROW + 4)), "{svg}");
    }

    #[test]
    fn what_is_no_stack_is_named_with_its_line() {
        let error = flame("a;b 1\nnothing\n", "t").unwrap_err().to_string();
        assert!(error.starts_with("line 2 of the stacks is \"nothing\""), "{error}");
        assert!(matches!(flame("a -1", "t"), Err(Unfit::Stack { line: 1, .. })));
        assert!(matches!(flame("a NaN", "t"), Err(Unfit::Stack { line: 1, .. })));
        assert_eq!(flame("", "t"), Err(Unfit::NoSamples));
        assert_eq!(flame("a 0\n", "t"), Err(Unfit::NoSamples));
    }

    #[test]
    fn functions_of_a_file_share_a_colour() {
        assert_eq!(color("f (a.py:1)"), color("g (a.py:20)"));
        assert_ne!(color("f (a.py:1)"), color("f (b.py:1)"));
    }

    #[test]
    fn the_script_needs_no_escape() {
        assert!(!ZOOM[8..ZOOM.len() - 9].contains(['<', '&']));
    }
}
