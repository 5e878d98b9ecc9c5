//! Charts: points, lines, bands and labels over two axes.

use std::ops::Range;

use plotters::chart::SeriesLabelPosition as Corner;
use plotters::coord::combinators::WithKeyPoints;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::paint::{AXIS, GRID, GROUND, TEXT, dark_style, escape};
use super::{Ink, Unfit};

/// What an axis counts, which decides how its numbers are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Unit {
    /// A number: `1`, `20k`, `3M`.
    #[default]
    Number,
    /// Time: `5 ms`, `2 s`.
    Seconds,
}

/// One axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What it shows.
    pub label: String,
    /// Whether each step multiplies; then all numbers must be above 0.
    pub log: bool,
    /// How its numbers are written.
    pub unit: Unit,
}

impl Axis {
    /// An axis of plain numbers whose steps add.
    #[must_use]
    pub fn new(label: &str) -> Axis {
        Axis { label: label.to_owned(), ..Axis::default() }
    }
}

/// How a mark is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A dot for each.
    Points,
    /// One line through all.
    Line,
    /// One line through all, of dashes.
    Dashed,
    /// What lies between `y` and these.
    Band(Vec<f64>),
    /// A dot for each, with its name beside it; an empty name is not written.
    Labels(Vec<String>),
}

/// Something to see in a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What the legend calls it; empty to leave it out.
    pub name: String,
    /// Its colour.
    pub ink: Ink,
    /// How it is drawn.
    pub shape: Shape,
    /// Where.
    pub x: Vec<f64>,
    /// Where.
    pub y: Vec<f64>,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Above it.
    pub title: String,
    /// The axis to the right.
    pub x: Axis,
    /// The axis upwards.
    pub y: Axis,
    /// In the order in which they are drawn.
    pub marks: Vec<Mark>,
    /// Width and height, as far as there is room for them.
    pub size: (u32, u32),
}

impl Chart {
    /// The chart as SVG.
    ///
    /// # Errors
    ///
    /// If there is nothing to draw, or a number has no place on its axis.
    pub fn svg(&self) -> Result<String, Unfit> {
        self.check()?;
        let across = self.marks.iter().flat_map(|mark| mark.x.iter().copied());
        let bounds = |mark: &Mark| match &mark.shape {
            Shape::Band(upper) => upper.clone(),
            _ => Vec::new(),
        };
        let up = self.marks.iter().flat_map(|mark| {
            let upper = bounds(mark);
            mark.y.iter().copied().chain(upper).collect::<Vec<_>>()
        });
        let (x, y) = (range(across, self.x.log), range(up, self.y.log));
        let mut text = String::new();
        let shares = (share(&x, self.x.log), share(&y, self.y.log));
        let drawn = match (self.x.log, self.y.log) {
            (false, false) => self.draw(&mut text, &shares, x, y),
            (true, false) => self.draw(&mut text, &shares, logarithmic(x), y),
            (false, true) => self.draw(&mut text, &shares, x, logarithmic(y)),
            (true, true) => self.draw(&mut text, &shares, logarithmic(x), logarithmic(y)),
        };
        drawn.map_err(|error| Unfit::Drawing(error.to_string()))?;
        Ok(self.finish(&text))
    }

