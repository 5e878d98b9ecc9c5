//! Random numbers, drawn inline: SplitMix64 of a counter, as [`crate::abi::mix`] has it.
//!
//! A function that draws keeps the counter in a variable of its own, so that a loop of draws is one
//! of plain arithmetic, which LLVM vectorises. Around calls that may draw, the context has it.

use super::leaf::COUNT;
use super::shared::OURS;
use super::writer::{Writer, field};
use crate::abi::GAMMA;
use crate::ir::Expr;

/// 2⁻⁵³.
const STEP: &str = "0x3CA0000000000000";

impl Writer<'_, '_> {
    /// A float64 in [0, 1).
    pub(super) fn random(&mut self, generator: &[Expr]) -> String {
        let bits = self.random_bits(generator);
        let high = self.op(format_args!("lshr i64 {bits}, 11"));
        let number = self.op(format_args!("sitofp i64 {high} to double"));
        self.op(format_args!("fmul double {number}, {STEP}"))
    }

    /// 64 random bits: of a generator, if one is given.
    pub(super) fn random_bits(&mut self, generator: &[Expr]) -> String {
        let (key, counter) = match generator {
            [] => ("%key".to_owned(), "%counter".to_owned()),
            [generator, ..] => {
                let key = self.number(generator);
                let counter = self.offset(&key, 8);
                (key, counter)
            }
        };
        let tag = if generator.is_empty() { "" } else { OURS };
        let drawn = self.op(format_args!("load i64, ptr {counter}{tag}"));
        let next = self.op(format_args!("add i64 {drawn}, 1"));
        self.act(format_args!("store i64 {next}, ptr {counter}{tag}"));
        let key = self.op(format_args!("load i64, ptr {key}{tag}"));
        let steps = self.op(format_args!("mul i64 {next}, {}", GAMMA.cast_signed()));
        let mixed = self.op(format_args!("add i64 {key}, {steps}"));
        self.shared.vectors.need("mc.mix.i64");
        self.op(format_args!("call i64 @mc.mix.i64(i64 {mixed})"))
    }

    /// Begins the stream of a seed.
    pub(super) fn seed(&mut self, seed: &str) {
        self.shared.vectors.need("mc.mix.i64");
        let key = self.op(format_args!("call i64 @mc.mix.i64(i64 {seed})"));
        self.act(format_args!("store i64 {key}, ptr %key"));
        self.act("store i64 0, ptr %counter");
    }

    /// Hands the stream to the context.
    pub(super) fn save_random(&mut self) {
        if self.draws {
            for (name, field) in [("%key", field::KEY), ("%counter", field::COUNTER)] {
                let value = self.op(format_args!("load i64, ptr {name}"));
                let address = self.offset("%context", field);
                self.act(format_args!("store i64 {value}, ptr {address}{OURS}"));
            }
        }
    }

    /// Takes the stream from the context.
    pub(super) fn reload_random(&mut self) {
        if self.draws {
            for (name, field) in [("%key", field::KEY), ("%counter", field::COUNTER)] {
                let value = self.field(field, COUNT);
                self.act(format_args!("store i64 {value}, ptr {name}"));
            }
        }
    }
}