    fn check(&self) -> Result<(), Unfit> {
        if self.marks.iter().all(|mark| mark.x.is_empty()) {
            return Err(Unfit::Empty);
        }
        for mark in &self.marks {
            let name = || mark.name.clone();
            let others = match &mark.shape {
                Shape::Band(upper) => upper.len(),
                Shape::Labels(names) => names.len(),
                _ => mark.y.len(),
            };
            for count in [mark.y.len(), others] {
                if count != mark.x.len() {
                    return Err(Unfit::Lengths { name: name(), x: mark.x.len(), y: count });
                }
            }
            let upper = if let Shape::Band(upper) = &mark.shape { upper.as_slice() } else { &[] };
            for (values, log) in
                [(mark.x.as_slice(), self.x.log), (&mark.y, self.y.log), (upper, self.y.log)]
            {
                if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
                    return Err(Unfit::Place { name: name(), value, axis: "any axis" });
                }
                if let Some(&value) = values.iter().find(|value| log && **value <= 0.0) {
                    let axis = "a logarithmic axis: it needs numbers above 0";
                    return Err(Unfit::Place { name: name(), value, axis });
                }
            }
        }
        Ok(())
    }

    fn draw<X, Y>(
        &self,
        text: &mut String,
        (right, up): &(impl Fn(f64) -> f64, impl Fn(f64) -> f64),
        x: X,
        y: Y,
    ) -> Result<(), DrawingAreaErrorKind<std::io::Error>>
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: ValueFormatter<f64>,
        Y: AsRangedCoord<Value = f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let font = |size: u32| ("sans-serif", size).into_font().color(&TEXT);
        let root = SVGBackend::with_string(text, self.size).into_drawing_area();
        root.fill(&GROUND)?;
        let mut chart = ChartBuilder::on(&root)
            .caption(&self.title, font(18))
            .margin(12)
            .x_label_area_size(46)
            .y_label_area_size(64)
            .build_cartesian_2d(x, y)?;
        chart
            .configure_mesh()
            .x_desc(&self.x.label)
            .y_desc(&self.y.label)
            .axis_desc_style(font(14))
            .label_style(font(13))
            .x_labels(8)
            .y_labels(7)
            .max_light_lines(0)
            .bold_line_style(GRID)
            .axis_style(AXIS)
            .x_label_formatter(&|value| write_number(*value, self.x.unit))
            .y_label_formatter(&|value| write_number(*value, self.y.unit))
            .draw()?;
        for mark in &self.marks {
            let color = mark.ink.color();
            let places = || mark.x.iter().copied().zip(mark.y.iter().copied());
            let line = color.stroke_width(2);
            let series = match &mark.shape {
                Shape::Points => {
                    chart.draw_series(places().map(|at| Circle::new(at, 4, color.filled())))?
                }
                Shape::Line => chart.draw_series(LineSeries::new(places(), line))?,
                Shape::Dashed => chart.draw_series([DashedPathElement::new(
                    places().collect::<Vec<_>>(),
                    7,
                    5,
                    color.stroke_width(1),
                )])?,
                Shape::Band(upper) => {
                    let back = mark.x.iter().copied().zip(upper.iter().copied()).rev();
                    let outline = places().chain(back).collect::<Vec<_>>();
                    chart.draw_series([Polygon::new(outline, color.mix(0.18))])?
                }
                Shape::Labels(names) => {
                    chart.draw_series(places().zip(names).map(|(at, name)| {
                        // At the right end a name would run out of the picture.
                        let (side, left) =
                            if right(at.0) > 0.8 { (HPos::Right, -8) } else { (HPos::Left, 8) };
                        let font = font(12).pos(Pos::new(side, VPos::Center));
                        EmptyElement::at(at)
                            + Circle::new((0, 0), 4, color.filled())
                            + Text::new(name.clone(), (left, 0), font)
                    }))?
                }
            };
            if mark.name.is_empty() {
                continue;
            }
            let shape = mark.shape.clone();
            series.label(&mark.name).legend(move |(x, y)| match shape {
                Shape::Points | Shape::Labels(_) => {
                    Circle::new((x + 10, y), 4, color.filled()).into_dyn()
                }
                Shape::Line => PathElement::new(vec![(x, y), (x + 20, y)], line).into_dyn(),
                Shape::Dashed => {
                    let halves = vec![(x, y), (x + 20, y)];
                    DashedPathElement::new(halves, 7, 5, color.stroke_width(1)).into_dyn()
                }
                Shape::Band(_) => {
                    Rectangle::new([(x, y - 5), (x + 20, y + 5)], color.mix(0.18).filled())
                        .into_dyn()
                }
            });
        }
        chart
            .configure_series_labels()
            .position(self.emptiest_corner(right, up))
            .background_style(GROUND.mix(0.8))
            .label_font(font(13))
            .draw()?;
        root.present()
    }

    /// Where the legend hides least of what there is to see.
    fn emptiest_corner(&self, right: impl Fn(f64) -> f64, up: impl Fn(f64) -> f64) -> Corner {
        // As a share of the chart that is about what three lines of legend take.
        let (wide, tall) = (0.45, 0.3);
        let corners = [
            (Corner::UpperLeft, 0.0, 1.0),
            (Corner::UpperRight, 1.0, 1.0),
            (Corner::LowerRight, 1.0, 0.0),
            (Corner::LowerLeft, 0.0, 0.0),
        ];
        let hidden = |across: f64, upwards: f64| {
            let places = self
                .marks
                .iter()
                .flat_map(|mark| mark.x.iter().copied().zip(mark.y.iter().copied()));
            let near = |(x, y): &(f64, f64)| {
                (right(*x) - across).abs() < wide && (up(*y) - upwards).abs() < tall
            };
            places.filter(near).count()
        };
        let least = corners.into_iter().min_by_key(|(_, across, up)| hidden(*across, *up));
        least.map_or(Corner::UpperLeft, |(corner, ..)| corner)
    }

    /// Puts what a reader of the page needs into the first tag.
    fn finish(&self, drawn: &str) -> String {
        let (_, inside) = drawn.split_once('>').unwrap_or(("", drawn));
        let (width, height) = self.size;
        let label = escape(&format!("{}: {} over {}", self.title, self.y.label, self.x.label));
        format!(
            "<svg class=\"manycore\" role=\"img\" aria-label=\"{label}\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             style=\"max-width:100%;height:auto\" xmlns=\"http://www.w3.org/2000/svg\">{}{inside}",
            dark_style()
        )
    }
}

/// What an axis shows: all values and a little air, from 0 where its steps add.
fn range(values: impl Iterator<Item = f64>, log: bool) -> Range<f64> {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if log {
        let air = (high / low).powf(0.05).max(1.2);
        return low / air..high * air;
    }
    let air = if high > low.min(0.0) { (high - low.min(0.0)) * 0.06 } else { 1.0 };
    (if low < 0.0 { low - air } else { 0.0 })..high.max(0.0) + air
}

/// An axis whose numbers are 1, 10, 100, or 1, 2, 5, 10 where there are few of these.
fn logarithmic(range: Range<f64>) -> WithKeyPoints<LogCoord<f64>> {
    let (low, high) = (range.start, range.end);
    let steps: &[f64] = if high / low < 300.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let numbers = powers.flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
    let seen: Vec<f64> = numbers.filter(|number| (low..=high).contains(number)).collect();
    range.log_scale().with_key_points(seen)
}

/// How far along its axis a value is, from 0 to 1.
fn share(range: &Range<f64>, log: bool) -> impl Fn(f64) -> f64 + use<> {
    let place = move |value: f64| if log { value.ln() } else { value };
    let (low, high) = (place(range.start), place(range.end));
    move |value| (place(value) - low) / (high - low)
}

/// A number as an axis writes it, with the prefixes that its readers know.
fn write_number(value: f64, unit: Unit) -> String {
    const SMALL: [(f64, &str); 3] = [(1.0, " s"), (1e-3, " ms"), (1e-6, " µs")];
    const LARGE: [(f64, &str); 5] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];
    let size = value.abs();
    let (scale, name) = match unit {
        _ if size == 0.0 => (1.0, ""),
        Unit::Seconds => {
            SMALL.into_iter().find(|(scale, _)| size >= *scale).unwrap_or((1e-9, " ns"))
        }
        // Up to 10,000 a number is easier to read than its prefix.
        Unit::Number if size < 1e4 => (1.0, ""),
        Unit::Number => LARGE.into_iter().find(|(scale, _)| size >= *scale).unwrap_or((1.0, "")),
    };
    let scaled = value / scale;
    let digits = (2.0 - scaled.abs().log10().floor()).clamp(0.0, 9.0) as usize;
    let digits = if scaled == 0.0 { 0 } else { digits };
    let written = format!("{scaled:.digits$}");
    let short = if written.contains('.') {
        written.trim_end_matches('0').trim_end_matches('.')
    } else {
        &written
    };
    format!("{short}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(marks: Vec<Mark>) -> Chart {
        let (x, y) = (Axis::new("cores"), Axis::new("times as fast"));
        Chart { title: "a < b & c".to_owned(), x, y, marks, size: (720, 420) }
    }

    fn mark(shape: Shape, x: &[f64], y: &[f64]) -> Mark {
        let name = "measured".to_owned();
        Mark { name, ink: Ink::Measured, shape, x: x.to_vec(), y: y.to_vec() }
    }

    #[test]
    fn each_shape_is_drawn_in_its_ink() {
        let (x, y) = ([1.0, 2.0, 4.0], [1.0, 1.9, 3.3]);
        let upper = vec![1.2, 2.1, 3.9];
        let names = ["one", "", "four"].map(str::to_owned).to_vec();
        for (shape, element) in [
            (Shape::Points, "<circle"),
            (Shape::Line, "<polyline"),
            (Shape::Dashed, "<polyline"),
            (Shape::Band(upper), "<polygon"),
            (Shape::Labels(names), "four"),
        ] {
            let svg = chart(vec![mark(shape, &x, &y)]).svg().unwrap();
            assert!(svg.contains(element), "{svg}");
            assert!(svg.contains("#0072B2"), "{svg}");
            assert!(svg.contains("a &lt; b &amp; c"), "{svg}");
            assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
        }
    }

    #[test]
    fn a_picture_asks_for_nothing_from_elsewhere() {
        let svg = chart(vec![mark(Shape::Line, &[1.0, 2.0], &[1.0, 2.0])]).svg().unwrap();
        let links = svg.matches("http").count();
        assert_eq!(links, 1, "the namespace only: {svg}");
    }

    #[test]
    fn logarithmic_axes_take_numbers_above_nothing_only() {
        let mut chart = chart(vec![mark(Shape::Line, &[10.0, 1e6], &[1e-3, 5.0])]);
        (chart.x.log, chart.y.log, chart.y.unit) = (true, true, Unit::Seconds);
        assert!(chart.svg().unwrap().contains("100 ms"));
        chart.marks[0].y[1] = 0.0;
        let error = chart.svg().unwrap_err().to_string();
        assert!(error.contains("'measured' has the value 0"), "{error}");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(chart(vec![]).svg(), Err(Unfit::Empty));
        assert_eq!(chart(vec![mark(Shape::Line, &[], &[])]).svg(), Err(Unfit::Empty));
        let error = chart(vec![mark(Shape::Points, &[1.0, 2.0], &[1.0])]).svg().unwrap_err();
        assert_eq!(error, Unfit::Lengths { name: "measured".to_owned(), x: 2, y: 1 });
        let error = chart(vec![mark(Shape::Points, &[1.0], &[f64::NAN])]).svg().unwrap_err();
        assert!(matches!(error, Unfit::Place { .. }), "{error}");
    }

    #[test]
    fn a_single_point_and_equal_values_still_have_an_axis() {
        for y in [0.0, 5.0, -3.0] {
            assert!(chart(vec![mark(Shape::Points, &[1.0], &[y])]).svg().is_ok(), "{y}");
        }
        let mut flat = chart(vec![mark(Shape::Points, &[4.0], &[2.0])]);
        (flat.x.log, flat.y.log) = (true, true);
        assert!(flat.svg().is_ok());
    }

    #[test]
    fn numbers_are_short() {
        let number = |value| write_number(value, Unit::Number);
        assert_eq!([0.0, 1.0, 0.5, 2500.0].map(number), ["0", "1", "0.5", "2500"]);
        assert_eq!([1e4, 2.5e6, 1e9, 0.001].map(number), ["10k", "2.5M", "1G", "0.001"]);
        let seconds = |value| write_number(value, Unit::Seconds);
        assert_eq!([2.0, 0.25, 3e-5, 4e-9].map(seconds), ["2 s", "250 ms", "30 µs", "4 ns"]);
        assert_eq!(write_number(100.0, Unit::Number), "100");
    }
}
